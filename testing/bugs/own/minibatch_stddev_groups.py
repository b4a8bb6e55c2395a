"""A critic's minibatch standard deviation: TF1 groups images that lie G apart, as ProGAN does
([G, M, ...]), the port groups neighbours ([M, G, ...])."""
import numpy as np
import parity


def inputs(rng):
  return {"images": rng.normal(size=(4, 6, 6, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  def minibatch_stddev(net, group=2):
    _, h, w, c = net.shape.as_list()
    y = tf.reshape(net, [group, -1, h, w, c])
    y -= tf.reduce_mean(y, axis=0, keepdims=True)
    y = tf.sqrt(tf.reduce_mean(tf.square(y), axis=0) + 1e-8)
    y = tf.reduce_mean(y, axis=[1, 2, 3], keepdims=True)
    return tf.concat([net, tf.tile(y, [group, h, w, 1])], 3)

  with tf.variable_scope("critic"):
    net = tf.layers.conv2d(inputs["images"], 4, 3, strides=2, padding="same", name="from_rgb")
    net = minibatch_stddev(tf.nn.leaky_relu(net, 0.2))
    features = tf.layers.conv2d(net, 5, 3, padding="same", name="conv")
    score = tf.layers.dense(tf.layers.flatten(features), 1, name="score")
    return {"stddev": net[:, 0, 0, -1], "score": score}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Critic(layers.Layer):
    def __init__(self):
      super().__init__(name="critic")
      self.from_rgb = layers.Conv2D(4, 3, 2, padding="same", name="from_rgb")
      self.conv = layers.Conv2D(5, 3, padding="same", name="conv")
      self.flatten = layers.Flatten()
      self.score = layers.Dense(1, name="score")

    @staticmethod
    def stddev(net, group=2):
      _, h, w, c = net.shape
      y = tf.reshape(net, [-1, group, h, w, c])
      y = tf.math.reduce_std(y, axis=1)
      y = tf.reduce_mean(y, axis=[1, 2, 3], keepdims=True)
      return tf.concat([net, tf.tile(tf.repeat(y, group, axis=0), [1, h, w, 1])], 3)

    def call(self, inputs, training=False):
      net = tf.nn.leaky_relu(self.from_rgb(inputs["images"]), 0.2)
      net = self.stddev(net)
      score = self.score(self.flatten(self.conv(net)))
      return {"stddev": net[:, 0, 0, -1], "score": score}

  return Critic()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant", "op_attribute"],
  "where": ["reshape", "mean", "std", "tile"],
}
