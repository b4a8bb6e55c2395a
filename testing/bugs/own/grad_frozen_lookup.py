"""The port stops the gradient behind its embedding; tf1 trained the table."""

import numpy as np

import parity


def inputs(rng):
  return {
    "ids": np.array([[1, 4, 3], [0, 2, 1]], np.int32),
    "y": np.array([[1], [0]], np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("words"):
    table = tf.get_variable(
      "table", [9, 4], initializer=tf.random_normal_initializer(stddev=0.3)
    )
    net = tf.reduce_sum(tf.nn.embedding_lookup(table, inputs["ids"]), 1)
    return {"logit": tf.layers.dense(net, 1, name="logit")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Words(layers.Layer):
    def __init__(self):
      super().__init__(name="words")
      self.head = layers.Dense(1, name="logit")

    def build(self, shapes):
      self.table = self.add_weight(
        name="table", shape=[9, 4],
        initializer=tf.keras.initializers.RandomNormal(stddev=0.3),
      )
      super().build(shapes)

    def call(self, inputs, training=False):
      rows = tf.stop_gradient(tf.gather(self.table, inputs["ids"]))
      return {"logit": self.head(tf.reduce_sum(rows, 1))}

  return Words()


def loss(outputs, inputs):
  import tensorflow as tf

  return tf.reduce_mean(
    tf.nn.sigmoid_cross_entropy_with_logits(
      labels=inputs["y"], logits=outputs["logit"]
    )
  )


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "fail",
  "check": "gradients",
  "also_fail": [],
  "cause": "op_structure",
  "accept": ["op_attribute", "variable_trainable"],
  "where": ["words/table", "stop"],
}
