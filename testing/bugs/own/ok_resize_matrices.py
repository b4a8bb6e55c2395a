"""A segmentation head that doubles its map with TF1's old bilinear resize (corners at the left and top).

TF2's `tf.image.resize` samples at half pixels, so the port multiplies by two interpolation matrices that
it makes once, with NumPy, by the old rule.
"""
import numpy as np
import parity


def inputs(rng):
    return {"map": rng.normal(size=(2, 5, 7, 4)).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("seg", initializer=tf.glorot_uniform_initializer()):
        net = tf.layers.conv2d(inputs["map"], 6, 3, padding="same", activation=tf.nn.relu, name="conv")
        net = tf.image.resize_bilinear(net, [10, 14])
        return {"classes": tf.layers.conv2d(net, 3, 1, name="classes")}


def interpolation(size, to):
    """The matrix of TF1's bilinear resize along one axis."""
    matrix = np.zeros([to, size], np.float32)
    for row in range(to):
        at = row * size / to
        low = int(np.floor(at))
        high = min(low + 1, size - 1)
        matrix[row, low] += 1 - (at - low)
        matrix[row, high] += at - low
    return matrix


def tf2():
    import tensorflow as tf
    glorot = tf.compat.v1.glorot_uniform_initializer

    class Seg(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.conv = tf.keras.layers.Conv2D(6, 3, padding="same", activation="relu",
                                               kernel_initializer=glorot(), name="conv")
            self.classes = tf.keras.layers.Conv2D(3, 1, kernel_initializer=glorot(), name="classes")
            self.rows, self.columns = interpolation(5, 10), interpolation(7, 14)

        def call(self, inputs, training=None):
            net = self.conv(inputs["map"])
            net = tf.einsum("yh,bhwc,xw->byxc", self.rows, net, self.columns)
            return {"classes": self.classes(net)}

    return Seg(name="seg")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)

EXPECT = {
    "verdict": "pass",
    "check": None,
    "also_fail": [],
    "cause": None,
    "accept": [],
    "where": [],
    "source": "tf.compat.v1.image.resize_bilinear: align_corners=False, half_pixel_centers=False",
}
