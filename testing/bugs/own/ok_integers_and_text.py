"""Integer, boolean and text outputs that must agree exactly."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(4, 6)).astype(np.float32),
    "word": np.array([b"a", b"b", b"c", b"d"], object),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  logits = tf.layers.dense(inputs["x"], 5, name="fc")
  return {
    "best": tf.argmax(logits, 1),
    "sure": tf.reduce_max(logits, 1) > 0.5,
    "text": tf.string_join([inputs["word"], "!"]),
    "top": tf.nn.top_k(logits, 2)[1],
  }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.fc = layers.Dense(5, name="fc")

    def call(self, inputs, training=False):
      logits = self.fc(inputs["x"])
      order = tf.argsort(logits, direction="DESCENDING", stable=True)
      return {
        "best": tf.argmax(logits, 1),
        "sure": tf.reduce_max(logits, 1) > 0.5,
        "text": tf.strings.join([inputs["word"], "!"]),
        "top": order[:, :2],
      }

  return Net()


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  rename=lambda name: name.replace("outer/", ""),
  functional=False,
)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
