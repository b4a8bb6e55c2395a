"""A siamese net's contrastive loss: the margin is held against the distance in TF1, against its square
in the port."""
import numpy as np
import parity


def inputs(rng):
  return {
    "left": rng.normal(size=(6, 5)).astype(np.float32),
    "right": rng.normal(size=(6, 5)).astype(np.float32),
    "same": np.array([0, 1, 0, 0, 1, 0], np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  def tower(x):
    with tf.variable_scope("tower", reuse=tf.AUTO_REUSE):
      net = tf.layers.dense(x, 8, activation=tf.nn.relu, name="fc1")
      return tf.layers.dense(net, 4, name="fc2")

  with tf.variable_scope("siamese"):
    a, b = tower(inputs["left"]), tower(inputs["right"])
  squared = tf.reduce_sum(tf.square(a - b), 1)
  distance = tf.sqrt(squared + 1e-6)
  same = inputs["same"]
  apart = (1.0 - same) * tf.square(tf.maximum(1.5 - distance, 0.0))
  return {"distance": distance, "loss": tf.reduce_mean(same * squared + apart) / 2}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Tower(layers.Layer):
    def __init__(self, **kwargs):
      super().__init__(**kwargs)
      self.fc1 = layers.Dense(8, activation="relu", name="fc1")
      self.fc2 = layers.Dense(4, name="fc2")

    def call(self, x):
      return self.fc2(self.fc1(x))

  class Siamese(layers.Layer):
    def __init__(self):
      super().__init__(name="siamese")
      self.tower = Tower(name="tower")

    def call(self, inputs, training=False):
      a, b = self.tower(inputs["left"]), self.tower(inputs["right"])
      squared = tf.reduce_sum(tf.math.squared_difference(a, b), axis=1)
      distance = tf.sqrt(squared + 1e-6)
      apart = tf.square(tf.nn.relu(1.5 - squared))
      terms = tf.where(inputs["same"] > 0, squared, apart)
      return {"distance": distance, "loss": 0.5 * tf.reduce_mean(terms)}

  return Siamese()


CASE = parity.Case(
  inputs=inputs, tf1=tf1, tf2=tf2, loss=lambda outputs, inputs: outputs["loss"]
)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional", "gradients"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["sub", "relu", "maximum", "square"],
}
