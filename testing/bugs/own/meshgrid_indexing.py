"""A CoordConv net for finding a marker: the coordinates of each pixel are two more channels.

TF1 made the grid with `indexing="ij"`. The port leaves it out, and on a square image nothing complains:
the two coordinates change places.
"""
import numpy as np
import parity


def inputs(rng):
    return {"images": rng.normal(size=(2, 7, 7, 2)).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("finder", initializer=tf.variance_scaling_initializer()):
        ys, xs = tf.meshgrid(tf.linspace(-1.0, 1.0, 7), tf.linspace(-1.0, 1.0, 7), indexing="ij")
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
            height, width = inputs["images"].shape[1:3]
            ys, xs = tf.meshgrid(tf.linspace(-1.0, 1.0, height), tf.linspace(-1.0, 1.0, width))
            grid = tf.tile(tf.stack([ys, xs], -1)[None], [2, 1, 1, 1])
            net = self.coord(tf.concat([inputs["images"], grid], -1))
            return {"heat": self.heat(net)[..., 0]}

    return Finder(name="finder")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)

EXPECT = {
    "verdict": "fail",
    "check": "random_inference",
    "also_fail": ["random_training", "random_functional"],
    "cause": "op_structure",
    "accept": ["constant", "op_attribute"],
    "where": ["meshgrid", "stack", "grid"],
    "source": "https://www.tensorflow.org/api_docs/python/tf/meshgrid (indexing='xy')",
}
