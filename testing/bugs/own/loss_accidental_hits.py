"""A next-item model trained by sampled softmax; the candidates come from the job's own sampler.

The old call leaves `remove_accidental_hits` at True. The port writes the loss with `tf.nn.nce_loss`'s habit in
mind, and a candidate that is the label itself counts as a negative.
"""
import numpy as np
import parity


def inputs(rng):
    return {"user": rng.normal(size=(4, 6)).astype(np.float32),
            "item": np.array([[2], [7], [3], [9]], np.int64),
            "sampled": np.array([7, 1, 2, 12, 5], np.int64)}


def expected(tf, ids):
    """The log-uniform sampler's probabilities, five draws of 20."""
    ids = tf.cast(ids, tf.float32)
    return 5.0 * tf.math.log((ids + 2.0) / (ids + 1.0)) / float(np.log(21.0))


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("next", initializer=tf.random_normal_initializer(stddev=0.5)):
        user = tf.layers.dense(inputs["user"], 5, tf.nn.tanh, name="tower")
        items = tf.get_variable("items", [20, 5])
        biases = tf.get_variable("biases", [20], initializer=tf.zeros_initializer())
        candidates = (inputs["sampled"], expected(tf, inputs["item"]), expected(tf, inputs["sampled"]))
        losses = tf.nn.sampled_softmax_loss(items, biases, inputs["item"], user, 5, 20,
                                            sampled_values=candidates)
        return {"user": user, "loss": tf.reduce_mean(losses)}


def tf2():
    import tensorflow as tf
    v1 = tf.compat.v1

    class Next(tf.keras.layers.Layer):
        @v1.keras.utils.track_tf1_style_variables
        def call(self, inputs, training=None):
            with v1.variable_scope("next", initializer=v1.random_normal_initializer(stddev=0.5)):
                user = v1.layers.dense(inputs["user"], 5, tf.nn.tanh, name="tower")
                items = v1.get_variable("items", [20, 5])
                biases = v1.get_variable("biases", [20], initializer=v1.zeros_initializer())
            candidates = (inputs["sampled"], expected(tf, inputs["item"]), expected(tf, inputs["sampled"]))
            losses = tf.nn.sampled_softmax_loss(items, biases, inputs["item"], user, 5, 20,
                                                sampled_values=candidates, remove_accidental_hits=False)
            return {"user": user, "loss": tf.reduce_mean(losses)}

    return Next(name="port")


def loss(outputs, inputs):
    return outputs["loss"]


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)

EXPECT = {
    "verdict": "fail",
    "check": "constant_weights",
    "also_fail": ["random_inference", "random_training", "random_functional", "gradients"],
    "cause": "op_structure",
    "accept": ["constant", "op_attribute"],
    "where": ["sampled", "accidental"],
    "source": "https://www.tensorflow.org/api_docs/python/tf/nn/sampled_softmax_loss (remove_accidental_hits)",
}
