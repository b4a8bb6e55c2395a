"""Dilated patches for a texture bank: rates=[1, 2, 2, 1] in extract_image_patches; the port
calls tf.image.extract_patches and leaves the rates at one, with a smaller size that fits."""
import numpy as np
import parity


def inputs(rng):
  return {"image": rng.normal(size=(2, 8, 8, 1)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  patches = tf.extract_image_patches(
    inputs["image"], ksizes=[1, 3, 3, 1], strides=[1, 2, 2, 1], rates=[1, 2, 2, 1],
    padding="SAME")
  with tf.variable_scope("bank"):
    return {"codes": tf.layers.dense(patches, 4, name="proj")}


def tf2():
  import tensorflow as tf
  import tensorflow.compat.v1 as v1

  class Bank(tf.keras.layers.Layer):
    @v1.keras.utils.track_tf1_style_variables
    def call(self, inputs, training=None):
      patches = tf.image.extract_patches(
        inputs["image"], sizes=[1, 3, 3, 1], strides=[1, 2, 2, 1], rates=[1, 1, 1, 1],
        padding="SAME")
      with v1.variable_scope("bank"):
        return {"codes": v1.layers.dense(patches, 4, name="proj")}

  return Bank(name="port")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_attribute",
  "accept": [],
  "where": ["rates", "patches"],
}
