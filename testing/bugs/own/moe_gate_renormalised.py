"""A mixture of experts: TF1 keeps the two largest of the softmax's gates as they are; the port takes
the softmax of the two largest logits, which sums to one again."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(5, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("moe"):
    gates = tf.nn.softmax(tf.layers.dense(inputs["x"], 4, use_bias=False, name="gate"))
    values, chosen = tf.nn.top_k(gates, 2)
    dense_gates = tf.reduce_sum(tf.one_hot(chosen, 4) * tf.expand_dims(values, -1), 1)
    experts = tf.stack(
      [tf.layers.dense(inputs["x"], 3, tf.nn.relu, name="expert_%d" % i) for i in range(4)], 1
    )
    return {"y": tf.reduce_sum(experts * tf.expand_dims(dense_gates, 2), 1)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Moe(layers.Layer):
    def __init__(self):
      super().__init__(name="moe")
      self.gate = layers.Dense(4, use_bias=False, name="gate")
      self.experts = [layers.Dense(3, "relu", name=f"expert_{i}") for i in range(4)]

    def call(self, inputs, training=False):
      logits, chosen = tf.math.top_k(self.gate(inputs["x"]), 2)
      gates = tf.einsum("bk,bke->be", tf.nn.softmax(logits), tf.one_hot(chosen, 4))
      experts = tf.stack([expert(inputs["x"]) for expert in self.experts], 1)
      return {"y": tf.einsum("beo,be->bo", experts, gates)}

  return Moe()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["softmax", "topk", "top_k"],
}
