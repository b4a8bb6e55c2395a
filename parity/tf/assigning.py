"""Which ops give a variable another value, and which value do they give?

Of the whole, such as `Assign`, or of some rows or elements, such as
`ScatterSub`; of variables of either kind. In a trace each is a computation from
the value before, and from its other operands, to the value after.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Sequence

import numpy as np

_Change = Callable[[np.ndarray, Any, np.ndarray], None]


def _put(values: np.ndarray, places: Any, given: np.ndarray) -> None:
  values[places] = given


def _divide(values: np.ndarray, places: Any, given: np.ndarray) -> None:
  """As the kernels do, which round integers towards zero."""
  if values.dtype.kind not in "iu":
    np.divide.at(values, places, given)
    return
  signs = np.sign(values)
  np.multiply.at(signs, places, np.sign(given))
  np.abs(values, out=values)
  np.floor_divide.at(values, places, np.abs(given))
  values *= signs


def _scattered(change: _Change) -> Callable[..., np.ndarray]:
  """Rows by number."""

  def run(before: Any, indices: Any, updates: Any) -> np.ndarray:
    after = np.array(before)
    change(after, np.asarray(indices), np.asarray(updates, after.dtype))
    return after

  return run


def _scattered_nd(change: _Change) -> Callable[..., np.ndarray]:
  """Elements or slices by their coordinates, which are the last axis."""

  def run(before: Any, indices: Any, updates: Any) -> np.ndarray:
    after = np.array(before)
    places = tuple(np.moveaxis(np.asarray(indices), -1, 0))
    change(after, places, np.asarray(updates, after.dtype))
    return after

  return run


_CHANGES: Dict[str, _Change] = {
  "Add": np.add.at,
  "Max": np.maximum.at,
  "Min": np.minimum.at,
  "Sub": np.subtract.at,
  "Update": _put,
}
_OF_ROWS_ONLY: Dict[str, _Change] = {"Div": _divide, "Mul": np.multiply.at}

FORMULAS: Dict[str, Callable[..., Any]] = {
  "Assign": lambda _, value: value,
  "AssignVariableOp": lambda _, value: value,
  "AssignAdd": lambda before, value: before + value,
  "AssignAddVariableOp": lambda before, value: before + value,
  "AssignSub": lambda before, value: before - value,
  "AssignSubVariableOp": lambda before, value: before - value,
  **{
    f"{kind}Scatter{change}": _scattered(how)
    for kind in ("", "Resource")
    for change, how in {**_CHANGES, **_OF_ROWS_ONLY}.items()
  },
  **{
    f"{kind}ScatterNd{change}": _scattered_nd(how)
    for kind in ("", "Resource")
    for change, how in _CHANGES.items()
  },
}
"""The value after, of the value before and the other operands, by op type."""

OVERWRITES = ("Assign", "AssignVariableOp")
"""Those that do not read the value before."""


def value_after(op_type: str, operands: Sequence[Any]) -> Any:
  """What an assignment leaves in its variable.

  >>> value_after("ScatterSub", [np.zeros(3), [1, 1], np.ones(2)])
  array([ 0., -2.,  0.])

  Args:
    op_type: one of `FORMULAS`.
    operands: the value before, and the others in the op's order.
  """
  return FORMULAS[op_type](*operands)
