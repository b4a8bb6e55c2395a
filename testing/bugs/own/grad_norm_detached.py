"""A batch norm by hand that lets no gradient through the batch's statistics."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(6, 5)).astype(np.float32),
    "target": rng.normal(size=(6, 4)).astype(np.float32),
  }

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 4, name="fc1")
    net = tf.layers.batch_normalization(
      net, training=training, momentum=0.9, name="bn", fused=False
    )
    return {"y": tf.layers.dense(net, 4, name="fc2")}


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
        mean, variance = tf.stop_gradient(mean), tf.stop_gradient(variance)
        self.mean.assign(0.9 * self.mean + 0.1 * mean)
        self.variance.assign(0.9 * self.variance + 0.1 * variance)
      return tf.nn.batch_normalization(
        x, mean, variance, self.beta, self.gamma, 1e-3
      )
  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc1 = layers.Dense(4, name="fc1")
      self.bn = Norm(name="bn")
      self.fc2 = layers.Dense(4, name="fc2")

    def call(self, inputs, training=False):
      net = self.bn(self.fc1(inputs["x"]), training=training)
      return {"y": self.fc2(net)}

  return Net()


def loss(outputs, inputs):
  import tensorflow as tf

  return tf.reduce_mean(tf.square(outputs["y"] - inputs["target"]))


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "fail",
  "check": "gradients",
  "also_fail": [],
  "cause": "op_structure",
  "accept": ["op_attribute"],
  "where": ["stop"],
}
