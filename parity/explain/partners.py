"""Which tensor of one side is which of the other? By value, then by congruence.

Names do not survive a port and decompositions differ, so tensors are paired by
what they hold:

1. Candidates have equal size and nearly equal root mean square (certain: a
   tensor that agrees has them, whatever its shape or layout).
2. A candidate is a partner when its values agree, in this shape, reshaped, or
   with axes permuted; floating values within `closeness` of the peak, others
   exactly.
3. Then ops are walked in execution order: two ops of one type, with equal
   attributes and partners for all operands, compute the same function, so their
   results are partners although rounding may have driven the values apart.

Heuristic: unrelated tensors may hold the same values by chance; tensors of one
repeated value, such as zeros, are paired like others.
"""

from __future__ import annotations

import bisect
import dataclasses
import itertools
from typing import Dict, List, Optional, Sequence, Set, Tuple

import numpy as np

from parity.records import trace as trace_lib

# How far apart the peaks of an op's rounding may be, of the tensor's own peak.
CLOSENESS = 2e-5
# Below this two float32 results of different kernels cannot be told apart.
FINEST = 4e-7
_MOST_CANDIDATES = 24
_MOST_PERMUTED_RANK = 4
_RANDOM_OPS = ("Random", "TruncatedNormal", "Multinomial", "Stateful")


@dataclasses.dataclass(frozen=True, eq=False)
class Partners:
  """The pairing of two traces' tensors.

  Attributes:
    of_tf1: partners on the tf2 side by tf1 tensor number.
    of_tf2: partners on the tf1 side by tf2 tensor number.
    congruent: pairs that are partners by their ops, not by their values.
  """

  of_tf1: Dict[int, Set[int]]
  of_tf2: Dict[int, Set[int]]
  congruent: Set[Tuple[int, int]]

  def has(self, side: str, tensor: int) -> bool:
    """Whether a tensor of a side has a partner."""
    return bool((self.of_tf1 if side == "tf1" else self.of_tf2).get(tensor))

  def are(self, tf1: int, tf2: int) -> bool:
    """Whether two tensors are partners."""
    return tf2 in self.of_tf1.get(tf1, ())

  def add(self, tf1: int, tf2: int) -> None:
    """Makes two tensors partners."""
    self.of_tf1.setdefault(tf1, set()).add(tf2)
    self.of_tf2.setdefault(tf2, set()).add(tf1)


def _kind(tensor: trace_lib.TensorRecord) -> str:
  if tensor.dtype.startswith(("float", "bfloat")):
    return "floating"
  return "other" if tensor.dtype != "string" else "string"


def _is_close(
  left: np.ndarray, right: np.ndarray, *, closeness: float
) -> bool:
  """Whether two arrays of one shape agree to `closeness` of the peak."""
  if left.dtype.kind not in "fc" and right.dtype.kind not in "fc":
    return bool(np.array_equal(left, right))
  a = np.asarray(left, np.float64)
  b = np.asarray(right, np.float64)
  finite = np.isfinite(a)
  if not finite.all():
    if not np.array_equal(finite, np.isfinite(b)):
      return False
    # NaN becomes 0 and an infinity the largest number of its sign.
    if not np.array_equal(
      np.nan_to_num(a[~finite]), np.nan_to_num(b[~finite])
    ):
      return False
    a, b = a[finite], b[finite]
  elif not np.isfinite(b).all():
    return False
  if a.size == 0:
    return True
  peak = float(np.max(np.abs(a)))
  return float(np.max(np.abs(a - b))) <= closeness * peak


def agree(
  left: trace_lib.TensorRecord,
  right: trace_lib.TensorRecord,
  *,
  closeness: float,
) -> bool:
  """Whether two tensors hold the same values, in some layout."""
  if left.digest and left.digest == right.digest:
    return True
  a, b = left.value, right.value
  if a is None or b is None or a.size != b.size:
    return False
  a, b = np.asarray(a), np.asarray(b)
  if a.dtype == object or b.dtype == object:
    return False
  if a.shape == b.shape and _is_close(a, b, closeness=closeness):
    return True
  core_a, core_b = a.squeeze(), b.squeeze()
  if _is_close(a.reshape(-1), b.reshape(-1), closeness=closeness):
    return True
  rank = core_a.ndim
  if rank != core_b.ndim or not 2 <= rank <= _MOST_PERMUTED_RANK:
    return False
  for axes in itertools.permutations(range(rank)):
    moved = core_a.transpose(axes)
    if moved.shape == core_b.shape and _is_close(
      moved, core_b, closeness=closeness
    ):
      return True
  return False


