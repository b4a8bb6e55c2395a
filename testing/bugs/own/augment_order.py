"""Augmentation inside the model: flip, then crop in TF1; crop, then flip in the port."""
import numpy as np
import parity


def inputs(rng):
  return {"image": rng.uniform(size=(8, 8, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  image = inputs["image"]
  if training:
    image = tf.image.random_flip_left_right(image)
    image = tf.random_crop(image, [6, 6, 3])
  else:
    image = tf.image.resize_image_with_crop_or_pad(image, 6, 6)
  return {"map": tf.layers.conv2d(image[None], 2, 3, name="stem")}


def tf2():
  import tensorflow as tf

  class Net(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.stem = tf.keras.layers.Conv2D(2, 3, name="stem")

    def call(self, inputs, training=False):
      image = inputs["image"]
      if training:
        image = tf.image.random_crop(image, [6, 6, 3])
        image = tf.image.random_flip_left_right(image)
      else:
        image = tf.image.resize_with_crop_or_pad(image, 6, 6)
      return {"map": self.stem(image[tf.newaxis])}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.replace("outer/", ""))
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "random_order",
  "accept": ["random_op"],
  "where": ["crop", "flip", "random_uniform", "RandomUniform"],
}
