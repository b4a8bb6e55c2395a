"""Sums over 2048 bright pixels in another order, then crop_and_resize and local response normalisation,
which have no kernel for double precision: rounding, beyond the tolerance, and provable."""
import numpy as np
import parity


def inputs(rng):
  corners = rng.uniform(0, 0.4, size=(3, 2))
  return {
    "image": rng.uniform(0, 255, size=(1, 6, 6, 2048)).astype(np.float32),
    "boxes": np.concatenate([corners, corners + 0.5], 1).astype(np.float32),
  }


def head(tf, net, boxes):
  rois = tf.image.crop_and_resize(net, boxes, [0, 0, 0], [3, 3])
  return {"rois": tf.nn.lrn(rois, 1, 1.0, 1e-6, 0.75), "mean": tf.reduce_mean(rois, [1, 2])}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("head"):
    net = tf.layers.conv2d(inputs["image"], 4, 1, use_bias=False, name="squeeze")
  return head(tf, net, inputs["boxes"])


def tf2():
  import tensorflow as tf

  class Head(tf.Module):
    def __init__(self):
      super().__init__()
      init = tf.compat.v1.glorot_uniform_initializer()
      self.kernel = tf.Variable(init([1, 1, 2048, 4]), name="head/squeeze/kernel")

    def __call__(self, inputs, training=False):
      parts = zip(tf.split(inputs["image"], 8, 3), tf.split(self.kernel, 8, 2))
      net = tf.add_n([tf.einsum("bhwi,io->bhwo", x, k[0, 0]) for x, k in parts])
      return head(tf, net, inputs["boxes"])

  return Head()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": "rounding", "accept": [], "where": []}
