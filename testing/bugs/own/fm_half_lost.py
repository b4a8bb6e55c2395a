"""A factorisation machine over six fields: bias, first order, and all pairs by the well-known identity.

Half of (square of the sum - sum of the squares) is the sum over pairs. The port lost the half.
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
            values = inputs["values"][:, :, None]
            first = tf.reduce_sum(tf.gather(self.w, inputs["ids"]) * values, [1, 2])
            terms = tf.gather(self.v, inputs["ids"]) * values
            pairs = tf.reduce_sum(terms, 1) ** 2 - tf.reduce_sum(terms ** 2, 1)
            return {"logit": self.bias + first + tf.reduce_sum(pairs, 1)}

    return FactorisationMachine(name="fm")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)

EXPECT = {
    "verdict": "fail",
    "check": "constant_weights",
    "also_fail": ["random_inference", "random_training", "random_functional"],
    "cause": "op_structure",
    "accept": ["constant"],
    "where": ["mul", "0.5", "sum"],
    "source": "Rendle, Factorization Machines, ICDM 2010, lemma 3.1",
}
