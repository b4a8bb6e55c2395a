"""A policy network that scales its observations by running statistics (RunningMeanStd of the RL baselines).

The graph computes all new values, then assigns them. In the port each assignment takes place at once, and the
sum of squares is updated with the distance to the mean that has just been moved.
"""
import numpy as np
import parity


def inputs(rng):
    return {"obs": rng.normal(2.0, 1.5, size=(6, 4)).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("policy", initializer=tf.glorot_uniform_initializer()):
        with tf.variable_scope("stats"):
            count = tf.get_variable("count", [], initializer=tf.ones_initializer(), trainable=False)
            mean = tf.get_variable("mean", [4], initializer=tf.zeros_initializer(), trainable=False)
            squares = tf.get_variable("squares", [4], initializer=tf.ones_initializer(), trainable=False)
        obs = inputs["obs"]
        scaled = (obs - mean) / tf.sqrt(squares / count + 1e-4)
        if training:
            batch_mean, batch_var = tf.nn.moments(obs, [0])
            total = count + 6.0
            delta = batch_mean - mean
            new_mean = mean + delta * 6.0 / total
            new_squares = squares + batch_var * 6.0 + tf.square(delta) * count * 6.0 / total
            with tf.control_dependencies([total, new_mean, new_squares, scaled]):
                for variable, value in ((count, total), (mean, new_mean), (squares, new_squares)):
                    tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, tf.assign(variable, value))
        net = tf.layers.dense(scaled, 8, tf.nn.tanh, name="hidden")
        return {"logits": tf.layers.dense(net, 3, name="logits")}


def tf2():
    import tensorflow as tf
    glorot = tf.compat.v1.glorot_uniform_initializer

    class Stats(tf.keras.layers.Layer):
        def build(self, shape):
            self.count = self.add_weight(name="count", shape=[], initializer="ones", trainable=False)
            self.mean = self.add_weight(name="mean", shape=[4], initializer="zeros", trainable=False)
            self.squares = self.add_weight(name="squares", shape=[4], initializer="ones", trainable=False)

        def call(self, obs, training=None):
            scaled = (obs - self.mean) / tf.sqrt(self.squares / self.count + 1e-4)
            if training:
                batch_mean, batch_var = tf.nn.moments(obs, [0])
                total = self.count + 6.0
                self.mean.assign_add((batch_mean - self.mean) * 6.0 / total)
                self.squares.assign_add(
                    batch_var * 6.0 + tf.square(batch_mean - self.mean) * self.count * 6.0 / total)
                self.count.assign(total)
            return scaled

    class Policy(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.stats = Stats(name="stats")
            self.hidden = tf.keras.layers.Dense(8, "tanh", kernel_initializer=glorot(), name="hidden")
            self.logits = tf.keras.layers.Dense(3, kernel_initializer=glorot(), name="logits")

        def call(self, inputs, training=None):
            scaled = self.stats(inputs["obs"], training=training)
            return {"logits": self.logits(self.hidden(scaled))}

    return Policy(name="policy")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)

EXPECT = {
    "verdict": "fail",
    "check": "random_training",
    "also_fail": ["random_functional"],
    "cause": "op_structure",
    "accept": ["update_missing", "constant"],
    "where": ["stats/squares"],
    "source": "https://www.tensorflow.org/guide/migrate/tf1_vs_tf2 (automatic control dependencies: side effects in "
              "program order); openai/baselines running_mean_std.py",
}
