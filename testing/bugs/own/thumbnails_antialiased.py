"""A product photo tower over thumbnails that are shrunk inside the model, with the method AREA.

The port's author looked for a resize that looks smooth as well: bilinear with antialiasing.
"""
import numpy as np
import parity


def inputs(rng):
    return {"photos": rng.uniform(0, 255, size=(2, 20, 20, 3)).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("tower", initializer=tf.variance_scaling_initializer()):
        small = tf.image.resize_images(inputs["photos"], [8, 8], method=tf.image.ResizeMethod.AREA)
        net = small / 127.5 - 1.0
        net = tf.layers.conv2d(net, 6, 3, activation=tf.nn.relu, name="conv1")
        net = tf.layers.conv2d(net, 8, 3, activation=tf.nn.relu, name="conv2")
        return {"thumbnails": small, "features": tf.layers.dense(tf.layers.flatten(net), 5, name="features")}


def tf2():
    import tensorflow as tf
    keras, scaling = tf.keras.layers, tf.compat.v1.variance_scaling_initializer

    class Tower(keras.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.conv1 = keras.Conv2D(6, 3, activation="relu", kernel_initializer=scaling(), name="conv1")
            self.conv2 = keras.Conv2D(8, 3, activation="relu", kernel_initializer=scaling(), name="conv2")
            self.flatten = keras.Flatten()
            self.features = keras.Dense(5, kernel_initializer=scaling(), name="features")

        def call(self, inputs, training=None):
            small = tf.image.resize(inputs["photos"], [8, 8], antialias=True)
            net = self.conv2(self.conv1(small / 127.5 - 1.0))
            return {"thumbnails": small, "features": self.features(self.flatten(net))}

    return Tower(name="tower")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)

EXPECT = {
    "verdict": "fail",
    "check": "constant_weights",
    "also_fail": ["random_inference", "random_training", "random_functional"],
    "cause": "op_structure",
    "accept": ["op_attribute", "constant"],
    "where": ["resize", "scaleandtranslate", "scale_and_translate", "area"],
    "source": "https://www.tensorflow.org/api_docs/python/tf/image/resize (AREA: antialias has no effect; "
              "bilinear with antialias: a triangle filter)",
}
