"""Monte-Carlo dropout is on at inference too in TF1; the port passes the flag on."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(5, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("mc"):
    net = tf.layers.dense(inputs["x"], 8, tf.nn.relu, name="fc")
    net = tf.layers.dropout(net, 0.4, training=True)
    return {"y": tf.layers.dense(net, 2, name="out")}


def tf2():
  import tensorflow as tf
  layers = tf.keras.layers

  class Mc(layers.Layer):
    def __init__(self):
      super().__init__(name="mc")
      self.fc, self.drop = layers.Dense(8, "relu", name="fc"), layers.Dropout(0.4)
      self.out = layers.Dense(2, name="out")

    def call(self, inputs, training=False):
      return {"y": self.out(self.drop(self.fc(inputs["x"]), training=training))}

  return Mc()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": [],
  "may_fail": ["constant_weights"],
  "cause": "training_flag",
  "accept": ["random_op"],
  "where": ["dropout", "random_uniform"],
}
