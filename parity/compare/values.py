"""Do two tensors agree within a tolerance, and if not, how far are they apart?

A pair of elements passes where |other - reference| <= atol + rtol * |reference|
in float64. NaN equals NaN at the same place; infinities are equal when their
signs are. Bool, text and objects pass when equal. Shapes and dtypes must agree.

1. The pair is cut into blocks in C order (see `blocks`).
2. Each block adds to the pair's tally (see `tally`); bit-equal blocks cost no
   more than reading them. No temporary is larger than a few blocks.

In one thread: NumPy's calls on blocks that fit the cache are so short that
threads spend more on waking each other than they gain. Two were slower.

Figures are over the pairs in which both numbers are finite: `max_abs`,
`max_rel`, `max_ulp`, `rms`, the histogram. A NaN or infinity on one side only
shows in `mismatched`, in the tallies of non-finite values, in
`times_tolerance`, which is then inf, and in `passing_atol`, which is then None.
"""

from __future__ import annotations

from typing import Any, Dict, Tuple

import numpy as np

from parity.compare import blocks
from parity.compare import families
from parity.compare import tally as tally_lib
from parity.records import report
from parity.records import tolerance as tolerance_lib

# Kinds whose first values a comparison shows, and how many of them.
_SHOWN = ("output", "loss")
_HEAD = 5


def compare_arrays(
  reference: np.ndarray,
  other: np.ndarray,
  *,
  tolerance: tolerance_lib.Tolerance,
  kind: str,
  name: str,
  order: int = -1,
) -> report.Comparison:
  """Compares two tensors; a mismatch is a result, never an exception.

  >>> limit = tolerance_lib.Tolerance(rtol=0, atol=1e-3)
  >>> found = compare_arrays(
  ...   np.array([1.0, 2.0]),
  ...   np.array([1.0, 2.5]),
  ...   tolerance=limit,
  ...   kind="output",
  ...   name="logits",
  ... )
  >>> found.status, found.mismatched, found.worst_index, found.max_abs
  ('beyond', 1, (1,), 0.5)

  Args:
    reference: of any dtype, layout and byte order; it may be read-only.
    other: likewise.
    tolerance: the limit.
    kind: what the tensors are, a word of `report.Comparison.kind`.
    name: path of the output, or tf1-side name of the variable.
    order: place in the reference's execution order, -1 unknown.

  Returns:
    The comparison. Unlike shapes are not compared further; unlike dtypes are,
    in float64, where both are numbers, without distances in ulp.
  """
  reference, other = np.asarray(reference), np.asarray(other)
  names = families.type_name(reference), families.type_name(other)
  fields: Dict[str, Any] = {
    "reference_shape": reference.shape,
    "other_shape": other.shape,
    "reference_dtype": names[0],
    "other_dtype": names[1],
    "order": order,
  }
  if kind in _SHOWN:
    fields["reference_head"] = _head(reference)
    fields["other_head"] = _head(other)
  if reference.shape != other.shape:
    return report.Comparison(kind=kind, name=name, status="shape", **fields)
  same_type = names[0] == names[1] or not (
    reference.size or {reference.dtype.kind, other.dtype.kind} - set("OSU")
  )
  if not same_type and not (_is_number(reference) and _is_number(other)):
    return report.Comparison(kind=kind, name=name, status="dtype", **fields)
  found = _measure(reference, other, tolerance, same_type)
  fields.update(found.figures(reference.shape))
  if not same_type:
    status = "dtype"
  elif found.mismatched:
    status = "beyond"
  else:
    status = "equal" if found.identical else "within"
  return report.Comparison(kind=kind, name=name, status=status, **fields)


def largest_magnitude(array: np.ndarray) -> float:
  """The largest magnitude of an array's numbers; NaN where one is NaN.

  >>> largest_magnitude(np.array([1.0, -3.0]))
  3.0

  Raises:
    TypeError: the elements are not numbers.
  """
  array = np.asarray(array)
  if not _is_number(array):
    raise TypeError(f"{families.type_name(array)} has no largest magnitude.")
  array = families.readable(array)
  wide = np.complex128 if array.dtype.kind == "c" else np.float64
  largest = 0.0
  for start in range(0, array.size, blocks.BLOCK):
    block = blocks.block_of(array, start, start + blocks.BLOCK)
    largest = np.maximum(largest, np.absolute(block.astype(wide)).max())
  return float(largest)


def is_uniform(array: np.ndarray) -> bool:
  """Whether all elements are the same; so it is where there are none.

  >>> is_uniform(np.zeros(3)), is_uniform(np.array([1.0, 2.0]))
  (True, False)
  """
  return array.size == 0 or bool(np.all(array == array.reshape(-1)[0]))


def _head(array: np.ndarray) -> Tuple[float, ...]:
  """The first values, at most five; empty where they are no real numbers."""
  if not _is_number(array) or array.dtype.kind == "c":
    return ()
  head = families.readable(array.reshape(-1)[:_HEAD])
  return tuple(float(value) for value in head)


def _measure(
  reference: np.ndarray,
  other: np.ndarray,
  limit: tolerance_lib.Tolerance,
  same_type: bool,
) -> tally_lib.Tally:
  """The tally of a pair of one shape, over all its blocks."""
  if same_type:
    dtype = reference.dtype
    reference = families.numbers_of(reference)
    other = families.numbers_of(other)
  else:
    reference, other = families.readable(reference), families.readable(other)
    is_complex = "c" in (reference.dtype.kind, other.dtype.kind)
    dtype = np.dtype(np.complex128 if is_complex else np.float64)

  meter = blocks.Meter(dtype, limit, wants_ulp=same_type)
  with np.errstate(all="ignore"):
    for first in range(0, reference.size, blocks.BLOCK):
      last = min(first + blocks.BLOCK, reference.size)
      left = blocks.block_of(reference, first, last)
      right = blocks.block_of(other, first, last)
      if not same_type:
        left, right = left.astype(dtype), right.astype(dtype)
      meter.add(first, left, right)
  return meter.tally


def _is_number(array: np.ndarray) -> bool:
  """Whether the elements have a value in float64; bool is 0 or 1."""
  family = families.family_of(array.dtype)
  return family != families.EQUALITY or array.dtype.kind == "b"
