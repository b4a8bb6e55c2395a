"""The second stage of a detector: proposals are thinned out by NMS, then their features are classified.

The config's IoU threshold of 0.7 got lost: the port calls `tf.image.non_max_suppression` with its default
of 0.5, and drops boxes that TF1 kept.
"""
import numpy as np
import parity


def inputs(rng):
    corners = rng.randint(0, 8, size=(5, 2)) * 4.0
    boxes = []
    for y, x in [(0, 0), (0, 20), (20, 0), (20, 20)]:
        boxes += [[y, x, y + 10, x + 10], [y, x + 2.5, y + 10, x + 12.5]]
    return {"boxes": np.array(boxes, np.float32) + np.float32(corners[0, 0]),
            "scores": rng.permutation(np.linspace(0.1, 0.9, 8)).astype(np.float32),
            "features": rng.normal(size=(8, 6)).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("stage2", initializer=tf.glorot_uniform_initializer()):
        kept = tf.image.non_max_suppression(inputs["boxes"], inputs["scores"], 4, iou_threshold=0.7)
        net = tf.layers.dense(tf.gather(inputs["features"], kept), 8, tf.nn.relu, name="fc")
        return {"boxes": tf.gather(inputs["boxes"], kept),
                "classes": tf.layers.dense(net, 5, name="classes")}


def tf2():
    import tensorflow as tf
    glorot = tf.compat.v1.glorot_uniform_initializer

    class Stage2(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.fc = tf.keras.layers.Dense(8, "relu", kernel_initializer=glorot(), name="fc")
            self.classes = tf.keras.layers.Dense(5, kernel_initializer=glorot(), name="classes")

        def call(self, inputs, training=None):
            kept = tf.image.non_max_suppression(inputs["boxes"], inputs["scores"], max_output_size=4)
            net = self.fc(tf.gather(inputs["features"], kept))
            return {"boxes": tf.gather(inputs["boxes"], kept), "classes": self.classes(net)}

    return Stage2(name="stage2")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)

EXPECT = {
    "verdict": "fail",
    "check": "constant_weights",
    "also_fail": ["random_inference", "random_training", "random_functional"],
    "cause": "constant",
    "accept": ["op_attribute"],
    "where": ["nonmaxsuppression", "non_max_suppression", "iou"],
    "source": "https://www.tensorflow.org/api_docs/python/tf/image/non_max_suppression (iou_threshold=0.5)",
}
