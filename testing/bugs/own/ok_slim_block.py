"""slim's conv with batch norm in an arg_scope, and the same as Keras layers with Keras names."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 6, 6, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf
  import tf_slim as slim

  with slim.arg_scope([slim.conv2d], normalizer_fn=slim.batch_norm,
                      normalizer_params={"is_training": training, "decay": 0.9, "scale": True},
                      weights_initializer=tf.glorot_uniform_initializer()):
    net = slim.conv2d(inputs["x"], 4, 3, stride=2, scope="c1")
    return {"y": slim.conv2d(net, 5, 1, activation_fn=None, scope="c2")}


def tf2():
  import tensorflow as tf
  layers = tf.keras.layers

  def init():
    return tf.compat.v1.glorot_uniform_initializer()

  class Block(layers.Layer):
    def __init__(self):
      super().__init__(name="block")
      self.c1 = layers.Conv2D(4, 3, 2, "same", use_bias=False, kernel_initializer=init(), name="c1")
      self.b1 = layers.BatchNormalization(momentum=0.9, epsilon=1e-3, name="b1")
      self.c2 = layers.Conv2D(5, 1, use_bias=False, kernel_initializer=init(), name="c2")
      self.b2 = layers.BatchNormalization(momentum=0.9, epsilon=1e-3, name="b2")

    def call(self, inputs, training=False):
      net = tf.nn.relu(self.b1(self.c1(inputs["x"]), training=training))
      return {"y": self.b2(self.c2(net), training=training)}

  return Block()


def rename(name):
  name = name.replace("block/", "").replace("/kernel", "/weights")
  return name.replace("b1/", "c1/BatchNorm/").replace("b2/", "c2/BatchNorm/")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, rename=rename)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
