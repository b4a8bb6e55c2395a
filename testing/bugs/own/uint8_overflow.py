"""Two exposures are added and halved: TF1 casts first, the port adds the uint8 images."""
import numpy as np
import parity


def inputs(rng):
  return {"a": rng.randint(0, 256, size=(2, 4, 4, 1)).astype(np.uint8),
          "b": rng.randint(0, 256, size=(2, 4, 4, 1)).astype(np.uint8)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  mean = (tf.to_float(inputs["a"]) + tf.to_float(inputs["b"])) / 2.0
  return {"map": tf.layers.conv2d(mean / 255.0, 3, 3, name="conv")}


def tf2():
  import tensorflow as tf

  class Exposure(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.conv = tf.keras.layers.Conv2D(3, 3, name="conv")

    def call(self, inputs, training=False):
      mean = tf.cast(inputs["a"] + inputs["b"], tf.float32) / 2.0
      return {"map": self.conv(mean / 255.0)}

  return Exposure()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.replace("outer/", ""))
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["precision"],
  "where": ["add", "cast", "tofloat"],
}
