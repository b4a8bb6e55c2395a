"""Mean over time became mean over channels; both have length 6."""

import numpy as np

import parity


def inputs(rng):
  return {"frames": rng.normal(size=(3, 6, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  net = tf.reduce_mean(inputs["frames"], axis=1)
  return {"logits": tf.layers.dense(net, 3, name="head")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  return_mean = layers.Lambda(lambda x: tf.reduce_mean(x, axis=-1))
  frames = tf.keras.Input([6, 6], name="frames")
  return tf.keras.Model(
    {"frames": frames},
    {"logits": layers.Dense(3, name="head")(return_mean(frames))},
  )


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "constant",
  "accept": ["op_attribute", "op_structure"],
  "where": ["mean"],
}
