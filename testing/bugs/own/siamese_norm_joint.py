"""Two towers share a batch normalisation. TF1 calls it for each; the port, to be faster, stacks both
images into one batch, whose statistics are those of both."""
import numpy as np
import parity


def inputs(rng):
  return {
    "left": rng.normal(0.0, 1.0, size=(3, 6, 6, 1)).astype(np.float32),
    "right": rng.normal(0.5, 2.0, size=(3, 6, 6, 1)).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  def tower(x):
    with tf.variable_scope("tower", reuse=tf.AUTO_REUSE):
      net = tf.layers.conv2d(x, 4, 3, use_bias=False, name="conv")
      net = tf.layers.batch_normalization(net, training=training, momentum=0.9, name="bn")
      net = tf.reduce_mean(tf.nn.relu(net), [1, 2])
      return tf.nn.l2_normalize(tf.layers.dense(net, 3, name="embed"), 1)

  with tf.variable_scope("match"):
    left, right = tower(inputs["left"]), tower(inputs["right"])
    return {"cosine": tf.reduce_sum(left * right, 1)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Tower(layers.Layer):
    def __init__(self):
      super().__init__(name="tower")
      self.conv = layers.Conv2D(4, 3, use_bias=False, name="conv")
      self.bn = layers.BatchNormalization(momentum=0.9, epsilon=1e-3, name="bn")
      self.embed = layers.Dense(3, name="embed")

    def call(self, x, training=False):
      net = tf.nn.relu(self.bn(self.conv(x), training=training))
      return tf.nn.l2_normalize(self.embed(tf.reduce_mean(net, [1, 2])), 1)

  class Match(layers.Layer):
    def __init__(self):
      super().__init__(name="match")
      self.tower = Tower()

    def call(self, inputs, training=False):
      both = self.tower(tf.concat([inputs["left"], inputs["right"]], 0), training=training)
      left, right = tf.split(both, 2)
      return {"cosine": tf.reduce_sum(left * right, 1)}

  return Match()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "op_structure",
  "accept": ["update_missing"],
  "where": ["concat", "fusedbatchnorm", "tower/bn"],
}
