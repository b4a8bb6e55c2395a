"""Quantisation-aware features: fake_quant with narrow_range=True; the port leaves it out."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.uniform(-1.2, 1.2, size=(4, 8)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  x = tf.fake_quant_with_min_max_args(inputs["x"], -1.0, 1.0, num_bits=4, narrow_range=True)
  return {"y": tf.layers.dense(x, 3, name="fc")}


def tf2():
  import tensorflow as tf

  class Quantised(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.fc = tf.keras.layers.Dense(3, name="fc")

    def call(self, inputs, training=False):
      x = tf.quantization.fake_quant_with_min_max_args(inputs["x"], -1.0, 1.0, num_bits=4)
      return {"y": self.fc(x)}

  return Quantised()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.replace("outer/", ""))
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_attribute",
  "accept": [],
  "where": ["narrow_range"],
}
