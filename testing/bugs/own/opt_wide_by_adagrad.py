"""A wide-and-deep click model as DNNLinearCombinedClassifier trains it: the wide part by FTRL, the deep
part by Adagrad. The port has one Keras optimizer for all, Adagrad.
"""
import numpy as np
import parity


def inputs(rng):
    return {"ids": rng.randint(0, 20, size=(5, 3)).astype(np.int32),
            "features": rng.normal(size=(5, 4)).astype(np.float32),
            "clicked": np.array([[1], [0], [0], [1], [0]], np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("linear"):
        weights = tf.get_variable("weights", [20, 1], initializer=tf.random_normal_initializer(stddev=0.2))
        wide = tf.reduce_sum(tf.reduce_sum(tf.one_hot(inputs["ids"], 20), 1)[:, :, None] * weights, 1)
    with tf.variable_scope("dnn", initializer=tf.glorot_uniform_initializer()):
        deep = tf.layers.dense(inputs["features"], 6, tf.nn.relu, name="hidden")
        deep = tf.layers.dense(deep, 1, name="logit")
    return {"logit": wide + deep}


def tf2():
    import tensorflow as tf
    v1 = tf.compat.v1

    class Linear(tf.keras.layers.Layer):
        def build(self, shape):
            self.weight = self.add_weight(name="weights", shape=[20, 1],
                                          initializer=v1.random_normal_initializer(stddev=0.2))

        def call(self, ids):
            return tf.reduce_sum(tf.one_hot(ids, 20), 1) @ self.weight

    class Deep(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            glorot = v1.glorot_uniform_initializer
            self.hidden = tf.keras.layers.Dense(6, "relu", kernel_initializer=glorot(), name="hidden")
            self.logit = tf.keras.layers.Dense(1, kernel_initializer=glorot(), name="logit")

        def call(self, features):
            return self.logit(self.hidden(features))

    class WideAndDeep(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.linear, self.dnn = Linear(name="linear"), Deep(name="dnn")

        def call(self, inputs, training=None):
            return {"logit": self.linear(inputs["ids"]) + self.dnn(inputs["features"])}

    return WideAndDeep(name="model")


def loss(outputs, inputs):
    import tensorflow as tf
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(
        labels=inputs["clicked"], logits=outputs["logit"]))


def tf1_optimizer():
    import tensorflow.compat.v1 as tf

    class Combined(tf.train.Optimizer):
        """FTRL for what is below "linear", Adagrad for the rest."""

        def __init__(self):
            super().__init__(use_locking=False, name="Combined")
            self.wide = tf.train.FtrlOptimizer(0.2, l1_regularization_strength=0.001)
            self.deep = tf.train.AdagradOptimizer(0.1)

        def apply_gradients(self, grads_and_vars, global_step=None, name=None):
            wide = [pair for pair in grads_and_vars if pair[1].op.name.startswith("linear/")]
            deep = [pair for pair in grads_and_vars if not pair[1].op.name.startswith("linear/")]
            return tf.group(self.wide.apply_gradients(wide),
                            self.deep.apply_gradients(deep, global_step), name=name)

    return Combined()


def tf2_optimizer():
    import tensorflow as tf
    return tf.keras.optimizers.Adagrad(0.1, initial_accumulator_value=0.1)


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss,
                   rename=lambda name: name.replace("model/", ""),
                   tf1_optimizer=tf1_optimizer, tf2_optimizer=tf2_optimizer)

EXPECT = {
    "verdict": "fail",
    "check": "optimizer",
    "also_fail": [],
    "cause": "optimizer_formula",
    "accept": ["optimizer_hyperparameter"],
    "where": ["linear/weights", "ftrl"],
    "source": "tf.estimator.DNNLinearCombinedClassifier: linear_optimizer='Ftrl', dnn_optimizer='Adagrad'",
}
