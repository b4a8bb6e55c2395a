"""A ranking model's input layer: numbers, an embedding and an indicator column, then two dense layers.

The port has no feature columns any more. It joins the parts as `input_layer` does, sorted by the columns'
names (age, city_embedding, device_indicator).
"""
import numpy as np
import parity


def inputs(rng):
    return {"device": rng.randint(0, 3, size=(5, 1)).astype(np.int32),
            "city": rng.randint(0, 12, size=(5, 1)).astype(np.int32),
            "age": rng.uniform(18, 80, size=(5, 1)).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    column = tf.feature_column
    device = column.indicator_column(column.categorical_column_with_identity("device", 3))
    city = column.embedding_column(column.categorical_column_with_identity("city", 12), 4,
                                   initializer=tf.truncated_normal_initializer(stddev=0.5))
    age = column.bucketized_column(column.numeric_column("age"), [25.0, 40.0, 60.0])
    with tf.variable_scope("rank", initializer=tf.glorot_uniform_initializer()):
        net = column.input_layer(dict(inputs), [device, city, age])
        net = tf.layers.dense(net, 8, tf.nn.relu, name="hidden")
        return {"logit": tf.layers.dense(net, 1, name="logit")}


def tf2():
    import tensorflow as tf
    v1 = tf.compat.v1

    class Ranker(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.ages = tf.keras.layers.Discretization(bin_boundaries=[25.0, 40.0, 60.0])
            self.city = tf.keras.layers.Embedding(
                12, 4, name="city", embeddings_initializer=v1.truncated_normal_initializer(stddev=0.5))
            self.hidden = tf.keras.layers.Dense(
                8, "relu", kernel_initializer=v1.glorot_uniform_initializer(), name="hidden")
            self.logit = tf.keras.layers.Dense(
                1, kernel_initializer=v1.glorot_uniform_initializer(), name="logit")

        def call(self, inputs, training=None):
            parts = [tf.one_hot(self.ages(inputs["age"])[:, 0], 4),
                     self.city(inputs["city"][:, 0]),
                     tf.one_hot(inputs["device"][:, 0], 3)]
            return {"logit": self.logit(self.hidden(tf.concat(parts, axis=1)))}

    return Ranker(name="ranker")


def rename(name):
    name = name.replace("ranker/city/embeddings", "rank/input_layer/city_embedding/embedding_weights")
    return name.replace("ranker/", "rank/")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, rename=rename)

EXPECT = {
    "verdict": "pass",
    "check": None,
    "also_fail": [],
    "cause": None,
    "accept": [],
    "where": [],
    "source": "tf.compat.v1.feature_column.input_layer: columns are sorted by name before they are joined",
}
