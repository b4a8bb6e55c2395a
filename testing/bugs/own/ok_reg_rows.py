"""A matrix factorisation whose penalty is on the rows that a batch looks up (`tf.nn.l2_loss` of them).

The port adds the same as losses of its layer, by `add_loss`, as half the mean square times the number.
"""
import numpy as np
import parity


def inputs(rng):
    return {"user": rng.randint(0, 25, size=5).astype(np.int32),
            "film": rng.randint(0, 30, size=5).astype(np.int32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("mf", initializer=tf.random_normal_initializer(stddev=0.4)):
        users = tf.get_variable("users", [25, 6])
        films = tf.get_variable("films", [30, 6])
        user = tf.nn.embedding_lookup(users, inputs["user"])
        film = tf.nn.embedding_lookup(films, inputs["film"])
        for rows in (user, film):
            tf.add_to_collection(tf.GraphKeys.REGULARIZATION_LOSSES, 0.01 * tf.nn.l2_loss(rows))
        return {"rating": tf.reduce_sum(user * film, 1)}


def tf2():
    import tensorflow as tf
    normal = tf.compat.v1.random_normal_initializer

    class Factorisation(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)

            def table(rows, name):
                return tf.keras.layers.Embedding(
                    rows, 6, embeddings_initializer=normal(stddev=0.4), name=name)
            self.users, self.films = table(25, "users"), table(30, "films")

        def call(self, inputs, training=None):
            user, film = self.users(inputs["user"]), self.films(inputs["film"])
            for rows in (user, film):
                count = tf.cast(tf.size(rows), tf.float32)
                self.add_loss(0.005 * count * tf.reduce_mean(tf.square(rows)))
            return {"rating": tf.reduce_sum(user * film, 1)}

    return Factorisation(name="mf")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.replace("/embeddings", ""))

EXPECT = {
    "verdict": "pass",
    "check": None,
    "also_fail": [],
    "cause": None,
    "accept": [],
    "where": [],
    "source": "https://www.tensorflow.org/api_docs/python/tf/nn/l2_loss (half the sum of squares)",
}
