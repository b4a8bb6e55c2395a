"""per_image_standardization guards images of one colour; the port's formula does not, and
one image of the batch is blank."""
import numpy as np
import parity


def inputs(rng):
  images = rng.uniform(size=(3, 6, 6, 3)).astype(np.float32)
  images[1] = 0.5
  return {"images": images}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  x = tf.map_fn(tf.image.per_image_standardization, inputs["images"])
  return {"y": tf.layers.conv2d(x, 2, 3, strides=3, name="conv")}


def tf2():
  import tensorflow as tf

  class Net(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.conv = tf.keras.layers.Conv2D(2, 3, strides=3, name="conv")

    def call(self, inputs, training=False):
      x = inputs["images"]
      mean = tf.reduce_mean(x, [1, 2, 3], keepdims=True)
      std = tf.math.reduce_std(x, [1, 2, 3], keepdims=True)
      return {"y": self.conv((x - mean) / std)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.replace("outer/", ""))
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["maximum", "realdiv", "truediv", "std"],
}
