"""rgb_to_grayscale weighs red, green and blue; the port takes their mean."""
import numpy as np
import parity


def inputs(rng):
  return {"rgb": rng.uniform(size=(2, 6, 6, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  gray = tf.image.rgb_to_grayscale(inputs["rgb"])
  return {"y": tf.layers.conv2d(gray, 4, 3, strides=2, name="conv")}


def tf2():
  import tensorflow as tf

  conv = tf.keras.layers.Conv2D(4, 3, strides=2, name="conv")

  class Gray(tf.keras.Model):
    def __init__(self):
      super().__init__(name="gray")
      self.conv = conv

    def call(self, inputs, training=False):
      return {"y": self.conv(tf.reduce_mean(inputs["rgb"], axis=-1, keepdims=True))}

  return Gray()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.split("gray/")[-1])
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["mean", "gray", "tensordot", "matmul"],
}
