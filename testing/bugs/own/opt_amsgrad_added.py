"""Somebody switched AMSGrad on in the port.

It tells only where the second moment falls, so not in the first updates."""

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

  return tf.train.AdamOptimizer(0.2, beta2=0.5, epsilon=1e-4)


def tf2_optimizer():
  import tensorflow as tf

  return tf.keras.optimizers.Adam(0.2, beta_2=0.5, epsilon=1e-4, amsgrad=True)


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  loss=loss,
  tf1_optimizer=tf1_optimizer,
  tf2_optimizer=tf2_optimizer,
  train_steps=6,
)
EXPECT = {
  "verdict": "fail",
  "check": "optimizer",
  "also_fail": [],
  "cause": "optimizer_hyperparameter",
  "accept": ["optimizer_formula"],
  "where": ["amsgrad"],
}
