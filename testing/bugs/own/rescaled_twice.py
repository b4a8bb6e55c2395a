"""The input pipeline divides by 255; a Rescaling layer in the port does so again."""
import numpy as np
import parity


def inputs(rng):
  return {"pixels": rng.randint(0, 256, size=(2, 6, 6, 3)).astype(np.uint8)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  x = tf.image.convert_image_dtype(inputs["pixels"], tf.float32)
  with tf.variable_scope("net"):
    return {"y": tf.layers.conv2d(x, 4, 3, activation=tf.nn.relu, name="c")}


def tf2():
  import tensorflow as tf
  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.rescale = layers.Rescaling(1 / 255.0)
      self.c = layers.Conv2D(4, 3, activation="relu", name="c")

    def call(self, inputs, training=False):
      x = tf.image.convert_image_dtype(inputs["pixels"], tf.float32)
      return {"y": self.c(self.rescale(x))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["mul", "rescal"],
}
