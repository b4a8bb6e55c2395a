"""A translation decoder with additive attention and teacher forcing, written like AttentionWrapper.

The wrapper asks the memory with the cell's new output. The port follows the paper's figure, where the
state before the step asks.
"""
import numpy as np
import parity


def inputs(rng):
    return {"memory": rng.normal(size=(3, 6, 5)).astype(np.float32),
            "targets": rng.normal(size=(3, 4, 5)).astype(np.float32)}


def attend(tf, memory, keys, query):
    with tf.variable_scope("attention", reuse=tf.AUTO_REUSE):
        asked = tf.layers.dense(query, 7, use_bias=False, name="query")
        v = tf.get_variable("v", [7])
        scores = tf.reduce_sum(v * tf.tanh(keys + asked[:, None, :]), axis=2)
        weights = tf.nn.softmax(scores)
        return tf.reduce_sum(memory * weights[:, :, None], axis=1)


def tf1(inputs, training):
    import tensorflow.compat.v1 as tf
    with tf.variable_scope("decoder", initializer=tf.random_uniform_initializer(-0.9, 0.9)):
        keys = tf.layers.dense(inputs["memory"], 7, use_bias=False, name="keys")
        cell = tf.nn.rnn_cell.GRUCell(7)
        state, context = tf.zeros([3, 7]), tf.zeros([3, 5])
        outputs = []
        for t in range(4):
            output, state = cell(tf.concat([inputs["targets"][:, t], context], 1), state)
            context = attend(tf, inputs["memory"], keys, output)
            outputs.append(tf.concat([output, context], 1))
        return {"logits": tf.layers.dense(tf.stack(outputs, 1), 9, name="logits")}


def tf2():
    import tensorflow as tf
    v1 = tf.compat.v1

    class Decoder(tf.keras.layers.Layer):
        @v1.keras.utils.track_tf1_style_variables
        def call(self, inputs, training=None):
            with v1.variable_scope("decoder", initializer=v1.random_uniform_initializer(-0.9, 0.9)):
                keys = v1.layers.dense(inputs["memory"], 7, use_bias=False, name="keys")
                cell = v1.nn.rnn_cell.GRUCell(7)
                state, context = tf.zeros([3, 7]), tf.zeros([3, 5])
                outputs = []
                for t in range(4):
                    before = state
                    output, state = cell(tf.concat([inputs["targets"][:, t], context], 1), state)
                    context = attend(v1, inputs["memory"], keys, before)
                    outputs.append(tf.concat([output, context], 1))
                return {"logits": v1.layers.dense(tf.stack(outputs, 1), 9, name="logits")}

    return Decoder(name="port")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)

EXPECT = {
    "verdict": "fail",
    "check": "random_inference",
    "also_fail": ["random_training", "random_functional"],
    "cause": "op_structure",
    "accept": ["constant"],
    "where": ["attention", "query"],
    "source": "tf.contrib.seq2seq.AttentionWrapper.call: step 2, the cell's output is the query; "
              "https://arxiv.org/abs/1409.0473, where s_(i-1) is",
}
