"""Ghost batch norm: virtual_batch_size=3 of tf.layers.batch_normalization was left out when
the layer became Keras's."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(1.0, 2.0, size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 4, name="fc")
    net = tf.layers.batch_normalization(
      net, virtual_batch_size=3, training=training, name="bn")
    return {"y": tf.nn.relu(net)}


def tf2():
  import tensorflow as tf

  class Net(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = tf.keras.layers.Dense(4, name="fc")
      self.bn = tf.keras.layers.BatchNormalization(name="bn")

    def call(self, inputs, training=False):
      return {"y": tf.nn.relu(self.bn(self.fc(inputs["x"]), training=training))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "variables_match",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "variable_shape",
  "accept": [],
  "where": ["bn/gamma"],
}
