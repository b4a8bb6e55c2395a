"""A segmentation decoder: transposed convolution of window and stride two in TF1, a 1x1 convolution
and depth_to_space in the port, on the same kernel; then a legacy bilinear resize as two products."""
import numpy as np
import parity


def inputs(rng):
  return {"image": rng.normal(size=(2, 8, 8, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("seg"):
    net = tf.layers.conv2d(inputs["image"], 6, 3, 2, "same", activation=tf.nn.relu, name="down")
    net = tf.layers.conv2d_transpose(net, 4, 2, 2, activation=tf.nn.relu, name="up")
    net = tf.layers.conv2d(net, 2, 1, name="mask")
    return {"mask": tf.image.resize_bilinear(net, [16, 16])}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  def interpolation(size, target):
    places = np.arange(target) * (size / target)
    low = np.floor(places).astype(int)
    high = np.minimum(low + 1, size - 1)
    matrix = np.zeros([target, size])
    matrix[np.arange(target), low] += 1 - (places - low)
    matrix[np.arange(target), high] += places - low
    return tf.constant(matrix, tf.float32)

  class Seg(layers.Layer):
    def __init__(self):
      super().__init__(name="seg")
      self.down = layers.Conv2D(6, 3, 2, "same", activation="relu", name="down")
      self.up = layers.Conv2DTranspose(4, 2, 2, name="up")
      self.mask = layers.Conv2D(2, 1, name="mask")

    def build(self, shapes):
      for layer, channels in ((self.down, 3), (self.up, 6), (self.mask, 4)):
        with tf.name_scope(layer.name):
          layer.build([None, None, None, channels])

    def call(self, inputs, training=False):
      net = self.down(inputs["image"])
      kernel = tf.transpose(tf.convert_to_tensor(self.up.kernel), [3, 0, 1, 2])
      kernel = tf.reshape(kernel, [1, 1, 6, 16])
      net = tf.nn.depth_to_space(tf.nn.conv2d(net, kernel, 1, "VALID"), 2)
      net = self.mask(tf.nn.relu(net + self.up.bias))
      m = interpolation(8, 16)
      return {"mask": tf.einsum("ih,jw,bhwc->bijc", m, m, net)}

  return Seg()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
