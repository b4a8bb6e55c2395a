"""The port's loss decays every variable, biases that start from ones as well; tf1's only kernels."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(6, 5)).astype(np.float32),
    "target": rng.normal(size=(6, 3)).astype(np.float32),
  }


PORTS = []


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    return {"y": tf.layers.dense(
      inputs["x"], 3, bias_initializer=tf.ones_initializer(), name="fc"
    )}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(3, bias_initializer="ones", name="fc")

    def call(self, inputs, training=False):
      return {"y": self.fc(inputs["x"])}

  PORTS[:] = [Net()]
  return PORTS[0]


def loss(outputs, inputs):
  import tensorflow as tf

  v1 = tf.compat.v1
  error = tf.reduce_mean(tf.square(outputs["y"] - inputs["target"]))
  if tf.executing_eagerly():
    decayed = PORTS[0].trainable_variables
  else:
    decayed = [v for v in v1.trainable_variables() if "kernel" in v.name]
  return error + 0.01 * tf.add_n([tf.nn.l2_loss(v) for v in decayed])


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "fail",
  "check": "gradients",
  "also_fail": [],
  "cause": "regularization",
  "accept": [],
  "where": ["fc/bias"],
}
