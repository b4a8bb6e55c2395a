"""An AlexNet that came from Caffe, whose alpha is divided by the window. TF1 had it divided, the port
writes Caffe's number. The variables are renamed as well."""
import numpy as np
import parity


def inputs(rng):
  return {"image": rng.uniform(0, 255, size=(2, 16, 16, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("alexnet"):
    net = tf.layers.conv2d(inputs["image"], 8, 5, 2, activation=tf.nn.relu, name="conv1")
    net = tf.nn.lrn(net, depth_radius=2, bias=1.0, alpha=1e-4 / 5, beta=0.75, name="norm1")
    net = tf.layers.max_pooling2d(net, 3, 2, name="pool1")
    net = tf.layers.dense(tf.layers.flatten(net), 10, name="fc6")
    return {"logits": tf.layers.dropout(net, 0.5, training=training)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class AlexNet(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.block = layers.Conv2D(8, 5, 2, activation="relu", name="block1")
      self.pool = layers.MaxPool2D(3, 2)
      self.flatten = layers.Flatten()
      self.head = layers.Dense(10, name="head")
      self.drop = layers.Dropout(0.5)

    def call(self, inputs, training=False):
      net = self.block(inputs["image"])
      net = tf.nn.local_response_normalization(net, 2, 1.0, 1e-4, 0.75)
      return {"logits": self.drop(self.head(self.flatten(self.pool(net))), training=training)}

  return AlexNet()


def rename(name):
  return name.replace("net/block1", "alexnet/conv1").replace("net/head", "alexnet/fc6")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, rename=rename)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_attribute",
  "accept": ["constant"],
  "where": ["lrn", "norm1"],
}
