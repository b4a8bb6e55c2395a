"""How do the results part at a finding's place? What a person would look for.

1. Layout: is the port's result tf1's, transposed, reversed, reordered, scaled
   or shifted? Certain, since it is tried on every element (`compare.layouts`).
2. Concentration: does the difference lie in one slice of an axis, such as one
   channel, or at the first and last ones, as padding makes it? Told where that
   holds nine tenths of the squared difference and is a small part of the axis.
3. Noise: how many times the rounding of tf1's own float32 does the output
   differ? That rounding is how far the output is from itself in float64.

The results are those of the two ops where both have one of equal size, else the
output that the finding is about.
"""

from __future__ import annotations

import dataclasses
from typing import Optional, Tuple

import numpy as np

from parity.compare import layouts
from parity.compare import noise
from parity.explain import partners as partners_lib
from parity.explain import surroundings
from parity.records import report as report_lib
from parity.records import trace as trace_lib

# Of the squared difference, for one slice to be where it lies.
_MOST_OF_IT = 0.9
_FEWEST_SLICES = 4


@dataclasses.dataclass(frozen=True, eq=False)
class _Results:
  """What both sides have at a place."""

  what: str
  tf1: np.ndarray
  tf2: np.ndarray


def with_evidence(
  finding: report_lib.Finding,
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  *,
  partners: partners_lib.Partners,
  wide: Optional[trace_lib.Trace],
) -> report_lib.Finding:
  """The finding with what its results show.

  Args:
    finding: any.
    tf1: the tf1 side's trace, with values near the finding.
    tf2: the tf2 side's.
    partners: the pairing of their tensors.
    wide: the tf1 side's trace run again in float64, None where it cannot be.
  """
  found = _results(finding, tf1, tf2, partners)
  pattern = None if found is None else pattern_of(found.tf1, found.tf2)
  return dataclasses.replace(
    finding,
    pattern=None
    if found is None or not pattern
    else f"{found.what}: {pattern}",
    times_noise=_times_noise(finding, tf1, tf2, wide),
  )


def pattern_of(tf1: np.ndarray, tf2: np.ndarray) -> Optional[str]:
  """How the port's result follows from tf1's, or where they differ.

  >>> ones = np.arange(12.0).reshape(3, 4)
  >>> pattern_of(ones, ones.T)
  "the port's is tf1's with its axes permuted to (1, 0)"
  """
  layout = layouts.explain_layout(tf1, tf2)
  if layout is not None:
    words = layout.text.replace("the other", "the port's")
    return words.replace("the reference", "tf1's")
  if tf1.shape != tf2.shape or tf1.dtype.kind != "f" or tf2.dtype.kind != "f":
    return None
  return _concentration(tf1, tf2)


def _concentration(tf1: np.ndarray, tf2: np.ndarray) -> Optional[str]:
  """The slice in which most of the difference lies."""
  with np.errstate(all="ignore"):
    squares = np.square(np.asarray(tf1, np.float64) - tf2)
  if squares.size == 0 or not np.isfinite(squares).all():
    return None
  total = float(np.sum(squares))
  if total == 0:
    return None
  for axis in reversed(range(squares.ndim)):
    length = squares.shape[axis]
    if length < _FEWEST_SLICES:
      continue
    rest = tuple(other for other in range(squares.ndim) if other != axis)
    shares = np.sum(squares, axis=rest) / total
    largest = int(np.argmax(shares))
    if shares[largest] >= _MOST_OF_IT:
      return (
        f"{shares[largest]:.0%} of the squared difference lies at index"
        f" {largest} of axis {axis} (of {length})"
      )
    edges = float(shares[0] + shares[-1])
    if edges >= _MOST_OF_IT and length > 2 * _FEWEST_SLICES:
      return (
        f"{edges:.0%} of the squared difference lies at the first and last"
        f" indices of axis {axis} (of {length}), as padding makes it"
      )
  return None


def _results(
  finding: report_lib.Finding,
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  partners: partners_lib.Partners,
) -> Optional[_Results]:
  left, right = surroundings.middles_of(finding, tf1, tf2, partners)
  if left is not None and right is not None:
    a, b = _first_result(tf1, left), _first_result(tf2, right)
    if a is not None and b is not None and 1 < a.size == b.size:
      return _Results("the two results", a, b)
  name = _output(finding, tf1, tf2)
  if name is None:
    return None
  a = tf1.tensors[tf1.outputs[name]].value
  b = tf2.tensors[tf2.outputs[name]].value
  if a is None or b is None or a.size != b.size:
    return None
  return _Results(name, a, b)


def _first_result(trace: trace_lib.Trace, op: int) -> Optional[np.ndarray]:
  results = trace.ops[op].outputs
  return trace.tensors[results[0]].value if results else None


def _output(
  finding: report_lib.Finding, tf1: trace_lib.Trace, tf2: trace_lib.Trace
) -> Optional[str]:
  """The trace's output that a finding is about."""
  where = finding.where
  names: Tuple[Optional[str], ...] = (
    where.output,
    f"gradient:{where.variable}",
    f"final:{where.variable}",
  )
  for name in names:
    if name is not None and name in tf1.outputs and name in tf2.outputs:
      return name
  return None


def _times_noise(
  finding: report_lib.Finding,
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  wide: Optional[trace_lib.Trace],
) -> Optional[float]:
  """The output's difference, in units of the rounding of tf1's float32."""
  name = _output(finding, tf1, tf2)
  if name is None or wide is None or not wide.complete:
    return None
  ours = tf1.tensors[tf1.outputs[name]].value
  theirs = tf2.tensors[tf2.outputs[name]].value
  exact = wide.tensors[wide.outputs[name]].value
  if ours is None or theirs is None or exact is None:
    return None
  if ours.dtype != np.float32 or ours.shape != theirs.shape:
    return None
  if ours.shape != exact.shape:
    return None
  gap, floor = noise.largest_gap(ours, theirs), noise.largest_gap(ours, exact)
  return gap / floor if gap and floor else None
