"""Top-one experts: TF1 sends each row to its expert by dynamic_partition and puts them back by
dynamic_stitch; the port runs every expert on every row and keeps one by tf.gather."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(7, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  x = inputs["x"]
  with tf.variable_scope("moe"):
    gates = tf.nn.softmax(tf.layers.dense(x, 3, name="gate"))
    chosen = tf.argmax(gates, 1, output_type=tf.int32)
    rows = tf.dynamic_partition(x, chosen, 3)
    places = tf.dynamic_partition(tf.range(7), chosen, 3)
    results = [
      tf.layers.dense(tf.reshape(r, [-1, 5]), 4, tf.nn.relu, name="expert_%d" % i)
      for i, r in enumerate(rows)
    ]
    y = tf.dynamic_stitch(places, results)
    return {"y": y * tf.reduce_max(gates, 1, keepdims=True), "load": tf.bincount(chosen, minlength=3)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Moe(layers.Layer):
    def __init__(self):
      super().__init__(name="moe")
      self.gate = layers.Dense(3, activation="softmax", name="gate")
      self.experts = [layers.Dense(4, "relu", name=f"expert_{i}") for i in range(3)]

    def call(self, inputs, training=False):
      gates = self.gate(inputs["x"])
      chosen = tf.argmax(gates, axis=-1, output_type=tf.int32)
      results = tf.stack([expert(inputs["x"]) for expert in self.experts], axis=1)
      y = tf.gather(results, chosen, axis=1, batch_dims=1)
      y *= tf.gather(gates, chosen, axis=1, batch_dims=1)[:, None]
      load = tf.reduce_sum(tf.one_hot(chosen, 3, dtype=tf.int32), axis=0)
      return {"y": y, "load": load}

  return Moe()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
