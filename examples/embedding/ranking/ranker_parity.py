"""Is the port of the ranker the same model?"""

import numpy as np

import parity
from ranking import ranker


def inputs(rng):
  """A batch of users and items."""
  return {
    "user": rng.normal(size=(8, 4)).astype(np.float32),
    "item": rng.randint(0, ranker.ITEMS, size=8, dtype=np.int32),
  }


def tf2():
  """Returns the port; genuine TF1.x never loads it."""
  from ranking import ranker_layer

  return ranker_layer.Ranker()


CASE = parity.Case(inputs=inputs, tf1=ranker.score, tf2=tf2)
