"""The port's norm by hand updates its mean, and forgets the variance."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    return {
      "y": tf.layers.batch_normalization(
        inputs["x"], training=training, momentum=0.9, name="bn", fused=False
      )
    }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers
  class Norm(layers.Layer):
    def build(self, shape):
      def add(name, value, trainable):
        return self.add_weight(
          name=name, shape=shape[-1:], initializer=value, trainable=trainable
        )

      self.gamma, self.beta = add("gamma", "ones", True), add("beta", "zeros", True)
      self.mean = add("moving_mean", "zeros", False)
      self.variance = add("moving_variance", "ones", False)

    def call(self, x, training=False):
      mean, variance = self.mean, self.variance
      if training:
        mean, variance = tf.nn.moments(x, [0])
        self.mean.assign(0.9 * self.mean + 0.1 * mean)
      return tf.nn.batch_normalization(
        x, mean, variance, self.beta, self.gamma, 1e-3
      )
  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.bn = Norm(name="bn")

    def call(self, inputs, training=False):
      return {"y": self.bn(inputs["x"], training=training)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "update_missing",
  "accept": [],
  "where": ["moving_variance"],
}
