"""A speech frame classifier with maxout units (tf.contrib.layers.maxout, copied into the job).

The old layer takes the maximum over neighbouring channels. The port takes it over channels that stand
four apart: the same shapes, other groups.
"""
import numpy as np
import parity


def inputs(rng):
    return {"frames": rng.normal(size=(5, 7)).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf

    def maxout(x, units):
        channels = x.get_shape().as_list()[-1]
        return tf.reduce_max(tf.reshape(x, [-1, units, channels // units]), axis=-1)

    with tf.variable_scope("speech", initializer=tf.glorot_uniform_initializer()):
        net = maxout(tf.layers.dense(inputs["frames"], 12, name="fc1"), 4)
        net = maxout(tf.layers.dense(net, 12, name="fc2"), 4)
        return {"phones": tf.layers.dense(net, 5, name="phones")}


def tf2():
    import tensorflow as tf
    glorot = tf.compat.v1.glorot_uniform_initializer

    class Maxout(tf.keras.layers.Layer):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)
            self.units = units

        def call(self, x):
            pieces = x.shape[-1] // self.units
            return tf.reduce_max(tf.reshape(x, [-1, pieces, self.units]), axis=1)

    class Speech(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)

            def dense(units, name):
                return tf.keras.layers.Dense(units, kernel_initializer=glorot(), name=name)
            self.fc1, self.fc2, self.phones = dense(12, "fc1"), dense(12, "fc2"), dense(5, "phones")
            self.maxout1, self.maxout2 = Maxout(4, name="maxout1"), Maxout(4, name="maxout2")

        def call(self, inputs, training=None):
            net = self.maxout1(self.fc1(inputs["frames"]))
            return {"phones": self.phones(self.maxout2(self.fc2(net)))}

    return Speech(name="speech")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)

EXPECT = {
    "verdict": "fail",
    "check": "random_inference",
    "also_fail": ["random_training", "random_functional"],
    "cause": "constant",
    "accept": ["op_structure", "op_attribute"],
    "where": ["reshape", "max"],
    "source": "tf.contrib.layers.maxout (shape[axis] = num_units, then one more axis of num_channels // num_units)",
}
