"""Routing to the best two experts: weights of the chosen are renormalised in TF1; the port
takes them out of the softmax as they are."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  gates = tf.nn.softmax(tf.layers.dense(inputs["x"], 5, name="router"))
  best, which = tf.nn.top_k(gates, 2)
  return {"gates": best / tf.reduce_sum(best, 1, keepdims=True), "experts": which}


def tf2():
  import tensorflow as tf

  class Router(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.router = tf.keras.layers.Dense(5, name="router", activation="softmax")

    def call(self, inputs, training=False):
      best, which = tf.math.top_k(self.router(inputs["x"]), k=2)
      return {"gates": best, "experts": which}

  return Router()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name[len("outer/"):])
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["truediv", "realdiv", "sum"],
}
