"""A Q-network and its slow copy: after each step the copy moves 5 % towards the network.

TF1 pairs the variables by name. The port zips the two lists, of which one is sorted, and two layers have the same
shape: the copy's hidden layers move towards the wrong ones.
"""
import numpy as np
import parity


def inputs(rng):
    return {"state": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf

    def net(scope, trainable):
        with tf.variable_scope(scope, initializer=tf.glorot_uniform_initializer()):
            x = tf.layers.dense(inputs["state"], 6, tf.nn.relu, trainable=trainable, name="trunk")
            x = tf.layers.dense(x, 6, tf.nn.relu, trainable=trainable, name="hidden")
            return tf.layers.dense(x, 3, trainable=trainable, name="values")

    with tf.variable_scope("q"):
        q, slow = net("online", True), net("target", False)
    if training:
        variables = {v.op.name: v for v in tf.global_variables()}
        for name, target in variables.items():
            if name.startswith("q/target/"):
                online = variables[name.replace("/target/", "/online/")]
                moved = 0.95 * target + 0.05 * online
                with tf.control_dependencies([slow]):
                    tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, tf.assign(target, moved))
    return {"q": q, "target": slow}


def tf2():
    import tensorflow as tf
    glorot = tf.compat.v1.glorot_uniform_initializer

    class Net(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)

            def dense(units, name, activation=None):
                return tf.keras.layers.Dense(units, activation, kernel_initializer=glorot(), name=name)
            self.trunk, self.hidden = dense(6, "trunk", "relu"), dense(6, "hidden", "relu")
            self.out = dense(3, "values")

        def call(self, state):
            return self.out(self.hidden(self.trunk(state)))

    class Q(tf.keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.online, self.target = Net(name="online"), Net(name="target", trainable=False)

        def call(self, inputs, training=None):
            q, slow = self.online(inputs["state"]), self.target(inputs["state"])
            if training:
                network = sorted(self.online.trainable_variables, key=lambda v: v.name)
                for target, online in zip(self.target.variables, network):
                    if target.shape == online.shape:
                        target.assign(0.95 * target + 0.05 * online)
            return {"q": q, "target": slow}

    return Q(name="q")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)

EXPECT = {
    "verdict": "fail",
    "check": "random_training",
    "also_fail": ["random_functional"],
    "cause": "op_structure",
    "accept": ["update_missing", "constant"],
    "where": ["target/"],
    "source": "tf.keras.layers.Layer.variables: in order of creation; openai/baselines, deepq/build_graph.py: "
              "update_target_expr zips two lists sorted by name",
}
