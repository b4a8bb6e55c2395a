"""Is the shim port the TF1.x sentence classifier?"""

import numpy as np

import parity


def inputs(rng):
  """Sentences of 9 tokens out of 50, the last ones padding."""
  tokens = rng.randint(1, 50, size=(6, 9)).astype(np.int32)
  tokens[:, 7:] = 0
  return {"tokens": tokens}


def tf1(inputs, training):
  """The TF1.x forward pass."""
  import text_tf1

  return text_tf1.sentence_cnn(inputs["tokens"], training)


def tf2():
  """The port."""
  import text_shim

  return text_shim.SentenceCnn()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
