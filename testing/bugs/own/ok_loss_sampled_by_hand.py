"""A next-item model trained by sampled softmax; the candidates come from the job's own sampler.

The port has the loss written out: the logits of label and candidates, each less the logarithm of what the sampler
expects, and accidental hits left out by a mask.
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
        items = tf.get_variable("items", [20, 5])
        biases = tf.get_variable("biases", [20], initializer=tf.zeros_initializer())
        user = tf.layers.dense(inputs["user"], 5, tf.nn.tanh, name="tower")
        candidates = (inputs["sampled"], expected(tf, inputs["item"]), expected(tf, inputs["sampled"]))
        losses = tf.nn.sampled_softmax_loss(items, biases, inputs["item"], user, 5, 20,
                                            sampled_values=candidates)
        return {"user": user, "loss": tf.reduce_mean(losses)}


def tf2():
    import tensorflow as tf
    v1 = tf.compat.v1

    class Next(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.tower = tf.keras.layers.Dense(
                5, "tanh", kernel_initializer=v1.random_normal_initializer(stddev=0.5), name="tower")

        def build(self, shape):
            self.items = self.add_weight(name="items", shape=[20, 5],
                                         initializer=v1.random_normal_initializer(stddev=0.5))
            self.biases = self.add_weight(name="biases", shape=[20], initializer="zeros")

        def call(self, inputs, training=None):
            user, item, sampled = self.tower(inputs["user"]), inputs["item"][:, 0], inputs["sampled"]
            true = tf.reduce_sum(tf.gather(self.items, item) * user, 1) + tf.gather(self.biases, item)
            true -= tf.math.log(expected(tf, item))
            others = tf.matmul(user, tf.gather(self.items, sampled), transpose_b=True)
            others += tf.gather(self.biases, sampled) - tf.math.log(expected(tf, sampled))
            others = tf.where(item[:, None] == sampled[None, :], -1e30, others)
            losses = tf.reduce_logsumexp(tf.concat([true[:, None], others], 1), axis=1) - true
            return {"user": user, "loss": tf.reduce_mean(losses)}

    return Next(name="next")


def loss(outputs, inputs):
    return outputs["loss"]


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)

EXPECT = {
    "verdict": "pass",
    "check": None,
    "also_fail": [],
    "cause": None,
    "accept": [],
    "where": [],
    "source": "https://www.tensorflow.org/api_docs/python/tf/nn/sampled_softmax_loss (remove_accidental_hits)",
}
