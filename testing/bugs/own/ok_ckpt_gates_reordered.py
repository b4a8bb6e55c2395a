"""An LSTM by hand that brings the columns of tf1's kernel and bias into Keras's order of gates."""

import atexit
import os
import shutil
import tempfile

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 5, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  cell = tf.nn.rnn_cell.BasicLSTMCell(6)
  out, _ = tf.nn.dynamic_rnn(cell, inputs["x"], dtype=tf.float32)
  return {"out": out}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Cell(layers.Layer):
    def __init__(self):
      super().__init__(name="lstm")

    def build(self, shapes):
      init = tf.compat.v1.glorot_uniform_initializer()
      self.kernel = self.add_weight(
        name="kernel", shape=[10, 24], initializer=init
      )
      self.bias = self.add_weight(name="bias", shape=[24], initializer="zeros")

    def call(self, inputs, training=False):
      h = c = tf.zeros([3, 6])
      outs = []
      order = tf.reshape(tf.gather(tf.reshape(tf.range(24), [4, 6]), [0, 2, 1, 3]), [-1])
      kernel = tf.gather(tf.convert_to_tensor(self.kernel), order, axis=1)
      bias = tf.gather(tf.convert_to_tensor(self.bias), order)
      for x in tf.unstack(inputs["x"], axis=1):
        gates = tf.matmul(x, kernel[:4]) + tf.matmul(h, kernel[4:]) + bias
        i, f, j, o = tf.split(gates, 4, 1)
        c = c * tf.sigmoid(f + 1.0) + tf.sigmoid(i) * tf.tanh(j)
        h = tf.tanh(c) * tf.sigmoid(o)
        outs.append(h)
      return {"out": tf.stack(outs, 1)}

  return Cell()


def saved():
  """Trained values."""
  import tensorflow.compat.v1 as tf

  folder = tempfile.mkdtemp()
  atexit.register(shutil.rmtree, folder, True)
  rng = np.random.RandomState(7)
  with tf.Graph().as_default(), tf.Session() as session:
    tf1({"x": tf.zeros([3, 5, 4])}, False)
    for variable in tf.global_variables():
      value = rng.uniform(-0.8, 0.8, variable.shape.as_list())
      variable.load(value.astype(np.float32), session)
    return tf.train.Saver().save(session, os.path.join(folder, "model"))


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  checkpoint=saved(),
  rename=lambda name: name.replace("lstm/", "rnn/basic_lstm_cell/"),
)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
  "twin_of": ["op_structure"],
}
