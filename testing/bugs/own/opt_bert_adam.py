"""BERT's own Adam, as its repository has it, against Keras's AdamW.

The old one decays weights by itself and never corrects the bias of the moments,
on purpose; AdamW does."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(6, 5)).astype(np.float32),
    "y": np.array([[1], [0], [1], [1], [0], [0]], np.float32),
  }


def model(tf, inputs, training):
  init = tf.glorot_uniform_initializer()
  with tf.variable_scope("bert", initializer=init):
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

  class AdamWeightDecayOptimizer(tf.train.Optimizer):
    def __init__(self, learning_rate, weight_decay_rate, exclude):
      super().__init__(False, "AdamWeightDecayOptimizer")
      self.learning_rate = learning_rate
      self.weight_decay_rate = weight_decay_rate
      self.exclude = exclude

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
      assignments = []
      for grad, param in grads_and_vars:
        if grad is None:
          continue
        zeros = tf.zeros_initializer()
        shape = param.shape.as_list()
        m = tf.get_variable(
          param.op.name + "/adam_m", shape, initializer=zeros, trainable=False
        )
        v = tf.get_variable(
          param.op.name + "/adam_v", shape, initializer=zeros, trainable=False
        )
        next_m = 0.9 * m + 0.1 * grad
        next_v = 0.999 * v + 0.001 * tf.square(grad)
        update = next_m / (tf.sqrt(next_v) + 1e-6)
        if not any(word in param.name for word in self.exclude):
          update += self.weight_decay_rate * param
        assignments += [
          param.assign_sub(self.learning_rate * update),
          m.assign(next_m),
          v.assign(next_v),
        ]
      if global_step is not None:
        assignments.append(global_step.assign_add(1))
      return tf.group(*assignments)

  return AdamWeightDecayOptimizer(0.01, 0.01, ["bias"])


def tf2_optimizer():
  import tensorflow as tf

  optimizer = tf.keras.optimizers.AdamW(0.01, weight_decay=0.01, epsilon=1e-6)
  optimizer.exclude_from_weight_decay(var_names=["bias"])
  return optimizer


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
  "where": ["bert/", "bias of the moments", "adamw"],
}
