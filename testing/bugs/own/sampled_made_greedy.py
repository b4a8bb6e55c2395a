"""An actor that samples its action, and gives the action's log probability beside it.

The port takes the most probable action, as its author did for evaluation.
"""
import numpy as np
import parity


def inputs(rng):
    return {"obs": rng.normal(size=(8, 5)).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("actor", initializer=tf.glorot_uniform_initializer()):
        net = tf.layers.dense(inputs["obs"], 8, tf.nn.tanh, name="hidden")
        logits = tf.layers.dense(net, 4, name="logits")
        action = tf.multinomial(logits, 1)[:, 0]
        log_prob = -tf.nn.sparse_softmax_cross_entropy_with_logits(labels=action, logits=logits)
        return {"action": action, "log_prob": log_prob}


def tf2():
    import tensorflow as tf
    glorot = tf.compat.v1.glorot_uniform_initializer

    class Actor(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.hidden = tf.keras.layers.Dense(8, "tanh", kernel_initializer=glorot(), name="hidden")
            self.logits = tf.keras.layers.Dense(4, kernel_initializer=glorot(), name="logits")

        def call(self, inputs, training=None):
            logits = self.logits(self.hidden(inputs["obs"]))
            action = tf.argmax(logits, axis=-1)
            log_prob = tf.gather(tf.nn.log_softmax(logits), action, batch_dims=1)
            return {"action": action, "log_prob": log_prob}

    return Actor(name="actor")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)

EXPECT = {
    "verdict": "fail",
    "check": "constant_weights",
    "also_fail": ["random_inference", "random_training", "random_functional"],
    "cause": "random_op",
    "accept": ["op_structure"],
    "where": ["multinomial", "argmax"],
    "source": "https://www.tensorflow.org/api_docs/python/tf/compat/v1/multinomial; tf.random.categorical",
}
