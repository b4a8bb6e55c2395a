"""A keyword spotter's front end: TF1 takes tf.signal.mfccs_from_log_mel_spectrograms, the port the
orthonormal DCT. They differ in coefficient zero, by the square root of two."""
import numpy as np
import parity


def inputs(rng):
  return {"audio": rng.uniform(-1, 1, size=(2, 160)).astype(np.float32)}


def log_mel(tf, audio):
  stfts = tf.signal.stft(audio, frame_length=32, frame_step=16)
  weights = tf.signal.linear_to_mel_weight_matrix(8, 17, 8000, 60.0, 3800.0)
  return tf.math.log(tf.tensordot(tf.abs(stfts), weights, 1) + 1e-6)


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  mfcc = tf.signal.mfccs_from_log_mel_spectrograms(log_mel(tf, inputs["audio"]))[..., :6]
  with tf.variable_scope("spotter"):
    net = tf.layers.conv1d(mfcc, 5, 3, activation=tf.nn.relu, name="conv")
    net = tf.layers.dropout(net, 0.3, training=training)
    return {"mfcc": mfcc, "logits": tf.layers.dense(tf.reduce_max(net, 1), 4, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Spotter(layers.Layer):
    def __init__(self):
      super().__init__(name="spotter")
      self.conv = layers.Conv1D(5, 3, activation="relu", name="conv")
      self.drop = layers.Dropout(0.3)
      self.fc = layers.Dense(4, name="fc")

    def call(self, inputs, training=False):
      mfcc = tf.signal.dct(log_mel(tf, inputs["audio"]), type=2, norm="ortho")[..., :6]
      net = self.drop(self.conv(mfcc), training=training)
      return {"mfcc": mfcc, "logits": self.fc(tf.reduce_max(net, 1))}

  return Spotter()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant", "op_attribute"],
  "where": ["dct", "mfcc", "mul"],
}
