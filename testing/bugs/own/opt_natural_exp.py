"""A price regressor, its rate decayed by `tf.train.natural_exp_decay`.

The port has `ExponentialDecay` with the same three numbers, but its rate is a factor, not an exponent.
"""
import numpy as np
import parity


def inputs(rng):
    return {"features": rng.normal(size=(6, 5)).astype(np.float32),
            "price": rng.normal(size=(6, 1)).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("price", initializer=tf.glorot_uniform_initializer()):
        net = tf.layers.dense(inputs["features"], 7, tf.nn.tanh, name="hidden")
        return {"price": tf.layers.dense(net, 1, name="out")}


def tf2():
    import tensorflow as tf
    glorot = tf.compat.v1.glorot_uniform_initializer

    class Price(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.hidden = tf.keras.layers.Dense(7, "tanh", kernel_initializer=glorot(), name="hidden")
            self.out = tf.keras.layers.Dense(1, kernel_initializer=glorot(), name="out")

        def call(self, inputs, training=None):
            return {"price": self.out(self.hidden(inputs["features"]))}

    return Price(name="price")


def loss(outputs, inputs):
    import tensorflow as tf
    return tf.reduce_mean(tf.square(outputs["price"] - inputs["price"]))


def tf1_optimizer():
    import tensorflow.compat.v1 as tf
    step = tf.train.get_or_create_global_step()
    return tf.train.GradientDescentOptimizer(tf.train.natural_exp_decay(0.1, step, 2, 0.8))


def tf2_optimizer():
    import tensorflow as tf
    rate = tf.keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=2, decay_rate=0.8)
    return tf.keras.optimizers.SGD(rate)


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss,
                   tf1_optimizer=tf1_optimizer, tf2_optimizer=tf2_optimizer)

EXPECT = {
    "verdict": "fail",
    "check": "optimizer",
    "also_fail": [],
    "cause": "optimizer_hyperparameter",
    "accept": ["optimizer_formula"],
    "where": ["rate", "decay", "exp"],
    "source": "tf.compat.v1.train.natural_exp_decay: rate * exp(-decay_rate * step / decay_steps); "
              "ExponentialDecay: rate * decay_rate ^ (step / decay_steps)",
}
