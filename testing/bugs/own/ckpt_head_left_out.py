"""A checkpoint for fine-tuning, without the head."""

import atexit
import os
import shutil
import tempfile

import numpy as np

import parity


ENTRIES = {
  "net/fc1/kernel": ((5, 6), "float32"),
  "net/fc1/bias": ((6,), "float32"),
}


def inputs(rng):
  return {"x": rng.normal(size=(4, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 6, tf.nn.tanh, name="fc1")
    return {"y": tf.layers.dense(net, 3, name="fc2")}


def saved():
  """The checkpoint as its writer left it."""
  import tensorflow.compat.v1 as tf

  folder = tempfile.mkdtemp()
  atexit.register(shutil.rmtree, folder, True)
  rng = np.random.RandomState(7)
  with tf.Graph().as_default(), tf.Session() as session:
    made = [
      tf.get_variable(
        name, initializer=rng.uniform(-0.5, 0.5, shape).astype(dtype)
      )
      for name, (shape, dtype) in ENTRIES.items()
    ]
    session.run(tf.global_variables_initializer())
    return tf.train.Saver(made).save(session, os.path.join(folder, "model"))


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc1 = layers.Dense(6, "tanh", name="fc1")
      self.fc2 = layers.Dense(3, name="fc2")

    def call(self, inputs, training=False):
      return {"y": self.fc2(self.fc1(inputs["x"]))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, checkpoint=saved())
EXPECT = {
  "verdict": "fail",
  "check": "checkpoint",
  "also_fail": [],
  "cause": "checkpoint_unmapped",
  "accept": ["variable_missing"],
  "where": ["net/fc2/kernel"],
}
