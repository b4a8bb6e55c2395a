"""VQ-VAE: the codebook's loss and the commitment changed places, so the other one has the 0.25.

Both terms have one value; only their gradients differ."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("vq", initializer=tf.glorot_uniform_initializer()):
    codebook = tf.get_variable("codebook", [8, 4])
    z = tf.layers.dense(inputs["x"], 4, name="encoder")
    distances = tf.reduce_sum(tf.square(z[:, None] - codebook[None]), 2)
    code = tf.gather(codebook, tf.argmin(distances, 1))
    nearest = tf.reduce_mean(tf.square(tf.stop_gradient(z) - code))
    commitment = tf.reduce_mean(tf.square(z - tf.stop_gradient(code)))
    straight = z + tf.stop_gradient(code - z)
    y = tf.layers.dense(straight, 5, name="decoder")
    error = tf.reduce_mean(tf.square(y - inputs["x"]))
    return {"y": y, "loss": error + nearest + 0.25 * commitment}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class VQ(layers.Layer):
    def __init__(self):
      super().__init__(name="vq")
      self.encoder = layers.Dense(4, name="encoder")
      self.decoder = layers.Dense(5, name="decoder")

    def build(self, shapes):
      self.codebook = self.add_weight(
        name="codebook",
        shape=[8, 4],
        initializer=tf.compat.v1.glorot_uniform_initializer(),
      )

    def call(self, inputs, training=False):
      x = inputs["x"]
      z = self.encoder(x)
      codebook = tf.convert_to_tensor(self.codebook)
      distances = tf.reduce_sum((z[:, None] - codebook[None]) ** 2, 2)
      code = tf.gather(codebook, tf.argmin(distances, 1))
      commitment = tf.reduce_mean((tf.stop_gradient(z) - code) ** 2)
      nearest = tf.reduce_mean((z - tf.stop_gradient(code)) ** 2)
      y = self.decoder(z + tf.stop_gradient(code - z))
      error = tf.reduce_mean((y - x) ** 2)
      return {"y": y, "loss": error + nearest + 0.25 * commitment}

  return VQ()


def loss(outputs, inputs):
  return outputs["loss"]


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "fail",
  "check": "gradients",
  "also_fail": [],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["codebook", "encoder", "stop"],
}
