"""Warm-up and linear decay as BERT has them: the decay counts from step zero, under the warm-up.

The port's decay begins where the warm-up ends."""

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

  step = tf.train.get_or_create_global_step()
  decayed = tf.train.polynomial_decay(0.4, step, 8, 0.0)
  warm = 0.4 * tf.cast(step, tf.float32) / 3.0
  return tf.train.GradientDescentOptimizer(tf.where(step < 3, warm, decayed))


def tf2_optimizer():
  import tensorflow as tf

  class WarmThenLinear(tf.keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
      step = tf.cast(step, tf.float32)
      decayed = 0.4 * (1.0 - (step - 3.0) / (8.0 - 3.0))
      return tf.where(step < 3.0, 0.4 * step / 3.0, decayed)

    def get_config(self):
      return {}

  return tf.keras.optimizers.SGD(WarmThenLinear())


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
  "where": ["learning_rate"],
}
