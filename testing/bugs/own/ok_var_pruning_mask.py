"""A pruned layer (tf.contrib.model_pruning): each kernel has a mask beside it, put in by a custom getter.

The port's layer has both as weights of its own, and multiplies in `call`.
"""
import numpy as np
import parity


def mask(shape):
    """Two of three weights are kept."""
    return (np.arange(int(np.prod(shape))) % 3 > 0).astype(np.float32).reshape(shape)


def inputs(rng):
    return {"features": rng.normal(size=(4, 6)).astype(np.float32),
            "label": np.array([0, 2, 1, 2], np.int32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf

    def pruned(getter, name, *args, **kwargs):
        variable = getter(name, *args, **kwargs)
        if not name.endswith("/kernel"):
            return variable
        shape = variable.get_shape().as_list()
        kept = getter(name[:-len("kernel")] + "mask", shape, trainable=False,
                      initializer=tf.constant_initializer(mask(shape)))
        return variable * kept

    def dense(x, units, scope):
        with tf.variable_scope(scope):
            kernel = tf.get_variable("kernel", [x.get_shape().as_list()[-1], units])
            bias = tf.get_variable("bias", [units], initializer=tf.zeros_initializer())
            return tf.nn.xw_plus_b(x, kernel, bias)

    with tf.variable_scope("pruned", initializer=tf.glorot_uniform_initializer(), custom_getter=pruned):
        net = tf.nn.relu(dense(inputs["features"], 9, "fc1"))
        return {"logits": dense(net, 3, "fc2")}


def tf2():
    import tensorflow as tf
    v1 = tf.compat.v1

    class MaskedDense(tf.keras.layers.Layer):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)
            self.units = units

        def build(self, shape):
            shape = [shape[-1], self.units]
            self.kernel = self.add_weight(name="kernel", shape=shape,
                                          initializer=v1.glorot_uniform_initializer())
            self.mask = self.add_weight(name="mask", shape=shape, trainable=False,
                                        initializer=v1.constant_initializer(mask(shape)))
            self.bias = self.add_weight(name="bias", shape=[self.units], initializer="zeros")

        def call(self, x):
            return x @ (self.mask * self.kernel) + self.bias

    class Pruned(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.fc1, self.fc2 = MaskedDense(9, name="fc1"), MaskedDense(3, name="fc2")

        def call(self, inputs, training=None):
            return {"logits": self.fc2(tf.nn.relu(self.fc1(inputs["features"])))}

    return Pruned(name="pruned")


def loss(outputs, inputs):
    import tensorflow as tf
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=inputs["label"], logits=outputs["logits"]))


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)

EXPECT = {
    "verdict": "pass",
    "check": None,
    "also_fail": [],
    "cause": None,
    "accept": [],
    "where": [],
    "source": "tf.contrib.model_pruning: mask_cell, apply_mask; tf.compat.v1.variable_scope, custom_getter",
}
