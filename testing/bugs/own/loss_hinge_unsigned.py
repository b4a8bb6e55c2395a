"""A linear spam filter trained with the hinge loss, inside the model.

`tf.losses.hinge_loss` wants labels of 0 and 1 and makes -1 and 1 of them. The port writes the formula
of the textbook, and leaves the labels as they are.
"""
import numpy as np
import parity


def inputs(rng):
    return {"counts": rng.poisson(2.0, size=(6, 8)).astype(np.float32),
            "spam": np.array([1, 0, 0, 1, 0, 1], np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("spam", initializer=tf.random_normal_initializer(stddev=0.1)):
        score = tf.layers.dense(inputs["counts"], 1, name="score")[:, 0]
        return {"score": score, "loss": tf.losses.hinge_loss(inputs["spam"], score)}


def tf2():
    import tensorflow as tf

    class Spam(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.score = tf.keras.layers.Dense(
                1, kernel_initializer=tf.compat.v1.random_normal_initializer(stddev=0.1), name="score")

        def call(self, inputs, training=None):
            score = self.score(inputs["counts"])[:, 0]
            hinge = tf.maximum(0.0, 1.0 - inputs["spam"] * score)
            return {"score": score, "loss": tf.reduce_mean(hinge)}

    return Spam(name="spam")


def loss(outputs, inputs):
    return outputs["loss"]


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)

EXPECT = {
    "verdict": "fail",
    "check": "constant_weights",
    "also_fail": ["random_inference", "random_training", "random_functional", "gradients"],
    "cause": "op_structure",
    "accept": ["constant"],
    "where": ["hinge", "loss", "mul", "spam"],
    "source": "https://www.tensorflow.org/api_docs/python/tf/compat/v1/losses/hinge_loss (labels 0 or 1, "
              "converted to -1 and 1 inside)",
}
