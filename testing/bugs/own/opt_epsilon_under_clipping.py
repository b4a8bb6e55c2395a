"""Both sides' classes clip by global norm; the port left Adam's epsilon to Keras."""

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

  return tf.reduce_mean(
    tf.nn.sigmoid_cross_entropy_with_logits(
      labels=inputs["y"], logits=outputs["logit"]
    )
  )


def tf1_optimizer():
  import tensorflow.compat.v1 as tf

  class Clipped(tf.train.AdamOptimizer):
    def compute_gradients(self, *args, **kwargs):
      grads, variables = zip(*super().compute_gradients(*args, **kwargs))
      grads, _ = tf.clip_by_global_norm(grads, 0.02)
      return list(zip(grads, variables))

  return Clipped(0.01, epsilon=1e-3)


def tf2_optimizer():
  import tensorflow as tf

  class Clipped(tf.keras.optimizers.Adam):
    def apply_gradients(self, grads_and_vars, **kwargs):
      grads, variables = zip(*grads_and_vars)
      grads, _ = tf.clip_by_global_norm(grads, 0.02)
      return super().apply_gradients(zip(grads, variables), **kwargs)

  return Clipped(0.01)


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
  "where": ["epsilon"],
}
