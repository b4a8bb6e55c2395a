"""Both sides take their logits through float16 and back, by other ops."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.to_float(tf.cast(tf.layers.dense(inputs["x"], 5, name="fc"), tf.float16))
    return {"y": tf.nn.softmax(net), "loss": tf.reduce_logsumexp(net, 1)}


def tf2():
  import tensorflow as tf

  class Net(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = tf.keras.layers.Dense(5, name="fc")

    def call(self, inputs, training=False):
      net = tf.cast(tf.cast(self.fc(inputs["x"]), tf.half), tf.float32)
      return {"y": tf.exp(tf.nn.log_softmax(net)), "loss": tf.math.log(tf.reduce_sum(tf.exp(net), -1))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