def pair_by_value(
  tf1: trace_lib.Trace, tf2: trace_lib.Trace, *, closeness: float
) -> Partners:
  """Pairs the tensors of two traces that hold the same values.

  Args:
    tf1: a trace with values.
    tf2: the other side's.
    closeness: largest difference of floating values, of the tensor's peak.

  Returns:
    The pairing, without congruence.
  """
  partners = Partners({}, {}, set())
  buckets: Dict[Tuple[str, int], List[Tuple[float, int]]] = {}
  for number, tensor in enumerate(tf2.tensors):
    if tensor.digest:
      key = (_kind(tensor), _size(tensor))
      buckets.setdefault(key, []).append((tensor.rms, number))
  for bucket in buckets.values():
    bucket.sort()
  same: Dict[str, List[int]] = {}
  for number, tensor in enumerate(tf2.tensors):
    if tensor.digest:
      same.setdefault(tensor.digest, []).append(number)
  for number, tensor in enumerate(tf1.tensors):
    if not tensor.digest:
      continue
    if tensor.digest in same:
      for other in same[tensor.digest]:
        partners.add(number, other)
      continue
    bucket = buckets.get((_kind(tensor), _size(tensor)), [])
    for other in _candidates(bucket, tensor.rms, closeness):
      if agree(tensor, tf2.tensors[other], closeness=closeness):
        partners.add(number, other)
  return partners


def _size(tensor: trace_lib.TensorRecord) -> int:
  size = 1
  for length in tensor.shape:
    size *= length
  return size


def _candidates(
  bucket: Sequence[Tuple[float, int]], rms: float, closeness: float
) -> List[int]:
  margin = 8 * closeness * abs(rms) + 1e-30
  start = bisect.bisect_left(bucket, (rms - margin, -1))
  found = []
  for value, number in bucket[start:]:
    if value > rms + margin:
      break
    found.append((abs(value - rms), number))
  found.sort()
  return [number for _, number in found[:_MOST_CANDIDATES]]


def close_by_congruence(
  partners: Partners, tf1: trace_lib.Trace, tf2: trace_lib.Trace
) -> None:
  """Pairs the results of ops that compute the same function of partners.

  Random ops are left out: equal functions of equal operands draw other numbers.
  """
  consumers: Dict[int, List[trace_lib.OpRecord]] = {}
  for op in tf2.ops:
    for operand in set(op.inputs):
      consumers.setdefault(operand, []).append(op)
  for op in tf1.ops:
    if not op.inputs or _is_random(op.op_type):
      continue
    if all(partners.has("tf1", result) for result in op.outputs):
      continue
    other = _congruent(op, partners, consumers)
    if other is None:
      continue
    for left, right in zip(op.outputs, other.outputs):
      if not partners.are(left, right):
        partners.add(left, right)
        partners.congruent.add((left, right))


def _is_random(op_type: str) -> bool:
  return any(word in op_type for word in _RANDOM_OPS)


def _congruent(
  op: trace_lib.OpRecord,
  partners: Partners,
  consumers: Dict[int, List[trace_lib.OpRecord]],
) -> Optional[trace_lib.OpRecord]:
  near = sorted(partners.of_tf1.get(op.inputs[0], ()))
  for operand in near:
    for other in consumers.get(operand, []):
      if (
        other.op_type == op.op_type
        and len(other.inputs) == len(op.inputs)
        and len(other.outputs) == len(op.outputs)
        and other.attributes == op.attributes
        and all(partners.are(a, b) for a, b in zip(op.inputs, other.inputs))
      ):
        return other
  return None


def pair(
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  *,
  closeness: float = CLOSENESS,
) -> Partners:
  """Pairs the tensors of two traces, by value and by congruence."""
  partners = pair_by_value(tf1, tf2, closeness=closeness)
  close_by_congruence(partners, tf1, tf2)
  return partners
