"""The port has the bias, and never adds it; a fresh bias is zero and hides that."""

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

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 6, tf.nn.tanh, name="fc1")
    return {"y": tf.layers.dense(net, 3, name="fc2")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc1 = layers.Dense(6, "tanh", name="fc1")
      self.fc2 = layers.Dense(3, name="fc2")

    def call(self, inputs, training=False):
      net = self.fc1(inputs["x"])
      self.fc2(net)
      return {"y": tf.matmul(net, self.fc2.kernel)}

  return Net()


def saved():
  """Trained values."""
  import tensorflow.compat.v1 as tf

  folder = tempfile.mkdtemp()
  atexit.register(shutil.rmtree, folder, True)
  rng = np.random.RandomState(7)
  with tf.Graph().as_default(), tf.Session() as session:
    tf1({"x": tf.zeros([6, 5])}, True)
    for variable in tf.global_variables():
      value = rng.uniform(0.2, 0.9, variable.shape.as_list())
      variable.load(value.astype(np.float32), session)
    return tf.train.Saver().save(session, os.path.join(folder, "model"))


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, checkpoint=saved())
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["checkpoint"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["bias", "fc2"],
}
