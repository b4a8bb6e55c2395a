"""What is d loss / d each trainable variable? In a graph, and in eager mode.

The case's `loss(outputs, inputs)` is called with the side's own outputs and
inputs. A sparse gradient (IndexedSlices) is summed into a dense array of the
variable's shape; a variable that the loss does not depend on has none.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import tensorflow.compat.v1 as tf1

from parity import case as case_lib
from parity import errors
from parity.records import recording as recording_lib
from parity.tf import usercode


@dataclasses.dataclass(frozen=True, eq=False)
class GraphGradients:
  """The loss and its gradients in a graph.

  Attributes:
    loss: the loss tensor.
    gradients: tensor, IndexedSlices or None by variable name.
    shapes: the variables' shapes by name.
    ops: names of the ops that were added for the loss, and for gradients.
  """

  loss: Any
  gradients: Dict[str, Any]
  shapes: Dict[str, Tuple[int, ...]]
  phases: Dict[str, str]


def call_loss(case: case_lib.Case, outputs: Any, inputs: Any) -> Any:
  """The case's loss as a scalar tensor.

  Raises:
    CaseCodeError: `loss` raised.
    CaseError: it gave no scalar.
  """
  assert case.loss is not None
  loss = usercode.call("loss", case.loss, outputs, inputs)
  loss = tf1.convert_to_tensor(loss)
  if loss.shape.ndims not in (0, None):
    raise errors.CaseError(
      "`loss` must return a scalar, found a tensor of shape"
      f" {loss.shape}; reduce it, for example with tf.reduce_mean."
    )
  return loss


def add_to_graph(
  case: case_lib.Case, *, graph: Any, outputs: Any, inputs: Any
) -> GraphGradients:
  """Adds the loss and its gradients to a constructed graph."""
  with graph.as_default():
    before = _names(graph)
    loss = call_loss(case, outputs, inputs)
    forward = _names(graph)
    variables = graph.get_collection(tf1.GraphKeys.TRAINABLE_VARIABLES)
    found = usercode.call("tf.gradients", tf1.gradients, loss, variables)
  after = _names(graph)
  phases = dict.fromkeys(forward - before, "loss")
  phases.update(dict.fromkeys(after - forward, "gradient"))
  names = [variable.op.name for variable in variables]
  return GraphGradients(
    loss=loss,
    gradients=dict(zip(names, found)),
    shapes={
      name: tuple(v.shape.as_list()) for name, v in zip(names, variables)
    },
    phases=phases,
  )


def _names(graph: Any) -> set:
  return {op.name for op in graph.get_operations()}


def fetches_of(found: GraphGradients) -> Dict[str, List[str]]:
  """Tensor names to fetch by variable: one dense, or values and indices."""
  names: Dict[str, List[str]] = {}
  for variable, gradient in found.gradients.items():
    if gradient is None:
      continue
    if isinstance(gradient, tf1.IndexedSlices):
      names[variable] = [gradient.values.name, gradient.indices.name]
    else:
      names[variable] = [gradient.name]
  return names


def records_of(
  found: GraphGradients, fetched: Mapping[str, Sequence[np.ndarray]]
) -> Tuple[recording_lib.GradientRecord, ...]:
  """The gradients as records, from what a session fetched."""
  return tuple(
    record_of(variable, fetched.get(variable), found.shapes[variable])
    for variable in found.gradients
  )


def eager_record(
  variable: str, gradient: Any, shape: Tuple[int, ...]
) -> recording_lib.GradientRecord:
  """An eager gradient as a record."""
  if gradient is None:
    return record_of(variable, None, shape)
  if isinstance(gradient, tf1.IndexedSlices):
    parts = [gradient.values.numpy(), gradient.indices.numpy()]
    return record_of(variable, parts, shape)
  return record_of(variable, [gradient.numpy()], shape)


def record_of(
  variable: str,
  parts: Optional[Sequence[np.ndarray]],
  shape: Tuple[int, ...],
) -> recording_lib.GradientRecord:
  """A gradient as a record: from one dense array, or values and indices."""
  if parts is None:
    return recording_lib.GradientRecord(variable, None)
  if len(parts) == 1:
    return recording_lib.GradientRecord(variable, np.asarray(parts[0]))
  values, indices = (np.asarray(part) for part in parts)
  dense = np.zeros(shape, values.dtype)
  np.add.at(dense, indices, values)
  return recording_lib.GradientRecord(variable, dense, sparse=True)
