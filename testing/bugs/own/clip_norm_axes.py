"""Per-example clipping: clip_by_norm(x, 1, axes=[1]) lost its axes and clips by the norm of
the whole batch."""
import numpy as np
import parity


def inputs(rng):
  return {"delta": rng.normal(size=(4, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  clipped = tf.clip_by_norm(inputs["delta"], 1.0, axes=[1])
  return {"step": tf.layers.dense(clipped, 3, name="mix")}


def tf2():
  import tensorflow as tf

  class Step(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.mix = tf.keras.layers.Dense(3, name="mix")

    def call(self, inputs, training=False):
      return {"step": self.mix(tf.clip_by_norm(inputs["delta"], 1.0))}

  return Step()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.replace("outer/", ""))
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "constant",
  "accept": ["op_structure"],
  "where": ["clip_by_norm", "sum"],
}
