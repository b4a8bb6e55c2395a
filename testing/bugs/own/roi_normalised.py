"""A detection head: boxes in pixels become crop_and_resize's fractions by height - 1 and width - 1 in
TF1, by height and width in the port."""
import numpy as np
import parity


def inputs(rng):
  corners = rng.uniform(0, 4, size=(2, 3, 2))
  sizes = rng.uniform(2, 4, size=(2, 3, 2))
  return {
    "image": rng.normal(size=(2, 8, 8, 3)).astype(np.float32),
    "boxes": np.concatenate([corners, corners + sizes], -1).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("head"):
    net = tf.layers.conv2d(
      inputs["image"], 6, 3, padding="same", activation=tf.nn.relu, name="features"
    )
    height, width = net.shape.as_list()[1:3]
    scale = tf.to_float([height - 1, width - 1, height - 1, width - 1])
    boxes = tf.reshape(inputs["boxes"] / scale, [-1, 4])
    owner = tf.reshape(tf.tile(tf.range(2)[:, None], [1, 3]), [-1])
    rois = tf.image.crop_and_resize(net, boxes, owner, [4, 4])
    rois = tf.layers.max_pooling2d(rois, 2, 2)
    net = tf.layers.dense(tf.layers.flatten(rois), 8, activation=tf.nn.relu, name="fc")
    return {
      "rois": rois,
      "classes": tf.nn.softmax(tf.layers.dense(net, 3, name="classes")),
      "offsets": tf.layers.dense(net, 4, name="offsets"),
    }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Head(layers.Layer):
    def __init__(self):
      super().__init__(name="head")
      self.features = layers.Conv2D(6, 3, padding="same", activation="relu", name="features")
      self.pool, self.flatten = layers.MaxPool2D(2), layers.Flatten()
      self.fc = layers.Dense(8, activation="relu", name="fc")
      self.classes = layers.Dense(3, activation="softmax", name="classes")
      self.offsets = layers.Dense(4, name="offsets")

    def call(self, inputs, training=False):
      net = self.features(inputs["image"])
      size = tf.cast(tf.shape(net)[1:3], tf.float32)
      boxes = tf.reshape(inputs["boxes"] / tf.tile(size, [2]), [-1, 4])
      rois = self.pool(tf.image.crop_and_resize(net, boxes, tf.repeat(tf.range(2), 3), [4, 4]))
      net = self.fc(self.flatten(rois))
      return {"rois": rois, "classes": self.classes(net), "offsets": self.offsets(net)}

  return Head()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "constant",
  "accept": ["op_structure"],
  "where": ["div", "crop", "boxes", "tile"],
}
