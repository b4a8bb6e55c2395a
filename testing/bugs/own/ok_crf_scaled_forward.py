"""The log-partition of a CRF: log-sum-exp at each step in TF1, probabilities that are scaled to sum
to one in the port; with the loss and its gradients."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 6, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("crf"):
    unary = tf.layers.dense(inputs["x"], 4, name="unary")
    transitions = tf.get_variable("transitions", [4, 4])

    def step(alphas, emission):
      return emission + tf.reduce_logsumexp(alphas[:, :, None] + transitions[None], 1)

    rest = tf.transpose(unary[:, 1:], [1, 0, 2])
    alphas = tf.scan(step, rest, initializer=unary[:, 0])
    return {"log_norm": tf.reduce_logsumexp(alphas[-1], 1)}


def tf2():
  import tensorflow as tf

  class Crf(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="crf")
      self.unary = tf.keras.layers.Dense(4, name="unary")

    def build(self, shapes):
      with tf.name_scope("unary"):
        self.unary.build([None, None, 4])
      self.transitions = self.add_weight(
        name="transitions", shape=[4, 4], initializer="glorot_uniform"
      )

    def call(self, inputs, training=False):
      potentials = tf.exp(self.unary(inputs["x"]))
      moves = tf.exp(self.transitions)
      belief, log_norm = potentials[:, 0], 0.0
      for t in range(6):
        if t:
          belief = potentials[:, t] * (belief @ moves)
        scale = tf.reduce_sum(belief, axis=1, keepdims=True)
        log_norm += tf.math.log(scale[:, 0])
        belief /= scale
      return {"log_norm": log_norm}

  return Crf()


def loss(outputs, inputs):
  import tensorflow as tf

  return tf.reduce_sum(outputs["log_norm"])


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
