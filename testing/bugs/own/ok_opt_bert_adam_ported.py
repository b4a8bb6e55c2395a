"""BERT's Adam without bias correction, rewritten as a Keras optimizer."""

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

  class BertAdam(tf.train.Optimizer):
    def __init__(self, rate):
      super().__init__(False, "BertAdam")
      self.rate = rate

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
      done = []
      for grad, param in grads_and_vars:
        m, v = (
          tf.get_variable(
            param.op.name + suffix, param.shape.as_list(),
            initializer=tf.zeros_initializer(), trainable=False,
          )
          for suffix in ("/adam_m", "/adam_v")
        )
        next_m = 0.9 * m + 0.1 * grad
        next_v = 0.999 * v + 0.001 * tf.square(grad)
        update = next_m / (tf.sqrt(next_v) + 1e-6)
        if "bias" not in param.name:
          update += 0.01 * param
        done += [
          param.assign_sub(self.rate * update), m.assign(next_m), v.assign(next_v)
        ]
      return tf.group(*done)

  return BertAdam(0.01)


def tf2_optimizer():
  import tensorflow as tf

  class BertAdam(tf.keras.optimizers.Optimizer):
    def __init__(self, rate, name="BertAdam", **kwargs):
      super().__init__(name=name, **kwargs)
      self._learning_rate = self._build_learning_rate(rate)

    def build(self, var_list):
      super().build(var_list)
      if hasattr(self, "_built") and self._built:
        return
      self._built = True
      self.m = [self.add_variable_from_reference(v, "m") for v in var_list]
      self.v = [self.add_variable_from_reference(v, "v") for v in var_list]

    def update_step(self, gradient, variable):
      place = self._index_dict[self._var_key(variable)]
      m, v = self.m[place], self.v[place]
      m.assign(0.9 * m + 0.1 * gradient)
      v.assign(0.999 * v + 0.001 * tf.square(gradient))
      update = m / (tf.sqrt(v) + 1e-6)
      if "bias" not in variable.name:
        update += 0.01 * variable
      variable.assign_sub(self.learning_rate * update)

    def get_config(self):
      return {**super().get_config(), "rate": float(self.learning_rate.numpy())}

  return BertAdam(0.01)


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  loss=loss,
  tf1_optimizer=tf1_optimizer,
  tf2_optimizer=tf2_optimizer,
)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
