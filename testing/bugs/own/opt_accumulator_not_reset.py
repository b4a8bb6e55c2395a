"""Two batches are accumulated for an update; the port never clears its sums."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(6, 5)).astype(np.float32),
    "y": np.array([[1], [0], [1], [1], [0], [0]], np.float32),
  }


def model(tf, inputs, training):
  init = tf.glorot_uniform_initializer()
  with tf.variable_scope("net", initializer=init):
    net = tf.layers.dense(inputs["x"], 7, tf.nn.tanh, name="hidden")
    return {"logit": tf.layers.dense(net, 1, name="logit")}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  return model(tf, inputs, training)


def tf2():
  import tensorflow as tf

  v1 = tf.compat.v1

  class Port(tf.keras.layers.Layer):
    @v1.keras.utils.track_tf1_style_variables
    def call(self, inputs, training=False):
      return model(v1, inputs, training)

  return Port(name="port")


def loss(outputs, inputs):
  import tensorflow as tf

  return tf.reduce_mean(
    tf.nn.sigmoid_cross_entropy_with_logits(
      labels=inputs["y"], logits=outputs["logit"]
    )
  )


def tf1_optimizer():
  import tensorflow.compat.v1 as tf

  class EverySecond(tf.train.GradientDescentOptimizer):
    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
      grads, variables = zip(*grads_and_vars)
      sums = [self._zeros_slot(v, "sum", self._name) for v in variables]
      step = tf.train.get_or_create_global_step()
      with tf.control_dependencies([s.assign_add(g) for s, g in zip(sums, grads)]):
        turn = tf.cast(tf.equal(step % 2, 1), tf.float32)
        means = [turn * 0.5 * s.read_value() for s in sums]
      moved = super().apply_gradients(zip(means, variables), global_step, name)
      with tf.control_dependencies([moved]):
        return tf.group(*[s.assign(s.read_value() * (1.0 - turn)) for s in sums])

  return EverySecond(0.4)


def tf2_optimizer():
  import tensorflow as tf

  class EverySecond:
    def __init__(self, rate):
      self.rate, self.sums, self.calls = rate, {}, 0

    def apply_gradients(self, pairs):
      self.calls += 1
      for gradient, variable in pairs:
        slot = self.sums.get(variable.ref())
        if slot is None:
          slot = tf.Variable(tf.zeros_like(variable), trainable=False)
          self.sums[variable.ref()] = slot
        slot.assign_add(gradient)
        if self.calls % 2 == 0:
          variable.assign_sub(self.rate * 0.5 * slot)

  return EverySecond(0.4)


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  loss=loss,
  tf1_optimizer=tf1_optimizer,
  tf2_optimizer=tf2_optimizer,
  train_steps=4,
)
EXPECT = {
  "verdict": "fail",
  "check": "optimizer",
  "also_fail": [],
  "cause": "optimizer_formula",
  "accept": ["optimizer_hyperparameter"],
  "where": ["net/"],
}
