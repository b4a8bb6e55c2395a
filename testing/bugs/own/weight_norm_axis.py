"""Weight normalisation: the norm of each output column in TF1, of each input row in the port;
the kernel is square."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("wn"):
    v = tf.get_variable("v", [6, 6])
    g = tf.get_variable("g", [6], initializer=tf.ones_initializer())
    return {"y": tf.matmul(inputs["x"], g * tf.nn.l2_normalize(v, [0]))}


def tf2():
  import tensorflow as tf

  class Wn(tf.Module):
    def __init__(self):
      super().__init__()
      self.v = tf.Variable(tf.compat.v1.glorot_uniform_initializer()([6, 6]), name="wn/v")
      self.g = tf.Variable(tf.ones([6]), name="wn/g")

    def __call__(self, inputs, training=False):
      return {"y": inputs["x"] @ (self.g * self.v / tf.norm(self.v, axis=1, keepdims=True))}

  return Wn()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training"],
  "cause": "constant",
  "accept": ["op_structure"],
  "where": ["sum", "norm"],
}
