"""A tagger adds the two directions of bidirectional_dynamic_rnn; the port averages them, as
merge_mode="ave" would."""
import numpy as np
import parity


def inputs(rng):
  return {"tokens": rng.normal(size=(2, 5, 4)).astype(np.float32)}


def encode(tf, x):
  with tf.variable_scope("tagger"):
    (forward, backward), _ = tf.nn.bidirectional_dynamic_rnn(
      tf.nn.rnn_cell.GRUCell(3), tf.nn.rnn_cell.GRUCell(3), x, dtype=tf.float32)
  return forward, backward


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  forward, backward = encode(tf, inputs["tokens"])
  return {"states": forward + backward}


def tf2():
  import tensorflow as tf
  import tensorflow.compat.v1 as v1

  class Tagger(tf.keras.layers.Layer):
    @v1.keras.utils.track_tf1_style_variables
    def call(self, inputs, training=None):
      forward, backward = encode(v1, inputs["tokens"])
      return {"states": (forward + backward) / 2.0}

  return Tagger(name="port")


# TensorFlow cannot build dynamic_rnn under the shim in a functional model.
CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, functional=False)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["truediv", "realdiv", "add"],
}
