"""Sinusoidal positions with base 1000 in the port, 10000 in tf1; both made with NumPy."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 6, 8)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  angle = np.arange(6)[:, None] / np.power(10000.0, np.arange(0, 8, 2) / 8)
  table = np.concatenate([np.sin(angle), np.cos(angle)], 1).astype(np.float32)
  return {"y": tf.layers.dense(inputs["x"] + table, 4, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  angle = np.arange(6)[:, None] / np.power(1000.0, np.arange(0, 8, 2) / 8)
  table = np.concatenate([np.sin(angle), np.cos(angle)], 1).astype(np.float32)
  x = tf.keras.Input([6, 8], name="x")
  return tf.keras.Model({"x": x}, {"y": layers.Dense(4, name="fc")(x + table)})


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "constant",
  "accept": [],
  "where": ["add"],
}
