"""A sum in another order rounds beyond a tight tolerance, beside batch norm over a matrix in training,
whose scale and moving variance both start from ones."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(8, 300)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    w = tf.get_variable("w", [300], initializer=tf.glorot_uniform_initializer())
    score = tf.reduce_sum(inputs["x"] * w, axis=1)
    scaled = tf.layers.batch_normalization(inputs["x"], training=training, momentum=0.9, name="bn")
  return {"score": score, "scaled": scaled}


def tf2():
  import tensorflow as tf

  class Net(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.bn = tf.keras.layers.BatchNormalization(momentum=0.9, name="bn")

    def build(self, shape):
      init = tf.compat.v1.glorot_uniform_initializer()
      self.w = self.add_weight(name="w", shape=[300], initializer=init)

    def call(self, inputs, training=False):
      score = tf.linalg.matvec(inputs["x"], self.w)
      return {"score": score, "scaled": self.bn(inputs["x"], training=training)}

  return Net()


TOLERANCE = {"*": parity.Tolerance(), "score": parity.Tolerance(0.0, 1e-9)}
CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, tolerance=TOLERANCE)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": "rounding", "accept": [], "where": []}
