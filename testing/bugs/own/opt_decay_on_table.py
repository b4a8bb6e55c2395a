"""tf1 decays the rows that a batch looked up; AdamW decays the whole table.

The decay stands beside Adam on both sides, so only idle rows tell."""

import numpy as np

import parity


def inputs(rng):
  return {
    "ids": np.array([[1, 4, 4], [0, 2, 1]], np.int32),
    "y": np.array([[1], [0]], np.float32),
  }


def model(tf, inputs, training):
  init = tf.random_normal_initializer(stddev=0.3)
  with tf.variable_scope("words", initializer=init):
    table = tf.get_variable("table", [9, 4])
    net = tf.reduce_sum(tf.nn.embedding_lookup(table, inputs["ids"]), 1)
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

  class RowDecayAdam(tf.train.AdamOptimizer):
    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
      pairs = list(grads_and_vars)
      decays = []
      for gradient, variable in pairs:
        if isinstance(gradient, tf.IndexedSlices):
          rows, _ = tf.unique(gradient.indices)
          decays.append(
            tf.scatter_sub(variable, rows, 0.01 * tf.gather(variable, rows))
          )
        else:
          decays.append(variable.assign_sub(0.01 * variable))
      with tf.control_dependencies(decays):
        return super().apply_gradients(pairs, global_step, name)

  return RowDecayAdam(0.05, epsilon=1e-5)


def tf2_optimizer():
  import tensorflow as tf

  return tf.keras.optimizers.AdamW(0.05, weight_decay=0.2, epsilon=1e-5)


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
  "where": ["words/table", "rows"],
}
