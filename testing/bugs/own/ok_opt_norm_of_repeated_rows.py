"""Both sides clip by a global norm that counts a row for every time it was looked up."""

import numpy as np

import parity


def inputs(rng):
  return {
    "ids": np.array([[1, 4, 4, 4], [0, 4, 1, 1]], np.int32),
    "y": np.array([[1], [0]], np.float32),
  }


def model(tf, inputs, training):
  init = tf.random_normal_initializer(stddev=0.3)
  with tf.variable_scope("words", initializer=init):
    table = tf.get_variable("table", [9, 4])
    net = tf.reduce_sum(tf.nn.embedding_lookup(table, inputs["ids"]), 1)
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

  class Clipped(tf.train.GradientDescentOptimizer):
    def compute_gradients(self, *args, **kwargs):
      grads, variables = zip(*super().compute_gradients(*args, **kwargs))
      grads, _ = tf.clip_by_global_norm(grads, 0.05)
      return list(zip(grads, variables))

  return Clipped(0.5)


def tf2_optimizer():
  import tensorflow as tf

  class Clipped(tf.keras.optimizers.SGD):
    def apply_gradients(self, grads_and_vars, **kwargs):
      grads, variables = zip(*grads_and_vars)
      grads, _ = tf.clip_by_global_norm(grads, 0.05)
      return super().apply_gradients(zip(grads, variables), **kwargs)

  return Clipped(0.5)


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  loss=loss,
  tf1_optimizer=tf1_optimizer,
  tf2_optimizer=tf2_optimizer,
)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
  "twin_of": ["optimizer_formula"],
}
