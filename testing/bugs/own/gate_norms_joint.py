"""A layer-normalised LSTM (tf.contrib.rnn.LayerNormBasicLSTMCell, copied into the job) over short clips.

The cell norms each of its four gates by itself. The port norms the joined projection in one go, for
speed, with the four gammas and betas joined as well.
"""
import numpy as np
import parity

UNITS = 5
GATES = ("input", "transform", "forget", "output")


def inputs(rng):
    return {"clip": rng.normal(size=(3, 4, 6)).astype(np.float32)}


def vectors(tf, scope):
    with tf.variable_scope(scope, reuse=tf.AUTO_REUSE):
        return (tf.get_variable("gamma", [UNITS], initializer=tf.ones_initializer()),
                tf.get_variable("beta", [UNITS], initializer=tf.zeros_initializer()))


def normed(tf, x, gamma, beta):
    mean, variance = tf.nn.moments(x, [1], keepdims=True)
    return tf.nn.batch_normalization(x, mean, variance, beta, gamma, 1e-12)


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("clip", initializer=tf.glorot_uniform_initializer()):
        with tf.variable_scope("lstm"):
            kernel = tf.get_variable("kernel", [6 + UNITS, 4 * UNITS])
            c = h = tf.zeros([3, UNITS])
            for t in range(4):
                gates = tf.split(tf.matmul(tf.concat([inputs["clip"][:, t], h], 1), kernel), 4, axis=1)
                i, j, f, o = [normed(tf, gate, *vectors(tf, scope)) for gate, scope in zip(gates, GATES)]
                c = c * tf.sigmoid(f + 1.0) + tf.sigmoid(i) * tf.tanh(j)
                c = normed(tf, c, *vectors(tf, "state"))
                h = tf.tanh(c) * tf.sigmoid(o)
        return {"state": h, "label": tf.layers.dense(h, 3, name="label")}


def tf2():
    import tensorflow as tf
    v1 = tf.compat.v1

    class Clip(tf.keras.layers.Layer):
        @v1.keras.utils.track_tf1_style_variables
        def call(self, inputs, training=None):
            with v1.variable_scope("clip", initializer=v1.glorot_uniform_initializer()):
                with v1.variable_scope("lstm"):
                    kernel = v1.get_variable("kernel", [6 + UNITS, 4 * UNITS])
                    pairs = [vectors(v1, scope) for scope in GATES]
                    gamma = tf.concat([pair[0] for pair in pairs], 0)
                    beta = tf.concat([pair[1] for pair in pairs], 0)
                    state = vectors(v1, "state")
                    c = h = tf.zeros([3, UNITS])
                    for t in range(4):
                        joined = tf.concat([inputs["clip"][:, t], h], 1) @ kernel
                        i, j, f, o = tf.split(normed(v1, joined, gamma, beta), 4, axis=1)
                        c = c * tf.sigmoid(f + 1.0) + tf.sigmoid(i) * tf.tanh(j)
                        c = normed(v1, c, *state)
                        h = tf.tanh(c) * tf.sigmoid(o)
                return {"state": h, "label": v1.layers.dense(h, 3, name="label")}

    return Clip(name="port")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)

EXPECT = {
    "verdict": "fail",
    "check": "random_inference",
    "also_fail": ["random_training", "random_functional"],
    "cause": "op_structure",
    "accept": ["constant", "op_attribute"],
    "where": ["lstm", "moments", "split"],
    "source": "tf.contrib.rnn.LayerNormBasicLSTMCell: _norm is called for each of the gates",
}
