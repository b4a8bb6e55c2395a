"""Is the shim port the two-tower model?"""

import numpy as np

import parity


def inputs(rng):
  """Queries of up to 4 words, documents of up to 7; 0 is no word."""
  query = rng.randint(1, 40, size=(5, 4)).astype(np.int32)
  document = rng.randint(1, 40, size=(5, 7)).astype(np.int32)
  query[1:, 3:] = 0
  document[::2, 4:] = 0
  return {"query": query, "document": document}


def tf1(inputs, training):
  """The TF1.x forward pass."""
  import search_tf1

  del training  # Nothing is dropped.
  return search_tf1.two_towers(inputs["query"], inputs["document"])


def tf2():
  """The port."""
  import search_shim

  return search_shim.TwoTowers()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
