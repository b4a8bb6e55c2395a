"""ExponentialMovingAverage ramps its decay up with num_updates; the port's decay is fixed."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net", use_resource=True):
    net = tf.layers.dense(inputs["x"], 3, name="fc")
    mean = tf.get_variable(
      "mean", [3], initializer=tf.ones_initializer(), trainable=False
    )
    seen = tf.get_variable(
      "seen", [], initializer=tf.zeros_initializer(), trainable=False
    )
    if training:
      decay = tf.minimum(0.99, (1.0 + seen) / (10.0 + seen))
      new = decay * mean + (1.0 - decay) * tf.reduce_mean(net, 0)
      with tf.control_dependencies([new]):
        step = seen.assign_add(1.0)
      tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, mean.assign(new).op)
      tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, step.op)
    return {"y": net}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(3, name="fc")

    def build(self, shapes):
      def add(name, shape, value):
        return self.add_weight(
          name=name, shape=shape, initializer=value, trainable=False
        )

      self.mean, self.seen = add("mean", [3], "ones"), add("seen", [], "zeros")

    def call(self, inputs, training=False):
      net = self.fc(inputs["x"])
      if training:
        self.mean.assign(0.99 * self.mean + 0.01 * tf.reduce_mean(net, 0))
        self.seen.assign_add(1.0)
      return {"y": net}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "constant",
  "accept": ["op_structure", "update_missing"],
  "where": ["net/mean"],
}
