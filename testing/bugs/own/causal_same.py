"""A WaveNet-like stack pads on the left by hand; the Keras rewrite says padding="same",
which looks into the future."""
import numpy as np
import parity


def inputs(rng):
  return {"wave": rng.normal(size=(2, 12, 1)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  def causal(x, filters, rate, name):
    x = tf.pad(x, [[0, 0], [2 * rate, 0], [0, 0]])
    return tf.layers.conv1d(x, filters, 3, dilation_rate=rate, padding="valid", name=name)

  with tf.variable_scope("wavenet"):
    net = tf.tanh(causal(inputs["wave"], 6, 1, "c1"))
    return {"logits": causal(net, 4, 2, "c2")}


def tf2():
  import tensorflow as tf
  layers = tf.keras.layers

  class WaveNet(layers.Layer):
    def __init__(self):
      super().__init__(name="wavenet")
      self.c1 = layers.Conv1D(6, 3, padding="causal", activation="tanh", name="c1")
      self.c2 = layers.Conv1D(4, 3, dilation_rate=2, padding="same", name="c2")

    def call(self, inputs, training=False):
      return {"logits": self.c2(self.c1(inputs["wave"]))}

  return WaveNet()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["op_attribute", "constant"],
  "where": ["pad", "c2"],
}
