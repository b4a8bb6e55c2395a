"""Which tensors does a nest of outputs hold? Dense ones, each with its path.

A sparse tensor, a ragged one and IndexedSlices are their dense parts, under the
path of the whole: `y/indices`, `y/values`, `y/row_splits/0`. On both sides the
same, so that paths agree. What has no value to compare is refused by name.
"""

from __future__ import annotations

from typing import Any, Iterator, List, Tuple

import numpy as np
import tensorflow.compat.v1 as tf1

from parity import errors
from parity.tf import nests

_PLAIN = (bool, int, float, complex, bytes, str, np.ndarray, np.generic)


def dense_leaves(nest: Any) -> List[nests.Leaf]:
  """The leaves of a nest, composite tensors taken apart."""
  return [part for leaf in nests.flatten(nest) for part in _parts(leaf)]


def _parts(leaf: nests.Leaf) -> Iterator[nests.Leaf]:
  parts = _named_parts(leaf.value)
  if not parts:
    yield leaf
  for name, part in parts:
    yield nests.Leaf(f"{leaf.path}/{name}", part)


def _named_parts(value: Any) -> List[Tuple[str, Any]]:
  if isinstance(value, tf1.RaggedTensor):
    splits = value.nested_row_splits
    found = [(f"row_splits/{i}", part) for i, part in enumerate(splits)]
    return [("values", value.flat_values), *found]
  if isinstance(value, (tf1.SparseTensor, tf1.IndexedSlices)):
    names = ("indices", "values", "dense_shape")
    found = [(name, getattr(value, name)) for name in names]
    return [(name, part) for name, part in found if part is not None]
  return []


def graph_tensor(leaf: nests.Leaf, graph: Any) -> Any:
  """An output of the tf1 side as a tensor of its graph.

  Raises:
    CaseError: it is none; the message names it.
  """
  value = leaf.value
  if not isinstance(value, tf1.Tensor):
    if not isinstance(value, (tf1.Variable, *_PLAIN)):
      raise _no_tensor("tf1", leaf)
    # A variable is read, a number or an array becomes a constant.
    value = tf1.identity(value)
  if getattr(value, "graph", None) is not graph:
    raise errors.CaseError(
      f"Output {leaf.path!r} of tf1 does not belong to the graph that tf1 is"
      " called in; make no tf.Graph and no tf.Session in tf1, or return what is"
      " made outside of them."
    )
  return value


def array(leaf: nests.Leaf) -> np.ndarray:
  """The value of an output of the port.

  Raises:
    CaseError: it has none, since it is symbolic or no tensor.
  """
  value = leaf.value
  if isinstance(value, _PLAIN):
    return np.asarray(value)
  if isinstance(value, (tf1.Tensor, tf1.Variable)) or hasattr(value, "shape"):
    try:
      return np.asarray(value.numpy())
    except (AttributeError, NotImplementedError, TypeError, ValueError):
      shape = getattr(value, "shape", None)
      raise errors.CaseError(
        f"Output {leaf.path!r} of the port is symbolic"
        f" ({type(value).__name__} of shape {shape}) and has no value. Call the"
        " layers or the model on the port's inputs each time, and return what"
        " that gives."
      ) from None
  raise _no_tensor("the port", leaf)


def _no_tensor(side: str, leaf: nests.Leaf) -> errors.CaseError:
  return errors.CaseError(
    f"Output {leaf.path!r} of {side} is no tensor, found"
    f" {type(leaf.value).__name__}; return a nest of tensors alone."
  )
