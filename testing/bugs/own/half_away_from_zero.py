"""Levels by tf.round, which takes halves to even; the port takes floor(x + 0.5)."""
import numpy as np
import parity


def inputs(rng):
  return {"x": (rng.randint(-8, 9, size=(4, 5)) / 2).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  return {"y": tf.layers.dense(tf.round(inputs["x"]), 3, name="fc")}


def tf2():
  import tensorflow as tf

  class Net(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.fc = tf.keras.layers.Dense(3, name="fc")

    def call(self, inputs, training=False):
      return {"y": self.fc(tf.floor(inputs["x"] + 0.5))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.split("outer/")[-1])
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["round", "floor", "add"],
}
