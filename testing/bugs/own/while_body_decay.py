"""A filter written as a while loop, whose body decays by 0.8 where tf1 decays by 0.9."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 5, name="fc")

    def body(step, state):
      return step + 1, tf.tanh(0.9 * state + net)

    _, state = tf.while_loop(
      lambda step, _: step < 4, body, [tf.constant(0), tf.zeros_like(net)]
    )
    return {"y": state}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(5, name="fc")

    def call(self, inputs, training=False):
      net = self.fc(inputs["x"])

      def body(step, state):
        return step + 1, tf.tanh(0.8 * state + net)

      _, state = tf.while_loop(
        lambda step, _: step < 4, body, [tf.constant(0), tf.zeros_like(net)]
      )
      return {"y": state}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "fail",
 "check": "constant_weights",
 "also_fail": ["random_inference", "random_training", "random_functional"],
 "cause": "constant",
 "accept": [],
 "where": ["0.9", "0.8"]}
