"""contrib's layer_norm takes its moments over all axes but the batch; Keras's over the last."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(1.0, 2.0, size=(3, 4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  x = inputs["x"]
  with tf.variable_scope("ln"):
    gamma = tf.get_variable("gamma", [6], initializer=tf.ones_initializer())
    beta = tf.get_variable("beta", [6], initializer=tf.zeros_initializer())
  mean, var = tf.nn.moments(x, [1, 2], keep_dims=True)
  return {"y": tf.nn.batch_normalization(x, mean, var, beta, gamma, 1e-12)}


def tf2():
  import tensorflow as tf

  class Net(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.ln = tf.keras.layers.LayerNormalization(epsilon=1e-12, name="ln")

    def call(self, inputs, training=False):
      return {"y": self.ln(inputs["x"])}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.split("net/")[-1])
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "may_fail": ["variables_match"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["moments", "mean", "ln"],
}
