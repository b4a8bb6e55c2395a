"""The last step: native Keras, without scopes, under names of its own."""

import tensorflow as tf

# The port's names, and what TF1.x called the same variables.
RENAME = {
  "sentence_cnn/embed/embeddings": "sentence/table",
  "sentence_cnn/conv/kernel": "sentence/conv/kernel",
  "sentence_cnn/conv/bias": "sentence/conv/bias",
  "sentence_cnn/head/kernel": "sentence/logits/kernel",
  "sentence_cnn/head/bias": "sentence/logits/bias",
}


class SentenceCnn(tf.keras.Model):
  """Embedding, convolution over time, maximum over time, dropout, logits."""

  def __init__(self):
    super().__init__(name="sentence_cnn")
    # `get_variable` draws from glorot_uniform where nobody says otherwise;
    # Keras's Embedding does not.
    self.embed = tf.keras.layers.Embedding(
      50, 8, embeddings_initializer="glorot_uniform", name="embed"
    )
    self.conv = tf.keras.layers.Conv1D(
      16, 3, padding="same", activation="relu", name="conv"
    )
    self.pool = tf.keras.layers.GlobalMaxPooling1D()
    self.dropout = tf.keras.layers.Dropout(0.2)
    self.head = tf.keras.layers.Dense(4, name="head")

  def call(self, inputs, training=False):
    """Runs the model; `inputs` holds `tokens`, int32 [batch, time]."""
    net = self.pool(self.conv(self.embed(inputs["tokens"])))
    features = self.dropout(net, training=training)
    return {"features": features, "logits": self.head(features)}
