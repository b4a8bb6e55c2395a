"""Two layer norms of one width changed places in the port; fresh ones are alike."""

import atexit
import os
import shutil
import tempfile

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  def norm(x, name):
    with tf.variable_scope(name):
      gamma = tf.get_variable("gamma", [6], initializer=tf.ones_initializer())
      beta = tf.get_variable("beta", [6], initializer=tf.zeros_initializer())
      mean, variance = tf.nn.moments(x, [-1], keepdims=True)
      return tf.nn.batch_normalization(x, mean, variance, beta, gamma, 1e-3)

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 6, name="fc1")
    net = norm(net, "ln_before")
    net = norm(net + tf.layers.dense(net, 6, tf.nn.relu, name="fc2"), "ln_after")
    return {"y": net}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc1 = layers.Dense(6, name="fc1")
      self.fc2 = layers.Dense(6, "relu", name="fc2")
      self.ln_before = layers.LayerNormalization(epsilon=1e-3, name="ln_before")
      self.ln_after = layers.LayerNormalization(epsilon=1e-3, name="ln_after")

    def call(self, inputs, training=False):
      net = self.ln_after(self.fc1(inputs["x"]))
      return {"y": self.ln_before(net + self.fc2(net))}

  return Net()


def saved():
  """Trained values."""
  import tensorflow.compat.v1 as tf

  folder = tempfile.mkdtemp()
  atexit.register(shutil.rmtree, folder, True)
  rng = np.random.RandomState(7)
  with tf.Graph().as_default(), tf.Session() as session:
    tf1({"x": tf.zeros([6, 5])}, False)
    for variable in tf.global_variables():
      value = rng.uniform(-0.8, 0.8, variable.shape.as_list())
      variable.load(value.astype(np.float32), session)
    return tf.train.Saver().save(session, os.path.join(folder, "model"))


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, checkpoint=saved())
EXPECT = {
  "verdict": "fail",
  "check": "checkpoint",
  "also_fail": [],
  "cause": "op_structure",
  "accept": ["constant", "variable_renamed"],
  "where": ["ln_before", "ln_after"],
}
