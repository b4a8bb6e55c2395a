"""A tabular model: hand-written standardisation against Keras' Normalization, buckets by comparison
against Discretization, a vocabulary in another order against a lookup, one-hot products against rows."""
import numpy as np
import parity

_MEAN, _VARIANCE = [40.0, 2.5], [169.0, 1.44]
_EDGES = [18.0, 30.0, 50.0, 65.0]
_CITIES = ["berlin", "oslo", "rome"]


def inputs(rng):
  return {
    "numeric": np.stack([rng.uniform(15, 80, 6), rng.uniform(0, 5, 6)], 1).astype(np.float32),
    "city": np.array([b"rome", b"oslo", b"paris", b"berlin", b"rome", b""], object),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  numeric = inputs["numeric"]
  table = tf.lookup.StaticHashTable(
    tf.lookup.KeyValueTensorInitializer(_CITIES, [1, 2, 3], value_dtype=tf.int64), default_value=0
  )
  scaled = (numeric - tf.constant(_MEAN)) / tf.sqrt(tf.constant(_VARIANCE))
  age = tf.reduce_sum(tf.to_int32(numeric[:, :1] >= tf.constant([_EDGES])), 1)
  with tf.variable_scope("tabular"):
    ages = tf.get_variable("age", [5, 3], initializer=tf.glorot_uniform_initializer())
    cities = tf.get_variable("city", [4, 3], initializer=tf.glorot_uniform_initializer())
    parts = [scaled, tf.nn.embedding_lookup(ages, age)]
    parts.append(tf.nn.embedding_lookup(cities, table.lookup(inputs["city"])))
    net = tf.layers.dense(tf.concat(parts, 1), 6, tf.nn.relu, name="hidden")
    return {"bucket": age, "risk": tf.nn.sigmoid(tf.layers.dense(net, 1, name="risk"))}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Tabular(tf.Module):
    def __init__(self):
      super().__init__(name="tabular")
      init = tf.compat.v1.glorot_uniform_initializer()
      self.scale = layers.Normalization(axis=-1, mean=_MEAN, variance=_VARIANCE)
      self.buckets = layers.Discretization(bin_boundaries=_EDGES)
      self.lookup = layers.StringLookup(vocabulary=_CITIES, num_oov_indices=1)
      self.ages = tf.Variable(init([5, 3]), name="tabular/age")
      self.cities = tf.Variable(init([4, 3]), name="tabular/city")
      self.w1 = tf.Variable(init([8, 6]), name="tabular/hidden/kernel")
      self.b1 = tf.Variable(tf.zeros([6]), name="tabular/hidden/bias")
      self.w2 = tf.Variable(init([6, 1]), name="tabular/risk/kernel")
      self.b2 = tf.Variable(tf.zeros([1]), name="tabular/risk/bias")

    def __call__(self, inputs, training=False):
      age = tf.cast(self.buckets(inputs["numeric"][:, 0]), tf.int32)
      city = self.lookup(inputs["city"])
      w_scaled, w_age, w_city = tf.split(self.w1, [2, 3, 3])
      net = tf.convert_to_tensor(self.scale(inputs["numeric"])) @ w_scaled
      net += tf.one_hot(age, 5) @ (self.ages @ w_age)
      net += tf.gather(self.cities @ w_city, city)
      net = tf.nn.relu(net + self.b1)
      return {"bucket": age, "risk": tf.sigmoid(net @ self.w2 + self.b2)}

  return Tabular()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
