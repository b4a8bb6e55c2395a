"""A gate that spreads a query over experts; the entropy of its shares is held against the loss.

Some shares are exactly zero. TF1 puts 1 in their place before the logarithm. The port drops what the
logarithm made of them afterwards, with one `tf.where`: the same entropy, and gradients that are not numbers.
"""
import numpy as np
import parity


def inputs(rng):
    return {"query": rng.normal(size=(5, 6)).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("gate", initializer=tf.glorot_uniform_initializer()):
        shares = tf.nn.relu(tf.layers.dense(inputs["query"], 8, name="experts"))
        shares = shares / (tf.reduce_sum(shares, 1, keepdims=True) + 1e-3)
        positive = shares > 0
        safe = tf.where(positive, shares, tf.ones_like(shares))
        entropy = -tf.reduce_sum(safe * tf.log(safe), 1)
        return {"shares": shares, "entropy": entropy}


def tf2():
    import tensorflow as tf
    glorot = tf.compat.v1.glorot_uniform_initializer

    class Gate(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.experts = tf.keras.layers.Dense(8, kernel_initializer=glorot(), name="experts")

        def call(self, inputs, training=None):
            shares = tf.nn.relu(self.experts(inputs["query"]))
            shares = shares / (tf.reduce_sum(shares, 1, keepdims=True) + 1e-3)
            terms = tf.where(shares > 0, shares * tf.math.log(shares), 0.0)
            return {"shares": shares, "entropy": -tf.reduce_sum(terms, 1)}

    return Gate(name="gate")


def loss(outputs, inputs):
    import tensorflow as tf
    return tf.reduce_mean(outputs["entropy"])


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)

EXPECT = {
    "verdict": "fail",
    "check": "gradients",
    "also_fail": [],
    "cause": "op_structure",
    "accept": ["constant"],
    "where": ["log", "select", "where"],
    "source": "https://www.tensorflow.org/api_docs/python/tf/where (the gradient through a NaN that was not "
              "chosen); https://github.com/tensorflow/tensorflow/issues/2540",
}
