"""The first block of a VGG that was trained with slim's preprocessing: RGB less the channels' means.

The port takes `tf.keras.applications.vgg16.preprocess_input`, whose mode "caffe" turns the channels to
BGR before it takes the means off.
"""
import numpy as np
import parity


def inputs(rng):
    return {"images": rng.uniform(0, 255, size=(2, 8, 8, 3)).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    import tf_slim as slim
    net = inputs["images"] - tf.constant([123.68, 116.779, 103.939])
    with tf.variable_scope("vgg_16"):
        with slim.arg_scope([slim.conv2d], weights_initializer=tf.glorot_uniform_initializer()):
            net = slim.repeat(net, 2, slim.conv2d, 4, [3, 3], scope="conv1")
        net = slim.max_pool2d(net, [2, 2], scope="pool1")
        return {"pool1": net}


def tf2():
    import tensorflow as tf
    glorot = tf.compat.v1.glorot_uniform_initializer

    class Vgg(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.convs = [tf.keras.layers.Conv2D(4, 3, padding="same", activation="relu",
                                                 kernel_initializer=glorot(), name="block1_conv%d" % number)
                          for number in (1, 2)]
            self.pool = tf.keras.layers.MaxPool2D(2, 2)

        def call(self, inputs, training=None):
            net = tf.keras.applications.vgg16.preprocess_input(inputs["images"])
            for conv in self.convs:
                net = conv(net)
            return {"pool1": self.pool(net)}

    return Vgg(name="vgg")


def rename(name):
    for new, old in (("vgg/block1_conv", "vgg_16/conv1/conv1_"), ("/kernel", "/weights"), ("/bias", "/biases")):
        name = name.replace(new, old)
    return name


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, rename=rename)

EXPECT = {
    "verdict": "fail",
    "check": "random_inference",
    "also_fail": ["random_training", "random_functional"],
    "cause": "op_structure",
    "accept": ["constant", "op_attribute"],
    "where": ["strided_slice", "reverse", "bgr", "preprocess", "sub"],
    "source": "https://www.tensorflow.org/api_docs/python/tf/keras/applications/vgg16/preprocess_input (RGB to BGR); "
              "tensorflow/models, slim/preprocessing/vgg_preprocessing.py",
}
