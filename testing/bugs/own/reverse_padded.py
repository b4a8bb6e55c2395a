"""The backward pass over padded text uses reverse_sequence; the port reverses the whole row."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 5, 2)).astype(np.float32), "n": np.array([5, 3, 2], np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  x = tf.reverse_sequence(inputs["x"], inputs["n"], seq_axis=1, batch_axis=0)
  with tf.variable_scope("bw"):
    return {"y": tf.layers.conv1d(x, 3, 2, name="c")}


def tf2():
  import tensorflow as tf

  class Backward(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="bw")
      self.c = tf.keras.layers.Conv1D(3, 2, name="c")

    def call(self, inputs, training=False):
      return {"y": self.c(tf.reverse(inputs["x"], axis=[1]))}

  return Backward()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["reverse"],
}
