"""How are the names of two variables alike? By what TensorFlow's layers call.

Heuristic, and meant for proposals alone: a comparison goes by exact names.
"""

from __future__ import annotations

import re
from typing import Dict, Optional, Set

# Last parts of names that mean the same in TF-Slim, tf.layers and Keras.
_SYNONYMS: Dict[str, str] = {
  "weights": "kernel",
  "weight": "kernel",
  "w": "kernel",
  "biases": "bias",
  "b": "bias",
  "embeddings": "embedding",
  "moving_var": "moving_variance",
  "running_mean": "moving_mean",
  "running_var": "moving_variance",
}


def normalized(name: str) -> str:
  """A name in small letters, its last part by its usual synonym.

  >>> normalized("Net/Conv2d_1a_3x3/weights")
  'net/conv2d_1a_3x3/kernel'
  """
  parts = name.lower().split("/")
  parts[-1] = _SYNONYMS.get(parts[-1], parts[-1])
  return "/".join(parts)


def words_of(name: str) -> Set[str]:
  """The words of a name; numbers are counted differently everywhere."""
  return set(re.findall("[a-z]+", normalized(name)))


# How names may be alike, and what that adds to the score.
ALIKE: Dict[str, float] = {
  "same name but for case or a usual synonym": 2.0,
  "one name ends in the other": 1.5,
  "same name below another scope": 1.5,
}


def alikeness(left: str, right: str) -> Optional[str]:
  """How two unlike names are nearly one; None where they are not.

  >>> alikeness("net/bn/gamma", "port/bn/gamma")
  'same name below another scope'
  """
  same, ending, scope = ALIKE
  if left == right:
    return same
  if left.endswith("/" + right) or right.endswith("/" + left):
    return ending
  below = left.partition("/")[2]
  # A kernel alone is named as any other.
  if "/" in below and below == right.partition("/")[2]:
    return scope
  return None
