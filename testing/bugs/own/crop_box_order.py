"""Region crops of a detector: crop_and_resize wants y1, x1, y2, x2; the port's author kept
the annotation's x1, y1, x2, y2."""
import numpy as np
import parity


def inputs(rng):
  corner = rng.uniform(0, 0.4, size=(3, 2))
  size = rng.uniform(0.2, 0.5, size=(3, 2))
  return {
    "image": rng.uniform(size=(1, 12, 12, 2)).astype(np.float32),
    "xyxy": np.concatenate([corner, corner + size], 1).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  x1, y1, x2, y2 = tf.unstack(inputs["xyxy"], axis=1)
  boxes = tf.stack([y1, x1, y2, x2], axis=1)
  crops = tf.image.crop_and_resize(inputs["image"], boxes, tf.zeros([3], tf.int32), [4, 4])
  with tf.variable_scope("roi"):
    return {"score": tf.layers.dense(tf.layers.flatten(crops), 3, name="fc")}


def tf2():
  import tensorflow as tf

  class Roi(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="roi")
      self.flatten = tf.keras.layers.Flatten()
      self.fc = tf.keras.layers.Dense(3, name="fc")

    def call(self, inputs, training=False):
      crops = tf.image.crop_and_resize(
        inputs["image"], inputs["xyxy"], tf.zeros([3], tf.int32), [4, 4])
      return {"score": self.fc(self.flatten(crops))}

  return Roi()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["crop", "unstack", "stack", "unpack", "pack"],
}
