"""A CoordConv net for finding a marker: the coordinates of each pixel are two more channels.

The port makes the grid without `tf.meshgrid`: two vectors from `tf.range`, broadcast to the image.
"""
import numpy as np
import parity


def inputs(rng):
    return {"images": rng.normal(size=(2, 7, 9, 2)).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("finder", initializer=tf.variance_scaling_initializer()):
        ys, xs = tf.meshgrid(tf.linspace(-1.0, 1.0, 7), tf.linspace(-1.0, 1.0, 9), indexing="ij")
        grid = tf.tile(tf.stack([ys, xs], -1)[None], [2, 1, 1, 1])
        net = tf.concat([inputs["images"], grid], -1)
        net = tf.layers.conv2d(net, 8, 3, padding="same", activation=tf.nn.relu, name="coord")
        heat = tf.layers.conv2d(net, 1, 1, name="heat")
        return {"heat": heat[..., 0]}


def tf2():
    import tensorflow as tf
    scaling = tf.compat.v1.variance_scaling_initializer

    class Finder(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.coord = tf.keras.layers.Conv2D(8, 3, padding="same", activation="relu",
                                                kernel_initializer=scaling(), name="coord")
            self.heat = tf.keras.layers.Conv2D(1, 1, kernel_initializer=scaling(), name="heat")

        def call(self, inputs, training=None):
            batch, height, width = inputs["images"].shape[:3]
            ys = tf.range(height, dtype=tf.float32) * (2.0 / (height - 1)) - 1.0
            xs = tf.range(width, dtype=tf.float32) * (2.0 / (width - 1)) - 1.0
            grid = [tf.broadcast_to(ys[None, :, None, None], [batch, height, width, 1]),
                    tf.broadcast_to(xs[None, None, :, None], [batch, height, width, 1])]
            net = self.coord(tf.concat([inputs["images"]] + grid, -1))
            return {"heat": self.heat(net)[..., 0]}

    return Finder(name="finder")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)

EXPECT = {
    "verdict": "pass",
    "check": None,
    "also_fail": [],
    "cause": None,
    "accept": [],
    "where": [],
    "source": "https://www.tensorflow.org/api_docs/python/tf/meshgrid",
}
