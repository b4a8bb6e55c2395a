"""A home-made norm that forgets its moving mean at inference.

Fresh statistics are zero and one, and hide it; trained ones do not."""

import atexit
import os
import shutil
import tempfile

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(1.0, size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.batch_normalization(
      inputs["x"], training=training, epsilon=1e-3, name="bn", fused=False
    )
    return {"y": tf.layers.dense(net, 3, name="fc")}


def saved():
  """Trained values."""
  import tensorflow.compat.v1 as tf

  folder = tempfile.mkdtemp()
  atexit.register(shutil.rmtree, folder, True)
  rng = np.random.RandomState(7)
  with tf.Graph().as_default(), tf.Session() as session:
    tf1({"x": tf.zeros([6, 5])}, True)
    for variable in tf.global_variables():
      value = rng.uniform(0.2, 0.9, variable.shape.as_list())
      variable.load(value.astype(np.float32), session)
    return tf.train.Saver().save(session, os.path.join(folder, "model"))


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Norm(layers.Layer):
    def build(self, shape):
      def add(name, value, trainable):
        return self.add_weight(
          name=name, shape=shape[-1:], initializer=value, trainable=trainable
        )

      self.gamma, self.beta = add("gamma", "ones", True), add("beta", "zeros", True)
      self.mean = add("moving_mean", "zeros", False)
      self.variance = add("moving_variance", "ones", False)

    def call(self, x, training=False):
      if training:
        mean, variance = tf.nn.moments(x, [0])
        self.mean.assign(0.99 * self.mean + 0.01 * mean)
        self.variance.assign(0.99 * self.variance + 0.01 * variance)
        x = (x - mean) * tf.math.rsqrt(variance + 1e-3)
      else:
        x = x * tf.math.rsqrt(self.variance + 1e-3)
      return x * self.gamma + self.beta

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.bn = Norm(name="bn")
      self.fc = layers.Dense(3, name="fc")

    def call(self, inputs, training=False):
      return {"y": self.fc(self.bn(inputs["x"], training=training))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, checkpoint=saved())
EXPECT = {
  "verdict": "fail",
  "check": "checkpoint",
  "also_fail": [],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["moving_mean", "sub", "bn"],
  "may_fail": ["constant_weights"],
}
