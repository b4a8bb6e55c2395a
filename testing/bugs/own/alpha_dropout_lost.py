"""SELU network: contrib's alpha_dropout, by its formula, became plain Dropout."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(5, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("snn"):
    net = tf.layers.dense(inputs["x"], 8, tf.nn.selu, name="fc")
    if training:
      keep, alpha = 0.9, -1.7580993408473766
      kept = tf.cast(tf.random_uniform(tf.shape(net)) >= 1 - keep, tf.float32)
      net = net * kept + alpha * (1 - kept)
      scale = (keep + alpha ** 2 * keep * (1 - keep)) ** -0.5
      net = scale * net - scale * alpha * (1 - keep)
    return {"y": tf.layers.dense(net, 2, name="out")}


def tf2():
  import tensorflow as tf
  layers = tf.keras.layers

  class Snn(layers.Layer):
    def __init__(self):
      super().__init__(name="snn")
      self.fc = layers.Dense(8, "selu", name="fc")
      self.drop = layers.Dropout(0.1)
      self.out = layers.Dense(2, name="out")

    def call(self, inputs, training=False):
      return {"y": self.out(self.drop(self.fc(inputs["x"]), training=training))}

  return Snn()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "op_structure",
  "accept": ["constant", "random_op"],
  "where": ["dropout", "mul", "select", "cast"],
}
