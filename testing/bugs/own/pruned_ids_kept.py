"""A film recommender: each visit names three genres, -1 where the catalogue knew none.

`safe_embedding_lookup_sparse` prunes negative ids before it takes the mean. A Keras Embedding takes no
negative id, so the port lifts them to 0, and the first genre is counted for every unknown one.
"""
import numpy as np
import parity


def inputs(rng):
    genres = rng.randint(0, 9, size=(6, 3)).astype(np.int64)
    genres[1, 2] = genres[4, 0] = genres[4, 1] = -1
    return {"genres": genres, "user": rng.normal(size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("films", initializer=tf.glorot_uniform_initializer()):
        table = tf.get_variable("genres", [9, 5], initializer=tf.random_normal_initializer(stddev=0.6))
        genres = inputs["genres"]
        sparse = tf.SparseTensor(tf.where(tf.ones_like(genres, tf.bool)), tf.reshape(genres, [-1]),
                                 tf.shape(genres, out_type=tf.int64))
        taste = tf.nn.safe_embedding_lookup_sparse([table], sparse, combiner="mean")
        taste.set_shape([None, 5])
        user = tf.layers.dense(inputs["user"], 5, tf.nn.tanh, name="user")
        return {"score": tf.reduce_sum(taste * user, 1)}


def tf2():
    import tensorflow as tf
    v1 = tf.compat.v1

    class Films(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.genres = tf.keras.layers.Embedding(
                9, 5, embeddings_initializer=v1.random_normal_initializer(stddev=0.6), name="genres")
            self.user = tf.keras.layers.Dense(
                5, "tanh", kernel_initializer=v1.glorot_uniform_initializer(), name="user")

        def call(self, inputs, training=None):
            ids = tf.maximum(inputs["genres"], 0)
            taste = tf.reduce_mean(self.genres(ids), axis=1)
            return {"score": tf.reduce_sum(taste * self.user(inputs["user"]), 1)}

    return Films(name="films")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.replace("genres/embeddings", "genres"))

EXPECT = {
    "verdict": "fail",
    "check": "random_inference",
    "also_fail": ["random_training", "random_functional"],
    "cause": "op_structure",
    "accept": ["constant"],
    "where": ["lookup", "genres", "maximum", "sparse"],
    "source": "tf.nn.safe_embedding_lookup_sparse docs: invalid ids (< 0) are pruned from input ids and weights",
}
