"""Augmentation: random_brightness with max_delta 32 / 255 on unit images; the port kept 32."""
import numpy as np
import parity


def inputs(rng):
  return {"image": rng.uniform(size=(2, 6, 6, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  image = inputs["image"]
  if training:
    image = tf.image.random_brightness(image, 32.0 / 255.0)
  with tf.variable_scope("net"):
    return {"y": tf.layers.conv2d(image, 4, 3, name="conv")}


def tf2():
  import tensorflow as tf

  class Net(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.conv = tf.keras.layers.Conv2D(4, 3, name="conv")

    def call(self, inputs, training=False):
      image = inputs["image"]
      if training:
        image = tf.image.random_brightness(image, 32.0)
      return {"y": self.conv(image)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "constant",
  "accept": ["random_op"],
  "where": ["random_uniform", "mul", "sub", "brightness"],
}
