"""A frozen backbone: TF1's batch norm has training=False for good, the port trains it."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(1.0, 2.0, size=(4, 5, 5, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("bb"):
    net = tf.layers.conv2d(inputs["x"], 4, 3, name="c")
    return {"y": tf.nn.relu(tf.layers.batch_normalization(net, training=False, name="bn"))}


def tf2():
  import tensorflow as tf
  v1 = tf.compat.v1

  class Backbone(tf.keras.layers.Layer):
    @v1.keras.utils.track_tf1_style_variables
    def call(self, inputs, training=False):
      with v1.variable_scope("bb"):
        net = v1.layers.conv2d(inputs["x"], 4, 3, name="c")
        return {"y": tf.nn.relu(v1.layers.batch_normalization(net, training=training, name="bn"))}

  return Backbone(name="port")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "training_flag",
  "accept": [],
  "where": ["bn"],
}
