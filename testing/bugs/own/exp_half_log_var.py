"""The reparametrisation has exp(0.5 * log_var); the port takes exp(log_var)."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("vae"):
    mu = tf.layers.dense(inputs["x"], 3, name="mu")
    log_var = tf.layers.dense(inputs["x"], 3, name="log_var")
    z = mu + tf.exp(0.5 * log_var) * tf.random_normal(tf.shape(mu))
    return {"z": z, "std": tf.exp(0.5 * log_var)}


def tf2():
  import tensorflow as tf
  layers = tf.keras.layers

  class Vae(layers.Layer):
    def __init__(self):
      super().__init__(name="vae")
      self.mu, self.log_var = layers.Dense(3, name="mu"), layers.Dense(3, name="log_var")

    def call(self, inputs, training=False):
      mu, log_var = self.mu(inputs["x"]), self.log_var(inputs["x"])
      std = tf.exp(log_var)
      return {"z": mu + std * tf.random.normal(tf.shape(mu)), "std": std}

  return Vae()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["mul", "exp"],
}
