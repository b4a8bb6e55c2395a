"""A dueling head subtracts each state's mean advantage; the port the mean over the whole batch."""
import numpy as np
import parity


def inputs(rng):
  return {"s": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("q"):
    value = tf.layers.dense(inputs["s"], 1, name="value")
    adv = tf.layers.dense(inputs["s"], 3, name="adv")
    return {"q": value + adv - tf.reduce_mean(adv, axis=1, keepdims=True)}


def tf2():
  import tensorflow as tf
  layers = tf.keras.layers

  class Dueling(layers.Layer):
    def __init__(self):
      super().__init__(name="q")
      self.value, self.adv = layers.Dense(1, name="value"), layers.Dense(3, name="adv")

    def call(self, inputs, training=False):
      adv = self.adv(inputs["s"])
      return {"q": self.value(inputs["s"]) + adv - tf.reduce_mean(adv)}

  return Dueling()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "constant",
  "accept": ["op_attribute", "op_structure"],
  "where": ["mean"],
}
