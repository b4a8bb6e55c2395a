"""A recommender's user tower in bfloat16 in the port, for the TPU's sake; TF1 was float32."""
import numpy as np
import parity


def inputs(rng):
  return {"user": rng.normal(size=(4, 8)).astype(np.float32),
          "item": rng.normal(size=(4, 8)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  user = tf.layers.dense(inputs["user"], 6, tf.nn.relu, name="user")
  item = tf.layers.dense(inputs["item"], 6, tf.nn.relu, name="item")
  return {"score": tf.reduce_sum(user * item, axis=1)}


def tf2():
  import tensorflow as tf
  v1 = tf.compat.v1

  class Towers(tf.keras.layers.Layer):
    @v1.keras.utils.track_tf1_style_variables
    def call(self, inputs, training=None):
      user = v1.layers.dense(inputs["user"], 6, tf.nn.relu, name="user")
      item = v1.layers.dense(inputs["item"], 6, tf.nn.relu, name="item")
      user = tf.cast(user, tf.bfloat16)
      return {"score": tf.reduce_sum(tf.cast(user * tf.cast(item, tf.bfloat16), tf.float32), 1)}

  return Towers(name="port")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "may_fail": ["constant_weights"],
  "cause": "precision",
  "accept": [],
  "where": ["cast", "bfloat16"],
}
