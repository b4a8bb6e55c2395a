"""A static loss scale that both sides' classes undo; the port's momentum is another."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(6, 5)).astype(np.float32),
    "y": np.array([[1], [0], [1], [1], [0], [0]], np.float32),
  }


def model(tf, inputs, training):
  init = tf.glorot_uniform_initializer()
  with tf.variable_scope("net", initializer=init):
    net = tf.layers.dense(inputs["x"], 7, tf.nn.tanh, name="hidden")
    return {"logit": tf.layers.dense(net, 1, name="logit")}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  return model(tf, inputs, training)


def tf2():
  import tensorflow as tf

  v1 = tf.compat.v1

  class Port(tf.keras.layers.Layer):
    @v1.keras.utils.track_tf1_style_variables
    def call(self, inputs, training=False):
      return model(v1, inputs, training)

  return Port(name="port")


def loss(outputs, inputs):
  import tensorflow as tf

  return 128.0 * tf.reduce_mean(
    tf.nn.sigmoid_cross_entropy_with_logits(
      labels=inputs["y"], logits=outputs["logit"]
    )
  )


def tf1_optimizer():
  import tensorflow.compat.v1 as tf

  class Unscaled(tf.train.MomentumOptimizer):
    def compute_gradients(self, *args, **kwargs):
      pairs = super().compute_gradients(*args, **kwargs)
      return [(g / 128.0, v) for g, v in pairs]

  return Unscaled(0.1, 0.9)


def tf2_optimizer():
  import tensorflow as tf

  class Unscaled(tf.keras.optimizers.SGD):
    def apply_gradients(self, grads_and_vars, **kwargs):
      pairs = [(g * (1.0 / 128.0), v) for g, v in grads_and_vars]
      return super().apply_gradients(pairs, **kwargs)

  return Unscaled(0.1, momentum=0.8)


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  loss=loss,
  tf1_optimizer=tf1_optimizer,
  tf2_optimizer=tf2_optimizer,
)
EXPECT = {
  "verdict": "fail",
  "check": "optimizer",
  "also_fail": [],
  "cause": "optimizer_hyperparameter",
  "accept": ["optimizer_formula"],
  "where": ["momentum"],
}
