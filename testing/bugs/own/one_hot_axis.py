"""A board game net one-hots pieces to channels first, axis=1; the port leaves the axis at the end."""
import numpy as np
import parity


def inputs(rng):
  return {"board": rng.randint(0, 4, size=(2, 4, 4)).astype(np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  planes = tf.one_hot(inputs["board"], 4, axis=1)
  with tf.variable_scope("net"):
    return {"v": tf.layers.dense(tf.layers.flatten(planes), 3, name="fc")}


def tf2():
  import tensorflow as tf
  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.flatten = layers.Flatten()
      self.fc = layers.Dense(3, name="fc")

    def call(self, inputs, training=False):
      return {"v": self.fc(self.flatten(tf.one_hot(inputs["board"], 4)))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_attribute",
  "accept": ["op_structure"],
  "where": ["onehot", "one_hot"],
}
