"""A gate that spreads a query over experts; the entropy of its shares is held against the loss.

Some shares are exactly zero. TF1 puts 1 in their place before the logarithm; the port has
`tf.math.xlogy`, made for that. The loss counts the queries' entropies by weight.
"""
import numpy as np
import parity


def inputs(rng):
    return {"query": rng.normal(size=(5, 6)).astype(np.float32),
            "weight": np.array([1, 0, 2, 1, 1], np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("gate", initializer=tf.glorot_uniform_initializer()):
        shares = tf.nn.softmax(tf.layers.dense(inputs["query"], 8, name="experts"))
        shares = shares * tf.cast(shares > 0.1, tf.float32)
        safe = tf.where(shares > 0, shares, tf.ones_like(shares))
        entropy = -tf.reduce_sum(shares * tf.log(safe), 1)
        return {"shares": shares, "entropy": entropy}


def tf2():
    import tensorflow as tf
    glorot = tf.compat.v1.glorot_uniform_initializer

    class Gate(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.experts = tf.keras.layers.Dense(8, kernel_initializer=glorot(), name="experts")

        def call(self, inputs, training=None):
            shares = tf.nn.softmax(self.experts(inputs["query"]))
            shares = tf.where(shares > 0.1, shares, 0.0)
            return {"shares": shares, "entropy": -tf.reduce_sum(tf.math.xlogy(shares, shares), 1)}

    return Gate(name="gate")


def loss(outputs, inputs):
    import tensorflow as tf
    return tf.reduce_sum(outputs["entropy"] * inputs["weight"]) / tf.reduce_sum(inputs["weight"])


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)

EXPECT = {
    "verdict": "pass",
    "check": None,
    "also_fail": [],
    "cause": None,
    "accept": [],
    "where": [],
    "source": "https://www.tensorflow.org/api_docs/python/tf/math/xlogy",
}
