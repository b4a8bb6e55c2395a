"""A U-Net with valid convolutions: TF1 crops the middle of the skip, the port its upper left corner."""
import numpy as np
import parity


def inputs(rng):
  return {"image": rng.normal(size=(2, 12, 12, 2)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  def conv(net, width, name):
    return tf.layers.conv2d(net, width, 3, activation=tf.nn.relu, name=name)

  def crop_and_concat(skip, net):
    _, h, w, _ = skip.shape.as_list()
    _, height, width, _ = net.shape.as_list()
    begin = [0, (h - height) // 2, (w - width) // 2, 0]
    skip = tf.slice(skip, begin, [-1, height, width, -1])
    return tf.concat([skip, net], 3)

  with tf.variable_scope("unet"):
    skip = conv(inputs["image"], 4, "down1")
    net = conv(tf.layers.max_pooling2d(skip, 2, 2), 6, "down2")
    net = tf.layers.conv2d_transpose(net, 4, 2, strides=2, name="up1")
    merged = crop_and_concat(skip, net)
    return {"merged": merged, "mask": tf.layers.conv2d(conv(merged, 4, "up2"), 2, 1, name="mask")}


def tf2():
  import tensorflow as tf

  keras = tf.keras.layers

  class Unet(keras.Layer):
    def __init__(self):
      super().__init__(name="unet")
      self.down1 = keras.Conv2D(4, 3, activation="relu", name="down1")
      self.pool = keras.MaxPool2D(2)
      self.down2 = keras.Conv2D(6, 3, activation="relu", name="down2")
      self.up1 = keras.Conv2DTranspose(4, 2, strides=2, name="up1")
      self.up2 = keras.Conv2D(4, 3, activation="relu", name="up2")
      self.mask = keras.Conv2D(2, 1, name="mask")

    def call(self, inputs, training=False):
      skip = self.down1(inputs["image"])
      net = self.up1(self.down2(self.pool(skip)))
      merged = tf.concat([skip[:, : net.shape[1], : net.shape[2]], net], -1)
      return {"merged": merged, "mask": self.mask(self.up2(merged))}

  return Unet()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "constant",
  "accept": ["op_structure", "op_attribute"],
  "where": ["slice"],
}
