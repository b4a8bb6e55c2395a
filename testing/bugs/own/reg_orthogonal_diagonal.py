"""A generator with BigGAN's orthogonal penalty: only the products of different filters are penalised.

The port has the older penalty, the distance of all products from the identity, so it pulls lengths to one as well.
"""
import numpy as np
import parity


def inputs(rng):
    return {"z": rng.normal(size=(3, 6)).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf

    def orthogonal(w):
        w = tf.reshape(w, [-1, w.get_shape().as_list()[-1]])
        products = tf.matmul(w, w, transpose_a=True)
        products *= 1.0 - tf.eye(products.get_shape().as_list()[0])
        return 0.01 * tf.reduce_sum(tf.square(products))

    with tf.variable_scope("generator", initializer=tf.random_normal_initializer(stddev=0.2)):
        net = tf.layers.dense(inputs["z"], 4 * 4 * 3, tf.nn.relu, name="project")
        net = tf.reshape(net, [3, 4, 4, 3])
        net = tf.layers.conv2d(net, 8, 3, padding="same", activation=tf.nn.relu,
                               kernel_regularizer=orthogonal, name="conv1")
        return {"image": tf.layers.conv2d(net, 3, 3, padding="same", activation=tf.tanh, name="conv2")}


def tf2():
    import tensorflow as tf
    normal = tf.compat.v1.random_normal_initializer

    class Orthogonal(tf.keras.regularizers.Regularizer):
        def __call__(self, w):
            w = tf.reshape(w, [-1, w.shape[-1]])
            products = tf.matmul(w, w, transpose_a=True)
            return 0.01 * tf.reduce_sum(tf.square(products - tf.eye(w.shape[-1])))

    class Generator(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)

            def conv(filters, activation, name, penalty=None):
                return tf.keras.layers.Conv2D(filters, 3, padding="same", activation=activation, name=name,
                                              kernel_initializer=normal(stddev=0.2), kernel_regularizer=penalty)
            self.project = tf.keras.layers.Dense(4 * 4 * 3, "relu", name="project",
                                                 kernel_initializer=normal(stddev=0.2))
            self.conv1, self.conv2 = conv(8, "relu", "conv1", Orthogonal()), conv(3, "tanh", "conv2")

        def call(self, inputs, training=None):
            net = tf.reshape(self.project(inputs["z"]), [3, 4, 4, 3])
            return {"image": self.conv2(self.conv1(net))}

    return Generator(name="generator")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)

EXPECT = {
    "verdict": "fail",
    "check": "constant_weights",
    "also_fail": ["random_inference", "random_training", "random_functional"],
    "cause": "regularization",
    "accept": ["op_structure", "constant"],
    "where": ["conv1"],
    "source": "https://arxiv.org/abs/1809.11096, section 3.1 (the diagonal terms are removed)",
}
