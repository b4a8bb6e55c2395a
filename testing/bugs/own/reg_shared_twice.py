"""Two towers share a layer: tf1 penalises its kernel once, the port's add_loss at each call."""

import numpy as np

import parity


def inputs(rng):
  return {
    "a": rng.normal(size=(4, 5)).astype(np.float32),
    "b": rng.normal(size=(4, 5)).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  def penalty(kernel):
    return 0.1 * tf.nn.l2_loss(kernel)

  def tower(x):
    with tf.variable_scope("tower", reuse=tf.AUTO_REUSE):
      return tf.layers.dense(x, 6, kernel_regularizer=penalty, name="fc")

  with tf.variable_scope("net"):
    a, b = tower(inputs["a"]), tower(inputs["b"])
    return {"score": tf.reduce_sum(a * b, 1)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Tower(layers.Layer):
    def __init__(self):
      super().__init__(name="tower")
      self.fc = layers.Dense(6, name="fc")

    def call(self, x):
      y = self.fc(x)
      self.add_loss(0.1 * tf.nn.l2_loss(tf.convert_to_tensor(self.fc.kernel)))
      return y

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.tower = Tower()

    def call(self, inputs, training=False):
      a, b = self.tower(inputs["a"]), self.tower(inputs["b"])
      return {"score": tf.reduce_sum(a * b, 1)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "regularization",
  "accept": ["loss_scale"],
  "where": ["net/tower/fc", "tower"],
}
