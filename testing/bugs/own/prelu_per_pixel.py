"""PReLU with one slope per channel; the Keras layer of the port was not told shared_axes, and has one
per pixel and channel."""
import numpy as np
import parity


def inputs(rng):
  return {"face": rng.normal(size=(2, 8, 8, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  def prelu(x, name):
    with tf.variable_scope(name):
      alpha = tf.get_variable("alpha", x.shape[-1:], initializer=tf.constant_initializer(0.25))
      return tf.nn.relu(x) + alpha * (x - tf.abs(x)) * 0.5

  with tf.variable_scope("pnet"):
    net = prelu(tf.layers.conv2d(inputs["face"], 5, 3, name="conv1"), "prelu1")
    net = tf.layers.max_pooling2d(net, 2, 2, padding="same")
    net = prelu(tf.layers.conv2d(net, 4, 3, name="conv2"), "prelu2")
    return {"face": tf.nn.softmax(tf.layers.conv2d(net, 2, 1, name="face"))}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  def slopes(name):
    return layers.PReLU(alpha_initializer=tf.keras.initializers.Constant(0.25), name=name)

  class Pnet(layers.Layer):
    def __init__(self):
      super().__init__(name="pnet")
      self.steps = [
        layers.Conv2D(5, 3, name="conv1"), slopes("prelu1"), layers.MaxPool2D(2, padding="same"),
        layers.Conv2D(4, 3, name="conv2"), slopes("prelu2"),
        layers.Conv2D(2, 1, activation="softmax", name="face"),
      ]

    def call(self, inputs, training=False):
      net = inputs["face"]
      for step in self.steps:
        net = step(net)
      return {"face": net}

  return Pnet()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "variables_match",
  "also_fail": [],
  "may_fail": ["constant_weights", "random_inference", "random_training", "random_functional"],
  "cause": "variable_shape",
  "accept": [],
  "where": ["prelu1/alpha", "prelu2/alpha"],
}
