"""Which variables has a port? What it tracks, and what it only created.

A variable's name is its own without `:0`; in Keras 3 its path. Certain: what a
`tf.Module`, layer or model lists itself. For a plain callable nothing is
tracked by anybody, so everything that it created is its inventory.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import Any, Dict, Iterator, List, Sequence

import numpy as np
import tensorflow as tf2

from parity import case as case_lib
from parity import errors
from parity.records import recording as recording_lib
from parity.tf import ports
from parity.tf import usercode
from parity.tf.compat import resources


@dataclasses.dataclass(frozen=True, eq=False)
class PortVariable:
  """A variable of the port and its record."""

  record: recording_lib.VariableRecord
  variable: Any


@contextlib.contextmanager
def initial_values() -> Iterator[Dict[int, np.ndarray]]:
  """Notes the value of each variable at its creation, by id of the variable.

  A variable that is made inside a `tf.function` gets its value when the
  function is first run; it is not noted.
  """
  values: Dict[int, np.ndarray] = {}
  kept: List[Any] = []  # An id is only unique while its object lives.

  def creator(next_creator: Any, **kwargs: Any) -> Any:
    variable = next_creator(**kwargs)
    with tf2.init_scope():
      if tf2.executing_eagerly() and resources.has_value(variable):
        kept.append(variable)
        values[id(variable)] = value_of(variable)
    return variable

  with tf2.variable_creator_scope(creator):
    yield values


def value_of(variable: Any) -> np.ndarray:
  """A variable's value as it is now, read-only; outside of any function.

  Where TensorFlow lets it, the array is the very memory that the variable has:
  TensorFlow copies what another holds before it writes to it.
  """
  if isinstance(variable, tf2.Variable):
    tensor = resources.read_variable(variable)
    dtype = np.dtype(tensor.dtype.as_numpy_dtype)
    is_plain = dtype.isbuiltin == 1 and dtype.kind in "fiu"
    if is_plain and tensor.dtype == variable.dtype:
      return np.asarray(memoryview(tensor))
  value = variable.numpy() if hasattr(variable, "numpy") else variable
  return np.asarray(value)


def of_port(
  case: case_lib.Case,
  port: Any,
  creations: Sequence[Any],
  counts: Sequence[int],
) -> List[PortVariable]:
  """The port's variables in creation order; those made elsewhere come first.

  Args:
    case: gives `rename`.
    port: the port, after its calls.
    creations: what `scopes.record_creations` noted, in order.
    counts: how many creations there were before the first call, and after each.

  Returns:
    Tracked variables, and those created but not tracked.
  """
  tracked = ports.tracked_variables(port)
  created = {id(c.variable): (i, c) for i, c in enumerate(creations)}
  if tracked is None:
    tracked = [
      ports.TrackedVariable(c.name, c.variable, c.trainable) for c in creations
    ]
  found: List[PortVariable] = []
  places: List[int] = []
  for item in tracked:
    place, creation = created.pop(id(item.variable), (-1, None))
    found.append(
      _port_variable(
        case,
        item,
        call=_call_of(place, counts),
        source=creation.source if creation else None,
        is_tracked=True,
      )
    )
    places.append(place)
  for place, creation in created.values():
    item = ports.TrackedVariable(
      creation.name, creation.variable, creation.trainable
    )
    found.append(
      _port_variable(
        case,
        item,
        call=_call_of(place, counts),
        source=creation.source,
        is_tracked=False,
      )
    )
    places.append(place)
  order = sorted(range(len(found)), key=places.__getitem__)
  return [found[index] for index in order]


def _call_of(place: int, counts: Sequence[int]) -> int:
  """Which call created the variable at this place; 0 before the first."""
  return sum(1 for count in counts if place >= count)


def _port_variable(
  case: case_lib.Case, item: Any, *, call: int, source: Any, is_tracked: bool
) -> PortVariable:
  variable = item.variable
  name = item.name
  if not variable.shape.is_fully_defined():
    raise errors.CaseError(
      f"Variable {name} of the port, made at {source}, has the shape"
      f" {variable.shape}, which is not fully known; make it without shape=,"
      " since variables are compared by shape."
    )
  return PortVariable(
    recording_lib.VariableRecord(
      name=name,
      tf1_name=usercode.call("rename", case.tf1_name, name),
      shape=tuple(variable.shape.as_list()),
      dtype=variable.dtype.base_dtype.name
      if hasattr(variable.dtype, "base_dtype")
      else str(variable.dtype),
      trainable=item.trainable,
      tracked=is_tracked,
      call=call,
      source=source,
    ),
    variable,
  )
