"""The encoder's last step was taken by outputs[:, -1]; the port of a reversed sequence takes
[:, 0]."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 6, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("tcn"):
    net = tf.layers.conv1d(inputs["x"], 5, 3, padding="same", activation=tf.nn.relu, name="c")
    return {"y": tf.layers.dense(net[:, -1], 2, name="fc")}


def tf2():
  import tensorflow as tf
  layers = tf.keras.layers

  net = tf.keras.Sequential([
    layers.Conv1D(5, 3, padding="same", activation="relu", name="tcn/c"),
    layers.Lambda(lambda x: x[:, 0]),
    layers.Dense(2, name="tcn/fc"),
  ])

  class Tcn(layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.net = net

    def call(self, inputs, training=False):
      return {"y": self.net(inputs["x"])}

  return Tcn()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.split("outer/")[-1])
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "constant",
  "accept": ["op_structure", "op_attribute"],
  "where": ["stridedslice", "strided_slice", "getitem"],
}
