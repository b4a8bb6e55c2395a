"""A hazard model: survival is the exclusive cumulative product of 1 - hazard; the port's
cumprod includes the present step."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  hazard = tf.layers.dense(inputs["x"], 5, tf.nn.sigmoid, name="hazard")
  survival = tf.cumprod(1.0 - hazard, axis=1, exclusive=True)
  return {"event": hazard * survival}


def tf2():
  import tensorflow as tf

  inner = tf.keras.Sequential([tf.keras.layers.Dense(5, "sigmoid", name="hazard")])

  class Hazard(tf.keras.Model):
    def __init__(self):
      super().__init__()
      self.inner = inner

    def call(self, inputs, training=False):
      hazard = self.inner(inputs["x"], training=training)
      return {"event": hazard * tf.math.cumprod(1.0 - hazard, axis=-1)}

  return Hazard()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name[name.index("hazard/"):] if "hazard/" in name else name)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_attribute",
  "accept": ["op_structure"],
  "where": ["exclusive", "cumprod"],
}
