"""Picking a step of each sequence: gather_nd over (row, step) in TF1; tf.gather with
batch_dims forgotten takes other rows of the batch."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 4, 3)).astype(np.float32),
          "step": np.array([2, 0, 3, 1], np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  where = tf.stack([tf.range(4), inputs["step"]], axis=1)
  return {"y": tf.layers.dense(tf.gather_nd(inputs["x"], where), 2, name="fc")}


def tf2():
  import tensorflow as tf

  class Pick(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.fc = tf.keras.layers.Dense(2, name="fc")

    def call(self, inputs, training=False):
      picked = tf.gather(inputs["x"], inputs["step"], axis=1)
      return {"y": self.fc(picked[:, 0])}

  return Pick()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.replace("outer/", ""))
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["op_attribute", "constant"],
  "where": ["gather"],
}
