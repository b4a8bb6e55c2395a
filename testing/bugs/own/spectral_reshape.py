"""A GAN's critic with spectral normalisation: one step of power iteration from the kept vector.

TF1 flattens the kernel to [-1, channels]. The port wanted it the other way round and reshaped where it
should have transposed: [channels, -1] has the same size, and other rows.
"""
import numpy as np
import parity


def inputs(rng):
    return {"images": rng.normal(size=(3, 8, 8, 2)).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf

    def sn_conv(x, filters, scope):
        with tf.variable_scope(scope):
            w = tf.get_variable("kernel", [3, 3, x.shape.as_list()[-1], filters],
                                initializer=tf.random_normal_initializer(stddev=0.3))
            u = tf.get_variable("u", [1, filters], trainable=False,
                                initializer=tf.truncated_normal_initializer())
            flat = tf.reshape(w, [-1, filters])
            v = tf.nn.l2_normalize(tf.matmul(u, flat, transpose_b=True))
            new_u = tf.nn.l2_normalize(tf.matmul(v, flat))
            v, new_u = tf.stop_gradient(v), tf.stop_gradient(new_u)
            sigma = tf.matmul(tf.matmul(v, flat), new_u, transpose_b=True)
            if training:
                tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, tf.assign(u, new_u))
            b = tf.get_variable("bias", [filters], initializer=tf.zeros_initializer())
            return tf.nn.conv2d(x, w / sigma, [1, 2, 2, 1], "SAME") + b

    with tf.variable_scope("critic"):
        net = tf.nn.leaky_relu(sn_conv(inputs["images"], 4, "conv1"))
        net = tf.nn.leaky_relu(sn_conv(net, 6, "conv2"))
        return {"score": tf.reduce_sum(net, [1, 2, 3])}


def tf2():
    import tensorflow as tf
    v1 = tf.compat.v1

    class SpectralConv(tf.keras.layers.Layer):
        def __init__(self, filters, **kwargs):
            super().__init__(**kwargs)
            self.filters = filters

        def build(self, shape):
            self.kernel = self.add_weight(name="kernel", shape=[3, 3, shape[-1], self.filters],
                                          initializer=v1.random_normal_initializer(stddev=0.3))
            self.u = self.add_weight(name="u", shape=[1, self.filters], trainable=False,
                                     initializer=v1.truncated_normal_initializer())
            self.bias = self.add_weight(name="bias", shape=[self.filters], initializer="zeros")

        def call(self, x, training=None):
            flat = tf.reshape(self.kernel, [self.filters, -1])
            v = tf.nn.l2_normalize(self.u @ flat)
            u = tf.nn.l2_normalize(tf.matmul(v, flat, transpose_b=True))
            v, u = tf.stop_gradient(v), tf.stop_gradient(u)
            sigma = tf.matmul(u @ flat, v, transpose_b=True)
            if training:
                self.u.assign(u)
            return tf.nn.conv2d(x, self.kernel / sigma, 2, "SAME") + self.bias

    class Critic(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.conv1, self.conv2 = SpectralConv(4, name="conv1"), SpectralConv(6, name="conv2")

        def call(self, inputs, training=None):
            net = tf.nn.leaky_relu(self.conv1(inputs["images"], training=training))
            net = tf.nn.leaky_relu(self.conv2(net, training=training))
            return {"score": tf.reduce_sum(net, [1, 2, 3])}

    return Critic(name="critic")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)

EXPECT = {
    "verdict": "fail",
    "check": "random_inference",
    "also_fail": ["random_training", "random_functional"],
    "cause": "op_structure",
    "accept": ["op_attribute", "constant"],
    "where": ["conv1"],
    "source": "https://arxiv.org/abs/1802.05957, appendix; the usual slip of tf.reshape for tf.transpose",
}
