"""A large-batch image job trained by LARS over momentum, copied from the ResNet recipes.

Biases are left out of the trust ratio in the old job (and of the weight decay). The port's class scales every
gradient.
"""
import numpy as np
import parity


def inputs(rng):
    return {"features": rng.normal(size=(6, 5)).astype(np.float32),
            "label": rng.randint(0, 3, size=6).astype(np.int32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("net", initializer=tf.glorot_uniform_initializer()):
        net = tf.layers.dense(inputs["features"], 8, tf.nn.relu, name="fc1")
        return {"logits": tf.layers.dense(net, 3, name="fc2")}


def tf2():
    import tensorflow as tf
    glorot = tf.compat.v1.glorot_uniform_initializer

    class Net(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.fc1 = tf.keras.layers.Dense(8, "relu", kernel_initializer=glorot(), name="fc1")
            self.fc2 = tf.keras.layers.Dense(3, kernel_initializer=glorot(), name="fc2")

        def call(self, inputs, training=None):
            return {"logits": self.fc2(self.fc1(inputs["features"]))}

    return Net(name="net")


def loss(outputs, inputs):
    import tensorflow as tf
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=inputs["label"], logits=outputs["logits"]))


def scaled(tf, gradient, weight, decay=1e-4, eeta=0.1):
    """The gradient with weight decay, times LARS's trust ratio."""
    gradient = gradient + decay * weight
    of_weight, of_gradient = tf.norm(weight), tf.norm(gradient)
    ratio = tf.where(of_weight > 0, tf.where(of_gradient > 0, eeta * of_weight / of_gradient, 1.0), 1.0)
    return gradient * ratio


def tf1_optimizer():
    import tensorflow.compat.v1 as tf

    class Lars(tf.train.MomentumOptimizer):
        def apply_gradients(self, grads_and_vars, global_step=None, name=None):
            pairs = [(g if "bias" in v.op.name else scaled(tf, g, v), v) for g, v in grads_and_vars]
            return super().apply_gradients(pairs, global_step, name)

    return Lars(0.5, 0.9)


def tf2_optimizer():
    import tensorflow as tf

    class Lars(tf.keras.optimizers.SGD):
        def apply_gradients(self, grads_and_vars, *args, **kwargs):
            pairs = [(scaled(tf, g, v), v) for g, v in grads_and_vars]
            return super().apply_gradients(pairs, *args, **kwargs)

    return Lars(0.5, momentum=0.9)


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss,
                   tf1_optimizer=tf1_optimizer, tf2_optimizer=tf2_optimizer)

EXPECT = {
    "verdict": "fail",
    "check": "optimizer",
    "also_fail": [],
    "cause": "optimizer_formula",
    "accept": ["optimizer_hyperparameter"],
    "where": ["bias"],
    "source": "tensorflow/models official/resnet LARSOptimizer (skip_list); https://arxiv.org/abs/1708.03888",
}
