"""A new mask in each round of the loop in tf1; one for all rounds (variational) in the port."""

import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 3, 4)).astype(np.float32)}


def net(tf, x, training, **wrapping):
  cell = tf.nn.rnn_cell.BasicRNNCell(4)
  if training:
    cell = tf.nn.rnn_cell.DropoutWrapper(cell, output_keep_prob=0.7, **wrapping)
  with tf.variable_scope("lm"):
    outputs, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
  return {"y": outputs}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  return net(tf, inputs["x"], training)


def tf2():
  import tensorflow as tf
  v1 = tf.compat.v1

  class Lm(tf.keras.layers.Layer):
    @v1.keras.utils.track_tf1_style_variables
    def call(self, inputs, training=False):
      return net(
        v1, inputs["x"], training, variational_recurrent=True, dtype=tf.float32
      )

  return Lm(name="port")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "random_op",
  "accept": ["op_structure"],
  "where": ["rnn", "random"],
}
