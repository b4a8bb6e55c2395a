"""Weight-noise on the hidden layer while training only; in the port the noise layer is
called with training=True for good."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("pi"):
    net = tf.layers.dense(inputs["x"], 8, tf.nn.relu, name="h")
    if training:
      net += tf.random_normal(tf.shape(net), stddev=0.1)
    return {"q": tf.layers.dense(net, 2, name="q")}


def tf2():
  import tensorflow as tf
  layers = tf.keras.layers

  class Policy(layers.Layer):
    def __init__(self):
      super().__init__(name="pi")
      self.h = layers.Dense(8, "relu", name="h")
      self.noise = layers.GaussianNoise(0.1)
      self.q = layers.Dense(2, name="q")

    def call(self, inputs, training=False):
      return {"q": self.q(self.noise(self.h(inputs["x"]), training=True))}

  return Policy()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference"],
  "may_fail": ["random_training", "random_functional"],
  "cause": "training_flag",
  "accept": ["random_op"],
  "where": ["noise", "normal", "random"],
}
