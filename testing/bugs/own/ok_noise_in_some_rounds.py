"""Noise only in some rounds of a loop: a cond in the graph, an if in the port."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(5, 2, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    weight = tf.get_variable("weight", [3])

  def body(place, total):
    step = inputs["x"][place] * weight
    if training:
      step += tf.random.uniform([2, 3], -0.1, 0.1)
      step = tf.cond(
        tf.equal(place % 2, 1),
        lambda: step + tf.random.normal([2, 3]),
        lambda: step,
      )
    return place + 1, total * 0.5 + step

  start = (tf.constant(0), tf.zeros([2, 3]))
  return {"y": tf.while_loop(lambda i, _: i < 5, body, start)[1]}


def tf2():
  import tensorflow as tf

  class Net(tf.Module):
    def __init__(self):
      super().__init__(name="net")
      init = tf.compat.v1.glorot_uniform_initializer()
      self.weight = tf.Variable(init([3]), name="net/weight")

    def __call__(self, inputs, training=False):
      total = tf.zeros([2, 3])
      for place in range(5):
        step = inputs["x"][place] * self.weight
        if training:
          step += tf.random.uniform([2, 3], -0.1, 0.1)
          if place % 2:
            step += tf.random.normal([2, 3])
        total = total * 0.5 + step
      return {"y": total}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
