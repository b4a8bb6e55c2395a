"""A style-transfer encoder: slim convolutions with instance norm, ported to Keras.

`tf.keras.layers.GroupNormalization(groups=-1)` is instance norm, and its documentation says so. Its epsilon
is 1e-3, slim's 1e-6.
"""
import numpy as np
import parity


def inputs(rng):
    return {"images": rng.uniform(size=(2, 8, 8, 3)).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    import tf_slim as slim
    with tf.variable_scope("style"):
        net = inputs["images"]
        for number, filters in ((1, 4), (2, 6)):
            net = slim.conv2d(net, filters, 3, activation_fn=None, biases_initializer=None,
                              weights_initializer=tf.glorot_uniform_initializer(), scope="conv%d" % number)
            net = tf.nn.relu(slim.instance_norm(net, scope="norm%d" % number))
        return {"code": tf.reduce_mean(net, [1, 2])}


def tf2():
    import tensorflow as tf
    keras = tf.keras.layers

    class Style(keras.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.convs = [keras.Conv2D(filters, 3, padding="same", use_bias=False, name="conv%d" % number,
                                       kernel_initializer=tf.compat.v1.glorot_uniform_initializer())
                          for number, filters in ((1, 4), (2, 6))]
            self.norms = [keras.GroupNormalization(groups=-1, name="norm%d" % number) for number in (1, 2)]

        def call(self, inputs, training=None):
            net = inputs["images"]
            for conv, norm in zip(self.convs, self.norms):
                net = tf.nn.relu(norm(conv(net)))
            return {"code": tf.reduce_mean(net, [1, 2])}

    return Style(name="style")


def rename(name):
    return name.replace("/kernel", "/weights")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, rename=rename)

EXPECT = {
    "verdict": "fail",
    "check": "random_inference",
    "also_fail": ["random_training", "random_functional"],
    "cause": "constant",
    "accept": ["op_attribute"],
    "where": ["norm1"],
    "source": "tf_slim/layers/normalization.py (epsilon=1e-06); https://www.tensorflow.org/api_docs/python/tf/"
              "keras/layers/GroupNormalization (epsilon=0.001)",
}
