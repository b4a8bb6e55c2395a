"""A shopper's profile, weighted by the seconds of each view, with rows of differing lengths.

The sparse lookup with weights and the combiner "mean" became a dense one: padding has weight zero, and
the weighted sum is divided by the sum of the weights.
"""
import numpy as np
import parity


def inputs(rng):
    seconds = rng.uniform(0.2, 3.0, size=(4, 5)).astype(np.float32)
    viewed = rng.randint(0, 15, size=(4, 5)).astype(np.int64)
    for row, length in enumerate([5, 2, 1, 4]):
        viewed[row, length:] = -1
        seconds[row, length:] = 0
    return {"viewed": viewed, "seconds": seconds}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("shop", initializer=tf.glorot_uniform_initializer()):
        table = tf.get_variable("products", [15, 6], initializer=tf.random_normal_initializer(stddev=0.5))
        where = tf.where(inputs["viewed"] >= 0)
        shape = tf.shape(inputs["viewed"], out_type=tf.int64)
        ids = tf.SparseTensor(where, tf.gather_nd(inputs["viewed"], where), shape)
        weights = tf.SparseTensor(where, tf.gather_nd(inputs["seconds"], where), shape)
        profile = tf.nn.embedding_lookup_sparse(table, ids, weights, combiner="mean")
        profile.set_shape([None, 6])
        return {"profile": profile, "scores": tf.layers.dense(profile, 3, name="scores")}


def tf2():
    import tensorflow as tf
    v1 = tf.compat.v1

    class Shop(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.products = tf.keras.layers.Embedding(
                15, 6, embeddings_initializer=v1.random_normal_initializer(stddev=0.5), name="products")
            self.scores = tf.keras.layers.Dense(
                3, kernel_initializer=v1.glorot_uniform_initializer(), name="scores")

        def call(self, inputs, training=None):
            rows = self.products(tf.maximum(inputs["viewed"], 0))
            total = tf.einsum("btd,bt->bd", rows, inputs["seconds"])
            profile = total / tf.reduce_sum(inputs["seconds"], 1, keepdims=True)
            return {"profile": profile, "scores": self.scores(profile)}

    return Shop(name="shop")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.replace("products/embeddings", "products"))

EXPECT = {
    "verdict": "pass",
    "check": None,
    "also_fail": [],
    "cause": None,
    "accept": [],
    "where": [],
    "source": "tf.nn.embedding_lookup_sparse docs: \"mean\" is the weighted sum divided by the total weight",
}
