"""RBF features of the squared distance; the port takes tf.norm, the distance itself."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("rbf"):
    c = tf.get_variable("centres", [5, 3], initializer=tf.random_normal_initializer())
    d = tf.reduce_sum(tf.squared_difference(inputs["x"][:, None], c[None]), -1)
    return {"k": tf.exp(-0.5 * d)}


def tf2():
  import tensorflow as tf

  class Rbf(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="rbf")

    def build(self, shape):
      self.c = self.add_weight(
        name="centres", shape=[5, 3], initializer=tf.compat.v1.random_normal_initializer())

    def call(self, inputs, training=False):
      return {"k": tf.exp(-0.5 * tf.norm(inputs["x"][:, None] - self.c, axis=-1))}

  return Rbf()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["sqrt", "norm"],
}
