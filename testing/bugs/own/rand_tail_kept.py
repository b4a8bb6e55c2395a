"""A generator that is sampled with truncated noise, as BigGAN is.

The port draws with `tf.random.normal`: same mean, same deviation, and the tails are back.
"""
import numpy as np
import parity


def inputs(rng):
    return {"label": np.array([0, 2, 1, 2, 0, 1], np.int32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("gen", initializer=tf.random_normal_initializer(stddev=0.5)):
        table = tf.get_variable("labels", [3, 4])
        z = tf.truncated_normal([6, 8])
        net = tf.concat([z, tf.nn.embedding_lookup(table, inputs["label"])], 1)
        net = tf.layers.dense(net, 10, tf.nn.relu, name="fc1")
        return {"z": z, "sample": tf.layers.dense(net, 7, tf.tanh, name="fc2")}


def tf2():
    import tensorflow as tf
    normal = tf.compat.v1.random_normal_initializer

    class Gen(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.fc1 = tf.keras.layers.Dense(10, "relu", kernel_initializer=normal(stddev=0.5), name="fc1")
            self.fc2 = tf.keras.layers.Dense(7, "tanh", kernel_initializer=normal(stddev=0.5), name="fc2")

        def build(self, shape):
            self.labels = self.add_weight(name="labels", shape=[3, 4], initializer=normal(stddev=0.5))

        def call(self, inputs, training=None):
            z = tf.random.normal([6, 8])
            net = tf.concat([z, tf.gather(self.labels, inputs["label"])], 1)
            return {"z": z, "sample": self.fc2(self.fc1(net))}

    return Gen(name="gen")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)

EXPECT = {
    "verdict": "fail",
    "check": "constant_weights",
    "also_fail": ["random_inference", "random_training", "random_functional"],
    "cause": "random_op",
    "accept": [],
    "where": ["truncated", "normal"],
    "source": "https://arxiv.org/abs/1809.11096, section 3.1; tf.random.truncated_normal docs",
}
