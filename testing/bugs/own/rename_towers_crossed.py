"""A two-tower retrieval model with towers of the same size, renamed in the port: "user" became "query",
"item" became "candidate". The case's own table of names has the two crossed.
"""
import numpy as np
import parity


def inputs(rng):
    return {"user": rng.normal(size=(4, 6)).astype(np.float32),
            "item": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf

    def tower(x, scope):
        with tf.variable_scope(scope, initializer=tf.glorot_uniform_initializer()):
            x = tf.layers.dense(x, 8, tf.nn.relu, name="fc1")
            return tf.layers.dense(x, 5, name="fc2")

    user, item = tower(inputs["user"], "user"), tower(inputs["item"], "item")
    return {"user": user, "scores": tf.matmul(user, item, transpose_b=True)}


def tf2():
    import tensorflow as tf
    glorot = tf.compat.v1.glorot_uniform_initializer

    class Tower(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.fc1 = tf.keras.layers.Dense(8, "relu", kernel_initializer=glorot(), name="fc1")
            self.fc2 = tf.keras.layers.Dense(5, kernel_initializer=glorot(), name="fc2")

        def call(self, x):
            return self.fc2(self.fc1(x))

    class Retrieval(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.query, self.candidate = Tower(name="query"), Tower(name="candidate")

        def call(self, inputs, training=None):
            user, item = self.query(inputs["user"]), self.candidate(inputs["item"])
            return {"user": user, "scores": tf.matmul(user, item, transpose_b=True)}

    return Retrieval(name="retrieval")


def rename(name):
    return name.replace("retrieval/candidate/", "user/").replace("retrieval/query/", "item/")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, rename=rename)

EXPECT = {
    "verdict": "fail",
    "check": "random_inference",
    "also_fail": ["random_training"],
    "cause": "variable_renamed",
    "accept": ["initializer"],
    "where": ["user/", "item/", "query", "candidate"],
    "note": "the variables' names and shapes agree, the constant weights as well; what is drawn shows the crossing",
    "source": "https://www.tensorflow.org/guide/migrate/validate_correctness, step 2 (names), and migrating_checkpoints",
}
