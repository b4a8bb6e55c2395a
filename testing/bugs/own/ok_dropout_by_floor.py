"""Dropout as an op in TF1; the port draws itself and keeps by floor(keep + uniform)."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 8)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 8, tf.nn.elu, name="fc")
    if training:
      net = tf.nn.dropout(net, rate=0.25)
    return {"y": net}


def tf2():
  import tensorflow as tf

  class Net(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = tf.keras.layers.Dense(8, "elu", name="fc")

    def call(self, inputs, training=False):
      net = self.fc(inputs["x"])
      if training:
        kept = tf.floor(0.75 + tf.random.uniform(tf.shape(net)))
        net = net / 0.75 * kept
      return {"y": net}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
