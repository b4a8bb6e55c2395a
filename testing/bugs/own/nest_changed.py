"""tf1 returned a pair of logits and probabilities; the port a dict."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  logits = tf.layers.dense(inputs["x"], 3, name="fc")
  return logits, tf.nn.softmax(logits)


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  x = tf.keras.Input([6], name="x")
  logits = layers.Dense(3, name="fc")(x)
  return tf.keras.Model(
    {"x": x}, {"logits": logits, "probabilities": tf.nn.softmax(logits)}
  )


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["nest", "logits"],
}
