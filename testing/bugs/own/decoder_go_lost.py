"""A decoder's inputs are its targets, one step late, after a start symbol. The port rolls the targets,
so that their last symbol comes first."""
import numpy as np
import parity

_GO = 1


def inputs(rng):
  return {
    "source": rng.normal(size=(2, 5, 4)).astype(np.float32),
    "targets": rng.randint(2, 12, size=(2, 6)).astype(np.int32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("s2s"):
    with tf.variable_scope("encoder"):
      _, state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(5), inputs["source"], dtype=tf.float32)
    table = tf.get_variable("embedding", [12, 4])
    go = tf.fill([tf.shape(inputs["targets"])[0], 1], _GO)
    late = tf.concat([go, inputs["targets"][:, :-1]], axis=1)
    with tf.variable_scope("decoder"):
      embedded = tf.nn.embedding_lookup(table, late)
      outputs, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(5), embedded, initial_state=state)
    return {"logits": tf.layers.dense(outputs, 12, name="vocabulary")}


def tf2():
  import tensorflow as tf

  v1 = tf.compat.v1

  class Seq2Seq(tf.keras.layers.Layer):
    @v1.keras.utils.track_tf1_style_variables
    def call(self, inputs, training=False):
      with v1.variable_scope("s2s"):
        with v1.variable_scope("encoder"):
          cell = v1.nn.rnn_cell.GRUCell(5)
          _, state = v1.nn.dynamic_rnn(cell, inputs["source"], dtype=tf.float32)
        table = v1.get_variable("embedding", [12, 4])
        late = tf.roll(inputs["targets"], shift=1, axis=1)
        with v1.variable_scope("decoder"):
          embedded = tf.nn.embedding_lookup(table, late)
          cell = v1.nn.rnn_cell.GRUCell(5)
          outputs, _ = v1.nn.dynamic_rnn(cell, embedded, initial_state=state)
        return {"logits": v1.layers.dense(outputs, 12, name="vocabulary")}

  return Seq2Seq(name="port")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant", "op_attribute"],
  "where": ["roll", "concat", "fill", "embedding_lookup", "gather"],
}
