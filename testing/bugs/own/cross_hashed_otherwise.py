"""The wide part of a click model: city crossed with device, in 64 buckets.

`crossed_column` hashes the pair by fingerprints that it joins with a key. The port joins the words and hashes
the text, so each pair lands in another bucket than the one its weight was learned for.
"""
import numpy as np
import parity


def inputs(rng):
    cities = np.array(["bern", "oslo", "rome", "lima"], object)
    devices = np.array(["phone", "tablet", "desk"], object)
    return {"city": cities[rng.randint(0, 4, size=(6, 1))],
            "device": devices[rng.randint(0, 3, size=(6, 1))],
            "price": rng.normal(size=(6, 2)).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    column = tf.feature_column
    crossed = column.indicator_column(column.crossed_column(["city", "device"], 64))
    with tf.variable_scope("wide", initializer=tf.random_normal_initializer(stddev=0.4)):
        one_hot = column.input_layer({"city": inputs["city"], "device": inputs["device"]}, [crossed])
        weights = tf.get_variable("crossed", [64, 3])
        price = tf.layers.dense(inputs["price"], 3, name="price")
        return {"logits": tf.matmul(one_hot, weights) + price}


def tf2():
    import tensorflow as tf
    v1 = tf.compat.v1

    class Wide(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.price = tf.keras.layers.Dense(
                3, kernel_initializer=v1.random_normal_initializer(stddev=0.4), name="price")

        def build(self, shape):
            self.crossed = self.add_weight(name="crossed", shape=[64, 3],
                                           initializer=v1.random_normal_initializer(stddev=0.4))

        def call(self, inputs, training=None):
            pair = tf.strings.join([inputs["city"][:, 0], inputs["device"][:, 0]], separator="_X_")
            bucket = tf.strings.to_hash_bucket_fast(pair, 64)
            return {"logits": tf.gather(self.crossed, bucket) + self.price(inputs["price"])}

    return Wide(name="wide")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)

EXPECT = {
    "verdict": "fail",
    "check": "random_inference",
    "also_fail": ["random_training", "random_functional"],
    "cause": "op_structure",
    "accept": ["constant", "op_attribute"],
    "where": ["cross", "hash", "join"],
    "source": "tf.feature_column.crossed_column docs; tf.sparse.cross_hashed (FingerprintCat64, hash_key "
              "0xDECAFCAFFE) against tf.strings.to_hash_bucket_fast",
}
