"""Can a golden prove that a difference is rounding? It can, by its ops.

A golden made with `parity record --trace` also holds, for each of its runs, the
ops with their attributes and operands, but of the values only what cannot be
computed again: inputs, weights, constants, and what random ops drew. From these
any TensorFlow computes the rest, so the golden's very own dataflow is at hand
where neither its version nor its machine is.

1. `without_values` makes that of a trace, `completed` a trace of it, by running
   its ops again in their own dtypes. Outputs keep the values that were stored.
2. What runs again must give what was stored, or the ops do not stand for the
   golden: within the tolerance or the noise floor. That is measured: the
   ops run again with every root moved by one ulp, a few times, and no output
   may be further from the stored one than the largest move times `_MARGIN`.
3. Then the explainer judges as ever: rounding is what is gone in float64.

Strict on purpose: a kernel that sums a long row naively, as batch norm of 1.15
does, may be further off at a special input such as an image of ones. Then the
golden's ops are not believed, and its own cell is asked, where it is installed.

Certain: another constant, attribute or op on either side, however small. Not to
be seen: an op of one type and attributes whose kernel computes otherwise in the
other version, by less than the noise floor of the outputs behind it.
"""

from __future__ import annotations

import dataclasses
from typing import Callable, Dict, Optional, Set

import numpy as np

from parity.records import tolerance as tolerance_lib
from parity.records import trace as trace_lib

# Runs a trace again, in its own dtypes.
Rerun = Callable[[trace_lib.Trace], trace_lib.Trace]

# Another kernel's sum errs by more than one ulp an operand.
_MARGIN = 8.0
_SEEDS = (1, 2, 3)


@dataclasses.dataclass(frozen=True)
class Departure:
  """An output that the ops, run again, do not give.

  Attributes:
    name: the output.
    gap: how far what they give is from what was stored.
    noise: how far one ulp at the roots moves it.
  """

  name: str
  gap: float
  noise: float


def _is_lost(tensor: trace_lib.TensorRecord) -> bool:
  """Whether no value of it is ever kept: unseen, or text."""
  return not tensor.digest or tensor.dtype == "string"


def without_values(trace: trace_lib.Trace) -> trace_lib.Trace:
  """The trace with those values only that its ops cannot give again."""
  made: Set[int] = set()
  for op in trace.ops:
    is_given = trace_lib.is_draw(op.op_type)
    is_given = is_given or trace_lib.is_of_table(op.op_type)
    if not is_given and not any(_is_lost(trace.tensors[t]) for t in op.inputs):
      made.update(op.outputs)
  made -= set(trace.outputs.values())
  tensors = tuple(
    dataclasses.replace(tensor, value=None, sketch=None)
    if number in made
    else tensor
    for number, tensor in enumerate(trace.tensors)
  )
  return dataclasses.replace(trace, tensors=tensors)


def completed(
  trace: trace_lib.Trace, again: trace_lib.Trace
) -> trace_lib.Trace:
  """A trace with all values: as they were stored, or as they were given again.

  Args:
    trace: without values.
    again: the same, run again.
  """
  tensors = tuple(
    computed if stored.value is None else stored
    for stored, computed in zip(trace.tensors, again.tensors)
  )
  return dataclasses.replace(again, tensors=tensors)


def first_departure(
  trace: trace_lib.Trace,
  again: trace_lib.Trace,
  *,
  rerun: Rerun,
  policy: tolerance_lib.TolerancePolicy,
) -> Optional[Departure]:
  """The first output that stored ops, run here, do not give.

  Args:
    trace: without values.
    again: the same, run here.
    rerun: runs it here with other roots.
    policy: the case's limits.

  Returns:
    None where all outputs are given, within the tolerance or the noise floor.
  """
  here, stored = _outputs(again), _outputs(trace)
  beyond: Dict[str, float] = {}
  for name, value in stored.items():
    gap = _gap(value, here.get(name))
    if gap > policy.for_name(name).allowed(_peak(value)):
      beyond[name] = gap
  if not beyond:
    return None
  noise = dict.fromkeys(beyond, 0.0)
  for seed in _SEEDS:
    moved = _outputs(rerun(_moved(trace, seed)))
    for name in beyond:
      found = _gap(here.get(name), moved.get(name))
      noise[name] = max(noise[name], found)
  for name, gap in beyond.items():
    if not gap <= _MARGIN * noise[name]:
      return Departure(name, gap, noise[name])
  return None


def _outputs(trace: trace_lib.Trace) -> Dict[str, Optional[np.ndarray]]:
  return {name: trace.tensors[t].value for name, t in trace.outputs.items()}


def _gap(left: Optional[np.ndarray], right: Optional[np.ndarray]) -> float:
  """Largest difference; infinite where the two cannot be compared."""
  if left is None or right is None or left.shape != right.shape:
    return 0.0 if left is None and right is None else np.inf
  kinds = left.dtype.kind + right.dtype.kind
  if set(kinds) - set("fiuc"):
    return 0.0 if np.array_equal(left, right) else np.inf
  if left.size == 0:
    return 0.0
  wide = np.complex128 if "c" in kinds else np.float64
  a, b = np.asarray(left, wide), np.asarray(right, wide)
  with np.errstate(invalid="ignore"):
    gaps = np.abs(a - b)
  # Equal infinities, and NaN on both sides, are no difference.
  same = (a == b) | (np.isnan(a) & np.isnan(b))
  gap = float(np.max(np.where(same, 0.0, gaps)))
  return np.inf if np.isnan(gap) else gap


def _peak(value: Optional[np.ndarray]) -> float:
  if value is None or value.dtype.kind not in "fiuc":
    return 0.0
  finite = np.abs(value).astype(np.float64)
  finite = finite[np.isfinite(finite)]
  return float(np.max(finite)) if finite.size else 0.0


def _moved(trace: trace_lib.Trace, seed: int) -> trace_lib.Trace:
  """The trace with its inputs and variables moved by one ulp."""
  rng = np.random.RandomState(seed)
  return dataclasses.replace(
    trace,
    tensors=tuple(
      dataclasses.replace(tensor, value=_one_ulp(tensor.value, rng))
      if (tensor.root or "").startswith(("input:", "variable:"))
      else tensor
      for tensor in trace.tensors
    ),
  )


def _one_ulp(
  value: Optional[np.ndarray], rng: np.random.RandomState
) -> Optional[np.ndarray]:
  """Every finite floating element one ulp up or down; a 0 stays."""
  if value is None or value.dtype.kind != "f":
    return value
  up = rng.randint(0, 2, size=value.shape).astype(bool)
  toward = np.where(up, np.inf, -np.inf).astype(value.dtype)
  moved = np.nextafter(value, toward)
  keep = (value == 0) | ~np.isfinite(value) | ~np.isfinite(moved)
  return np.where(keep, value, moved).astype(value.dtype)
