"""The loss adds the regularisation collection, which a Keras port never fills."""

import numpy as np

import parity

def inputs(rng):
  return {
    "x": rng.normal(size=(6, 5)).astype(np.float32),
    "target": rng.normal(size=(6, 3)).astype(np.float32),
  }

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    l2 = tf.keras.regularizers.l2(0.05)
    net = tf.layers.dense(
      inputs["x"], 6, tf.nn.tanh, kernel_regularizer=l2, name="fc1"
    )
    return {"y": tf.layers.dense(net, 3, kernel_regularizer=l2, name="fc2")}

def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      l2 = tf.keras.regularizers.l2(0.05)
      self.fc1 = layers.Dense(6, "tanh", kernel_regularizer=l2, name="fc1")
      self.fc2 = layers.Dense(3, kernel_regularizer=l2, name="fc2")

    def call(self, inputs, training=False):
      return {"y": self.fc2(self.fc1(inputs["x"]))}

  return Net()

def loss(outputs, inputs):
  import tensorflow.compat.v1 as tf

  error = tf.reduce_mean(tf.square(outputs["y"] - inputs["target"]))
  return error + tf.losses.get_regularization_loss()

CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "fail",
  "check": "gradients",
  "also_fail": [],
  "cause": "regularization",
  "accept": [],
  "where": ["fc1/kernel", "loss"],
}
