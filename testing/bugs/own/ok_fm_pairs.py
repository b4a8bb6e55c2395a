"""A factorisation machine over six fields: bias, first order, and all pairs.

TF1 has the pairs by the well-known identity; the port takes the products of all pairs, and sums those
above the diagonal.
"""
import numpy as np
import parity


def inputs(rng):
    return {"ids": rng.randint(0, 30, size=(5, 6)).astype(np.int32),
            "values": rng.uniform(0.5, 1.5, size=(5, 6)).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("fm"):
        w = tf.get_variable("w", [30, 1], initializer=tf.random_normal_initializer(stddev=0.1))
        v = tf.get_variable("v", [30, 4], initializer=tf.random_normal_initializer(stddev=0.3))
        bias = tf.get_variable("bias", [], initializer=tf.zeros_initializer())
        values = inputs["values"][:, :, None]
        first = tf.reduce_sum(tf.nn.embedding_lookup(w, inputs["ids"]) * values, [1, 2])
        terms = tf.nn.embedding_lookup(v, inputs["ids"]) * values
        of_sum = tf.square(tf.reduce_sum(terms, 1))
        of_squares = tf.reduce_sum(tf.square(terms), 1)
        second = 0.5 * tf.reduce_sum(of_sum - of_squares, 1)
        return {"logit": bias + first + second}


def tf2():
    import tensorflow as tf
    normal = tf.compat.v1.random_normal_initializer

    class FactorisationMachine(tf.keras.layers.Layer):
        def build(self, shape):
            self.w = self.add_weight(name="w", shape=[30, 1], initializer=normal(stddev=0.1))
            self.v = self.add_weight(name="v", shape=[30, 4], initializer=normal(stddev=0.3))
            self.bias = self.add_weight(name="bias", shape=[], initializer="zeros")

        def call(self, inputs, training=None):
            first = tf.einsum("bf,bf->b", tf.gather(self.w, inputs["ids"])[:, :, 0], inputs["values"])
            terms = tf.gather(self.v, inputs["ids"]) * inputs["values"][:, :, None]
            products = tf.matmul(terms, terms, transpose_b=True)
            above = tf.linalg.band_part(tf.ones([6, 6]), 0, -1) - tf.eye(6)
            return {"logit": self.bias + first + tf.reduce_sum(products * above, [1, 2])}

    return FactorisationMachine(name="fm")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)

EXPECT = {
    "verdict": "pass",
    "check": None,
    "also_fail": [],
    "cause": None,
    "accept": [],
    "where": [],
    "source": "Rendle, Factorization Machines, ICDM 2010, lemma 3.1",
}
