"""How are a graph's results seen without holding them all? As they are made.

Fetching every result holds every result until the run ends. Instead, ops that
call back into Python are added to the graph, each of which takes a few results
at a time: those are digested, and freed when nothing else needs them. Nothing
that was in the graph changes, and the random streams with it: an op's seed is
decided when it is made.
"""

from __future__ import annotations

from typing import Any, Callable, List, Sequence

import numpy as np
import tensorflow.compat.v1 as tf1

# What one op waits for, and thereby holds, at most.
_MOST_TENSORS = 64
_MOST_BYTES = 16 << 20

See = Callable[[str, np.ndarray], None]


class Observer:
  """Ops of a graph that show results as they are made.

  Args:
    graph: to which the ops are added.
    names: of the tensors to see.
  """

  def __init__(self, graph: Any, names: Sequence[str]) -> None:
    self._see: List[See] = []
    self.names = tuple(names)
    with graph.as_default(), tf1.control_dependencies(None):
      self.ops = tuple(
        self._op(batch)
        for batch in _batches([graph.get_tensor_by_name(n) for n in names])
      )

  def tell(self, see: See) -> None:
    """Names who is told of each result from now on."""
    self._see[:] = [see]

  def forget(self) -> None:
    """Tells nobody any more."""
    self._see.clear()

  def _op(self, tensors: Sequence[Any]) -> Any:
    names = [tensor.name for tensor in tensors]
    see = self._see

    def told(*values: np.ndarray) -> None:
      for name, value in zip(names, values):
        for listener in see:
          listener(name, np.asarray(value))

    return tf1.numpy_function(told, tensors, [], name="parity_observer")


def _batches(tensors: Sequence[Any]) -> List[List[Any]]:
  """Neighbours together, by what is known of their sizes."""
  found: List[List[Any]] = []
  size = 0
  for tensor in tensors:
    own = _bytes(tensor)
    is_full = bool(found) and (
      len(found[-1]) >= _MOST_TENSORS or size + own > _MOST_BYTES
    )
    if not found or is_full:
      found.append([])
      size = 0
    found[-1].append(tensor)
    size += own
  return found


def _bytes(tensor: Any) -> int:
  """How much a tensor takes; where its shape is not known, all there is."""
  count = tensor.shape.num_elements()
  if count is None:
    return _MOST_BYTES
  return int(count) * max(int(tensor.dtype.base_dtype.size or 1), 1)
