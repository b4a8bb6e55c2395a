"""A classifier for small batches, trained with batch renormalisation (`renorm=True`).

Keras' BatchNormalization has no such argument any more in its second version, so the port does without.
"""
import numpy as np
import parity


def inputs(rng):
    return {"images": rng.normal(0.4, 1.3, size=(3, 6, 6, 2)).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("small", initializer=tf.glorot_uniform_initializer()):
        net = tf.layers.conv2d(inputs["images"], 4, 3, use_bias=False, name="conv")
        net = tf.layers.batch_normalization(net, momentum=0.9, renorm=True, renorm_momentum=0.9,
                                            training=training, name="bn")
        net = tf.reduce_mean(tf.nn.relu(net), [1, 2])
        return {"logits": tf.layers.dense(net, 5, name="logits")}


def tf2():
    import tensorflow as tf
    glorot = tf.compat.v1.glorot_uniform_initializer

    class Small(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.conv = tf.keras.layers.Conv2D(4, 3, use_bias=False, kernel_initializer=glorot(), name="conv")
            self.bn = tf.keras.layers.BatchNormalization(momentum=0.9, name="bn")
            self.logits = tf.keras.layers.Dense(5, kernel_initializer=glorot(), name="logits")

        def call(self, inputs, training=None):
            net = self.bn(self.conv(inputs["images"]), training=training)
            return {"logits": self.logits(tf.reduce_mean(tf.nn.relu(net), [1, 2]))}

    return Small(name="small")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)

EXPECT = {
    "verdict": "fail",
    "check": "variables_match",
    "also_fail": ["random_training", "random_functional"],
    "may_fail": ["constant_weights", "random_inference"],
    "cause": "variable_missing",
    "accept": [],
    "where": ["renorm"],
    "source": "https://www.tensorflow.org/api_docs/python/tf/compat/v1/layers/batch_normalization (renorm); "
              "https://arxiv.org/abs/1702.03275",
}
