"""The port's kernel has a max-norm constraint, which the optimizer applies after each update."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(6, 5)).astype(np.float32),
    "y": np.array([[1], [0], [1], [1], [0], [0]], np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 7, tf.nn.tanh, name="hidden")
    return {"logit": tf.layers.dense(net, 1, name="logit")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.hidden = layers.Dense(
        7, "tanh", name="hidden",
        kernel_constraint=tf.keras.constraints.MaxNorm(0.8),
      )
      self.logit = layers.Dense(1, name="logit")

    def call(self, inputs, training=False):
      return {"logit": self.logit(self.hidden(inputs["x"]))}

  return Net()


def loss(outputs, inputs):
  import tensorflow as tf

  return tf.reduce_mean(
    tf.nn.sigmoid_cross_entropy_with_logits(
      labels=inputs["y"], logits=outputs["logit"]
    )
  )


def tf1_optimizer():
  import tensorflow.compat.v1 as tf

  return tf.train.GradientDescentOptimizer(0.1)


def tf2_optimizer():
  import tensorflow as tf

  return tf.keras.optimizers.SGD(0.1)


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
  "cause": "optimizer_formula",
  "accept": ["optimizer_hyperparameter"],
  "where": ["net/hidden/kernel", "constraint"],
}
