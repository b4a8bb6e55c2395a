"""Dropout in both loops of bidirectional_dynamic_rnn; the same code under the shim goes step by step."""

import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 3, 4)).astype(np.float32)}


def net(tf, x, training):
  def cell():
    made = tf.nn.rnn_cell.GRUCell(4)
    if training:
      made = tf.nn.rnn_cell.DropoutWrapper(made, 0.8, 0.7)
    return made

  with tf.variable_scope("lm"):
    (ahead, back), _ = tf.nn.bidirectional_dynamic_rnn(
      cell(), cell(), x, dtype=tf.float32
    )
  return {"y": tf.concat([ahead, back], -1)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  return net(tf, inputs["x"], training)


def tf2():
  import tensorflow as tf
  v1 = tf.compat.v1

  class Lm(tf.keras.layers.Layer):
    @v1.keras.utils.track_tf1_style_variables
    def call(self, inputs, training=False):
      return net(v1, inputs["x"], training)

  return Lm(name="port")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
