"""Center loss: tf1 scatters a share of each example, the port adds them up by class."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(6, 5)).astype(np.float32),
    "label": np.array([0, 2, 2, 1, 2, 0], np.int32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net", use_resource=True):
    features = tf.layers.dense(inputs["x"], 4, name="fc")
    centers = tf.get_variable(
      "centers", [3, 4], initializer=tf.zeros_initializer(), trainable=False
    )
    labels = inputs["label"]
    away = tf.gather(centers, labels) - features
    if training:
      _, which, counts = tf.unique_with_counts(labels)
      times = tf.cast(tf.gather(counts, which), tf.float32)[:, None]
      moves = tf.scatter_sub(centers, labels, 0.5 * away / (1.0 + times))
      tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, moves)
    return {"features": features, "distance": tf.reduce_sum(away**2, 1)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(4, name="fc")

    def build(self, shapes):
      self.centers = self.add_weight(
        name="centers", shape=[3, 4], initializer="zeros", trainable=False
      )

    def call(self, inputs, training=False):
      features, labels = self.fc(inputs["x"]), inputs["label"]
      centers = tf.convert_to_tensor(self.centers)
      away = tf.gather(centers, labels) - features
      if training:
        sums = tf.math.unsorted_segment_sum(away, labels, 3)
        times = tf.reduce_sum(tf.one_hot(labels, 3), 0)
        self.centers.assign(centers - 0.5 * sums / (1.0 + times[:, None]))
      return {"features": features, "distance": tf.reduce_sum(away**2, 1)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
  "twin_of": ["op_structure", "update_missing"],
}
