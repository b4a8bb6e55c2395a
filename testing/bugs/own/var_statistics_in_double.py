"""A sensor model that standardises by statistics of the training set, kept as variables so that they are saved.

They were given as NumPy arrays, so TF1's variables are float64, and the difference was taken in float64. The
port's `add_weight` makes float32 of them.
"""
import numpy as np
import parity

MEANS = np.array([1013.25, 288.15, 0.0121, 5.2])
DEVIATIONS = np.array([8.7, 11.3, 0.0042, 2.9])


def inputs(rng):
    return {"sensors": (MEANS + DEVIATIONS * rng.normal(size=(5, 4))).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("sensors", initializer=tf.glorot_uniform_initializer()):
        mean = tf.get_variable("mean", initializer=MEANS, trainable=False)
        deviation = tf.get_variable("deviation", initializer=DEVIATIONS, trainable=False)
        x = (tf.cast(inputs["sensors"], tf.float64) - mean) / deviation
        net = tf.layers.dense(tf.cast(x, tf.float32), 6, tf.nn.tanh, name="hidden")
        return {"alarm": tf.layers.dense(net, 1, name="alarm")}


def tf2():
    import tensorflow as tf
    v1 = tf.compat.v1

    class Sensors(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            glorot = v1.glorot_uniform_initializer
            self.hidden = tf.keras.layers.Dense(6, "tanh", kernel_initializer=glorot(), name="hidden")
            self.alarm = tf.keras.layers.Dense(1, kernel_initializer=glorot(), name="alarm")

        def build(self, shape):
            def statistic(name, values):
                return self.add_weight(name=name, shape=values.shape, trainable=False,
                                       initializer=v1.constant_initializer(values))
            self.mean, self.deviation = statistic("mean", MEANS), statistic("deviation", DEVIATIONS)

        def call(self, inputs, training=None):
            x = (inputs["sensors"] - self.mean) / self.deviation
            return {"alarm": self.alarm(self.hidden(x))}

    return Sensors(name="sensors")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)

EXPECT = {
    "verdict": "fail",
    "check": "variables_match",
    "also_fail": [],
    "may_fail": ["constant_weights", "random_inference", "random_training", "random_functional"],
    "cause": "variable_dtype",
    "accept": [],
    "where": ["sensors/mean", "sensors/deviation"],
    "source": "tf.compat.v1.get_variable: the dtype of a given initial value; tf.keras.layers.Layer.add_weight: "
              "the layer's dtype",
}
