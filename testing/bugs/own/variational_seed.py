"""A VAE samples with one epsilon per latent in TF1; the port draws one for the batch and
broadcasts."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("vae"):
    mu = tf.layers.dense(inputs["x"], 3, name="mu")
    log_var = tf.layers.dense(inputs["x"], 3, name="log_var")
    z = mu
    if training:
      z = mu + tf.exp(0.5 * log_var) * tf.random_normal(tf.shape(mu))
    return {"x": tf.layers.dense(z, 6, tf.nn.sigmoid, name="dec")}


def tf2():
  import tensorflow as tf
  layers = tf.keras.layers

  class Vae(layers.Layer):
    def __init__(self):
      super().__init__(name="vae")
      self.mu, self.log_var = layers.Dense(3, name="mu"), layers.Dense(3, name="log_var")
      self.dec = layers.Dense(6, "sigmoid", name="dec")

    def call(self, inputs, training=False):
      mu, log_var = self.mu(inputs["x"]), self.log_var(inputs["x"])
      z = mu
      if training:
        z = mu + tf.exp(0.5 * log_var) * tf.random.normal([1, 3])
      return {"x": self.dec(z)}

  return Vae()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "random_op",
  "accept": ["constant", "op_structure"],
  "where": ["random_normal", "RandomStandardNormal", "shape"],
}
