"""Weight standardisation before a convolution: over window and inputs in TF1, over the window alone
in the port."""
import numpy as np
import parity


def inputs(rng):
  return {"image": rng.normal(size=(2, 6, 6, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  def ws_conv(net, width, name):
    with tf.variable_scope(name):
      kernel = tf.get_variable("kernel", [3, 3, net.shape[-1], width])
      mean, var = tf.nn.moments(kernel, [0, 1, 2], keep_dims=True)
      kernel = (kernel - mean) * tf.rsqrt(var + 1e-5)
      return tf.nn.conv2d(net, kernel, [1, 1, 1, 1], "SAME")

  with tf.variable_scope("ws", initializer=tf.glorot_uniform_initializer()):
    net = tf.nn.relu(ws_conv(inputs["image"], 6, "conv1"))
    net = tf.nn.relu(ws_conv(net, 4, "conv2"))
    return {"y": tf.reduce_mean(net, [1, 2])}


def tf2():
  import tensorflow as tf

  class Net(tf.Module):
    def __init__(self):
      super().__init__(name="ws")
      init = tf.compat.v1.glorot_uniform_initializer()
      self.kernels = [
        tf.Variable(init([3, 3, 3, 6]), name="ws/conv1/kernel"),
        tf.Variable(init([3, 3, 6, 4]), name="ws/conv2/kernel"),
      ]

    @tf.function
    def __call__(self, inputs, training=False):
      net = inputs["image"]
      for kernel in self.kernels:
        mean = tf.reduce_mean(kernel, axis=[0, 1], keepdims=True)
        var = tf.math.reduce_variance(kernel, axis=[0, 1], keepdims=True)
        kernel = (kernel - mean) / tf.sqrt(var + 1e-5)
        net = tf.nn.relu(tf.nn.conv2d(net, kernel, 1, "SAME"))
      return {"y": tf.reduce_mean(net, axis=[1, 2])}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training"],
  "cause": "constant",
  "accept": ["op_attribute", "op_structure"],
  "where": ["mean", "moments", "variance"],
}
