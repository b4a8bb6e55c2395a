"""A recipe ranker over bags of tags, of which some come twice.

The TF1 side has a multi-hot vector, each tag once. The port's `CategoryEncoding` counts, so that a tag that comes
twice weighs twice.
"""
import numpy as np
import parity


def inputs(rng):
    tags = rng.randint(0, 12, size=(4, 5)).astype(np.int32)
    tags[:, 1] = tags[:, 0]
    return {"tags": tags, "minutes": rng.uniform(size=(4, 1)).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("recipes", initializer=tf.glorot_uniform_initializer()):
        tags = tf.reduce_max(tf.one_hot(inputs["tags"], 12), axis=1)
        net = tf.concat([tags, inputs["minutes"]], 1)
        net = tf.layers.dense(net, 8, tf.nn.tanh, name="hidden")
        return {"hidden": net, "score": tf.layers.dense(net, 1, name="score")}


def tf2():
    import tensorflow as tf
    glorot = tf.compat.v1.glorot_uniform_initializer

    class Recipes(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.encoding = tf.keras.layers.CategoryEncoding(num_tokens=12, output_mode="count")
            self.hidden = tf.keras.layers.Dense(8, "tanh", kernel_initializer=glorot(), name="hidden")
            self.score = tf.keras.layers.Dense(1, kernel_initializer=glorot(), name="score")

        def call(self, inputs, training=None):
            net = tf.concat([self.encoding(inputs["tags"]), inputs["minutes"]], 1)
            hidden = self.hidden(net)
            return {"hidden": hidden, "score": self.score(hidden)}

    return Recipes(name="recipes")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)

EXPECT = {
    "verdict": "fail",
    "check": "constant_weights",
    "also_fail": ["random_inference", "random_training", "random_functional"],
    "cause": "op_structure",
    "accept": ["op_attribute", "constant"],
    "where": ["max", "bincount", "encoding", "one_hot"],
    "source": "https://www.tensorflow.org/api_docs/python/tf/keras/layers/CategoryEncoding (multi_hot, count)",
}
