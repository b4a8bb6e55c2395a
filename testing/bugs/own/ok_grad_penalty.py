"""A critic's gradient penalty: tf.gradients in tf1, a tape inside the port."""

import numpy as np

import parity


def inputs(rng):
  return {
    "real": rng.normal(size=(5, 4)).astype(np.float32),
    "fake": rng.normal(size=(5, 4)).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  def critic(x):
    with tf.variable_scope("critic", reuse=tf.AUTO_REUSE):
      net = tf.layers.dense(x, 6, tf.nn.tanh, name="fc1")
      return tf.layers.dense(net, 1, name="fc2")

  real, fake = critic(inputs["real"]), critic(inputs["fake"])
  middle = 0.5 * inputs["real"] + 0.5 * inputs["fake"]
  slopes = tf.gradients(critic(middle), [middle])[0]
  norm = tf.sqrt(tf.reduce_sum(tf.square(slopes), 1))
  penalty = tf.reduce_mean(tf.square(norm - 1.0))
  return {"real": real, "fake": fake, "penalty": penalty}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Critic(layers.Layer):
    def __init__(self):
      super().__init__(name="critic")
      self.fc1 = layers.Dense(6, "tanh", name="fc1")
      self.fc2 = layers.Dense(1, name="fc2")

    def score(self, x):
      return self.fc2(self.fc1(x))

    def call(self, inputs, training=False):
      real = self.score(inputs["real"])
      fake = self.score(inputs["fake"])
      middle = 0.5 * inputs["real"] + 0.5 * inputs["fake"]
      with tf.GradientTape() as tape:
        tape.watch(middle)
        score = self.score(middle)
      norm = tf.norm(tape.gradient(score, middle), axis=1)
      penalty = tf.reduce_mean(tf.square(norm - 1.0))
      return {"real": real, "fake": fake, "penalty": penalty}

  return Critic()


def loss(outputs, inputs):
  import tensorflow as tf

  wasserstein = tf.reduce_mean(outputs["fake"]) - tf.reduce_mean(outputs["real"])
  return wasserstein + 10.0 * outputs["penalty"]


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
