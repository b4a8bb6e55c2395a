"""Which state does an optimizer keep? Its slots, by `variable/slot`.

A TF1.x optimizer and a Keras one before 2.11 name their slots. Later Keras
optimizers keep a list a slot as an attribute, in the order of the variables
they were built with. What belongs to no variable, such as the powers of beta,
goes by its own name. Certain: nothing is paired by a fragment of a name.
"""

from __future__ import annotations

from typing import (
  Any,
  Dict,
  Iterable,
  Iterator,
  List,
  Mapping,
  Sequence,
  Set,
  Tuple,
)

import numpy as np
import tensorflow.compat.v1 as tf1


def graph_slots(
  optimizer: Any, variables: Sequence[Any], created: Sequence[Any]
) -> Dict[str, Any]:
  """The slot variables of a TF1.x optimizer in a graph.

  Args:
    optimizer: after `apply_gradients`.
    variables: what it trains.
    created: the global variables that it made, slots and others.

  Returns:
    Variable by `variable/slot`, or by its own name.
  """
  found: Dict[str, Any] = {}
  names = getattr(optimizer, "get_slot_names", list)()
  for variable in variables:
    for name in names:
      slot = optimizer.get_slot(variable, name)
      if slot is not None:
        found[f"{variable.op.name}/{name}"] = slot
  known = {slot.op.name for slot in found.values()}
  for variable in created:
    if variable.op.name not in known:
      found[variable.op.name] = variable
  return found


def keras_slots(
  optimizer: Any, variables: Sequence[Any], names: Mapping[int, str]
) -> Iterator[Tuple[str, np.ndarray]]:
  """The slots of a Keras optimizer, each as it is when it is asked for.

  Args:
    optimizer: after `apply_gradients`.
    variables: what was passed to it, in order.
    names: tf1-side name by id of the variable.

  Yields:
    The name, `variable/slot`, and the value.
  """
  optimizer = getattr(optimizer, "inner_optimizer", optimizer)
  if hasattr(optimizer, "get_slot_names"):
    for variable in variables:
      for name in optimizer.get_slot_names():
        slot = _slot(optimizer, variable, name)
        if slot is not None:
          yield f"{names[id(variable)]}/{name}", slot
    return
  for attribute, slots in _lists(optimizer, variables):
    for variable, slot in zip(variables, slots):
      if slot is not None:
        yield f"{names[id(variable)]}/{attribute}", as_array(slot)


def _slot(optimizer: Any, variable: Any, name: str) -> Any:
  try:
    return as_array(optimizer.get_slot(variable, name))
  except KeyError:
    return None  # `get_slot_names` lists what some variables have.


def _lists(
  optimizer: Any, variables: Sequence[Any]
) -> List[Tuple[str, List[Any]]]:
  """The attributes that hold one variable for each trained one."""
  found = []
  for attribute, value in vars(optimizer).items():
    if attribute in ("_variables", "_trainable_variables"):
      continue
    if not isinstance(value, (list, tuple)) and not _is_list(value):
      continue
    slots = list(value)
    if len(slots) != len(variables) or not slots:
      continue
    if all(_fits(slot, v) for slot, v in zip(slots, variables)):
      found.append((attribute.lstrip("_"), slots))
  return found


def _is_list(value: Any) -> bool:
  """Whether Keras or TensorFlow wrapped a list to track it."""
  return type(value).__name__ in ("ListWrapper", "TrackedList", "_TupleWrapper")


def _fits(slot: Any, variable: Any) -> bool:
  if slot is None:
    return True
  if not (hasattr(slot, "assign") and hasattr(slot, "shape")):
    return False
  return tuple(slot.shape) in (tuple(variable.shape), ())


def starts_of(
  slots: Iterable[Tuple[str, np.ndarray]], variables: Iterable[str]
) -> Dict[str, object]:
  """`initial SLOT`: the value from which a kind of slot starts, if it is one.

  >>> starts_of([("w/rms", np.ones(2)), ("b/rms", np.ones(1))], ["w", "b"])
  {'initial rms': 1.0}

  Args:
    slots: `variable/slot` and value, before the first update.
    variables: names of the variables that have slots.
  """
  found: Dict[str, Set[float]] = {}
  known = set(variables)
  for name, value in slots:
    variable, _, slot = name.rpartition("/")
    if variable in known:
      array = np.asarray(value)
      if array.dtype.kind not in "fiu":
        array = array.astype(np.float64)  # NumPy orders no bfloat16.
      extremes = (array.min(), array.max()) if array.size else ()
      found.setdefault(slot, set()).update(float(each) for each in extremes)
  return {
    f"initial {slot}": values.pop()
    for slot, values in sorted(found.items())
    if len(values) == 1
  }


def as_array(value: Any) -> np.ndarray:
  """A variable's value, of any generation."""
  return np.asarray(value.numpy() if hasattr(value, "numpy") else value)


def read(variables: Mapping[str, Any]) -> Dict[str, Any]:
  """Ops that read graph variables."""
  return {
    name: tf1.convert_to_tensor(variable)
    for name, variable in variables.items()
  }
