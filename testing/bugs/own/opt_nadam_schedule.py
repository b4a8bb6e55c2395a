"""Contrib's Nadam, inlined, against Keras's, which warms its momentum up."""

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

  class NadamOptimizer(tf.train.AdamOptimizer):
    def _resource_apply_dense(self, grad, var):
      m, v = self.get_slot(var, "m"), self.get_slot(var, "v")
      beta1_power, beta2_power = self._get_beta_accumulators()
      return tf.raw_ops.ResourceApplyAdam(
        var=var.handle, m=m.handle, v=v.handle, beta1_power=beta1_power,
        beta2_power=beta2_power, lr=self._lr_t, beta1=self._beta1_t,
        beta2=self._beta2_t, epsilon=self._epsilon_t, grad=grad,
        use_nesterov=True,
      )

    def _apply_dense(self, grad, var):
      m, v = self.get_slot(var, "m"), self.get_slot(var, "v")
      beta1_power, beta2_power = self._get_beta_accumulators()
      return tf.raw_ops.ApplyAdam(
        var=var, m=m, v=v, beta1_power=beta1_power, beta2_power=beta2_power,
        lr=self._lr_t, beta1=self._beta1_t, beta2=self._beta2_t,
        epsilon=self._epsilon_t, grad=grad, use_nesterov=True,
      ).op

  return NadamOptimizer(0.02, epsilon=1e-7)


def tf2_optimizer():
  import tensorflow as tf

  return tf.keras.optimizers.Nadam(0.02)


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  loss=loss,
  tf1_optimizer=tf1_optimizer,
  tf2_optimizer=tf2_optimizer,
)
EXPECT = {
  "verdict": "fail",
  "check": "optimizer",
  "also_fail": [],
  "cause": "optimizer_formula",
  "accept": ["optimizer_hyperparameter"],
  "where": ["nadam", "net/"],
}
