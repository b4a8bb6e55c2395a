"""Speech model: the CTC loss of TF1 has its blank in the last class; tf.nn.ctc_loss of TF2 has
blank_index=0 unless told otherwise."""
import numpy as np
import parity


def inputs(rng):
  return {"frames": rng.normal(size=(2, 6, 5)).astype(np.float32),
          "labels": np.array([[1, 2, 1], [2, 1, 2]], np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  logits = tf.layers.dense(inputs["frames"], 4, name="logits")
  where = tf.where(tf.greater(inputs["labels"], 0))
  sparse = tf.SparseTensor(
    where, tf.gather_nd(inputs["labels"], where), tf.constant([2, 3], tf.int64))
  loss = tf.nn.ctc_loss(sparse, logits, [6, 6], time_major=False)
  return {"loss": loss, "logits": logits}


def tf2():
  import tensorflow as tf

  class Speech(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="speech")
      self.head = tf.keras.layers.Dense(4, name="logits")

    def call(self, inputs, training=False):
      logits = self.head(inputs["frames"])
      sparse = tf.sparse.from_dense(inputs["labels"])
      loss = tf.nn.ctc_loss(sparse, logits, None, [6, 6], logits_time_major=False, blank_index=0)
      return {"loss": loss, "logits": logits}

  return Speech()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.split("speech/")[-1])
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant", "op_attribute"],
  "where": ["ctc", "concat"],
}
