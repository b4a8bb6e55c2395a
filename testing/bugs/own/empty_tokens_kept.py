"""A query tower: words are split at blanks, hashed, and their embeddings summed.

`tf.string_split` leaves empty words out where two blanks follow each other; `tf.strings.split` with a
separator keeps them, and they are hashed like any word.
"""
import numpy as np
import parity


def inputs(rng):
    return {"query": np.array(["red shoes", "blue  dress size 40", "hat", "warm   coat"], object)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("query", initializer=tf.glorot_uniform_initializer()):
        words = tf.string_split(inputs["query"], " ")
        ids = tf.SparseTensor(words.indices, tf.string_to_hash_bucket_fast(words.values, 50),
                              words.dense_shape)
        table = tf.get_variable("words", [50, 6], initializer=tf.random_normal_initializer(stddev=0.5))
        bag = tf.nn.embedding_lookup_sparse(table, ids, None, combiner="sum")
        bag.set_shape([None, 6])
        return {"bag": bag, "vector": tf.layers.dense(bag, 4, name="vector")}


def tf2():
    import tensorflow as tf
    v1 = tf.compat.v1

    class Query(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.vector = tf.keras.layers.Dense(
                4, kernel_initializer=v1.glorot_uniform_initializer(), name="vector")

        def build(self, shape):
            self.words = self.add_weight(name="words", shape=[50, 6],
                                         initializer=v1.random_normal_initializer(stddev=0.5))

        def call(self, inputs, training=None):
            words = tf.strings.split(inputs["query"], sep=" ")
            ids = tf.strings.to_hash_bucket_fast(words, 50)
            bag = tf.reduce_sum(tf.nn.embedding_lookup(self.words, ids), axis=1)
            return {"bag": bag, "vector": self.vector(bag)}

    return Query(name="query")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)

EXPECT = {
    "verdict": "fail",
    "check": "constant_weights",
    "also_fail": ["random_inference", "random_training", "random_functional"],
    "cause": "op_structure",
    "accept": ["op_attribute", "constant"],
    "where": ["split"],
    "source": "tf.compat.v1.string_split docs (skip_empty=True) against tf.strings.split docs (consecutive "
              "separators delimit empty strings)",
}
