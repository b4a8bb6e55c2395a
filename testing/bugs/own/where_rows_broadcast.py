"""A hand-written recurrent cell keeps the state of utterances that are over. TF1's tf.where takes a
vector of conditions by rows; TF2's broadcasts it over columns, and batch and units are both four."""
import numpy as np
import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(4, 5, 3)).astype(np.float32),
    "lengths": np.array([5, 2, 3, 1], np.int32),
  }


def step_over(tf, inputs, kernel, bias, where):
  state = tf.zeros([4, 4])
  for t in range(5):
    joint = tf.concat([inputs["x"][:, t], state], 1)
    new = tf.tanh(tf.matmul(joint, kernel) + bias)
    state = where(t < inputs["lengths"], new, state)
  return {"state": state}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("cell"):
    kernel = tf.get_variable("kernel", [7, 4])
    bias = tf.get_variable("bias", [4], initializer=tf.zeros_initializer())
  return step_over(tf, inputs, kernel, bias, tf.where)


def tf2():
  import tensorflow as tf

  class Cell(tf.Module):
    def __init__(self):
      super().__init__(name="cell")
      init = tf.compat.v1.glorot_uniform_initializer()
      self.kernel = tf.Variable(init([7, 4]), name="cell/kernel")
      self.bias = tf.Variable(tf.zeros([4]), name="cell/bias")

    def __call__(self, inputs, training=False):
      return step_over(tf, inputs, self.kernel, self.bias, tf.where)

  return Cell()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training"],
  "cause": "op_structure",
  "accept": ["op_attribute", "constant"],
  "where": ["select", "where"],
}
