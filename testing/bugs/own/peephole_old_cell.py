"""LSTMCell with peepholes: the output gate looks at the new cell. The port's step looks at
the old one with all three gates."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 4, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("am", initializer=tf.random_uniform_initializer(-0.5, 0.5)):
    cell = tf.nn.rnn_cell.LSTMCell(4, use_peepholes=True, name="lstm_cell")
    outputs, _ = tf.nn.static_rnn(cell, tf.unstack(inputs["x"], axis=1), dtype=tf.float32)
  return {"last": outputs[-1]}


def tf2():
  import tensorflow as tf
  v1 = tf.compat.v1

  class Acoustic(tf.keras.layers.Layer):
    @v1.keras.utils.track_tf1_style_variables
    def call(self, inputs, training=None):
      init = v1.random_uniform_initializer(-0.5, 0.5)
      with v1.variable_scope("am/rnn/lstm_cell", initializer=init):
        kernel = v1.get_variable("kernel", [9, 16])
        bias = v1.get_variable("bias", [16], initializer=v1.zeros_initializer())
        w_f = v1.get_variable("w_f_diag", [4])
        w_i = v1.get_variable("w_i_diag", [4])
        w_o = v1.get_variable("w_o_diag", [4])
      h = c = tf.zeros([3, 4])
      for step in tf.unstack(inputs["x"], axis=1):
        i, j, f, o = tf.split(tf.concat([step, h], 1) @ kernel + bias, 4, axis=1)
        new = tf.sigmoid(f + 1.0 + w_f * c) * c + tf.sigmoid(i + w_i * c) * tf.tanh(j)
        h, c = tf.sigmoid(o + w_o * c) * tf.tanh(new), new
      return {"last": h}

  return Acoustic(name="port")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["mul", "w_o_diag"],
}
