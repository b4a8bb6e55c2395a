"""Which tensor of one side is which of the other? By value, then by congruence.

Names do not survive a port and decompositions differ, so tensors are paired by
what they hold:

1. Candidates have equal size and nearly equal root mean square (certain: a
   tensor that agrees has them, whatever its shape or layout).
2. A candidate is a partner when its values agree, in this shape, reshaped, or
   with axes permuted; floating values within `closeness` of the peak, others
   exactly. Where values were too large to be kept, their sketches stand for
   them, which may call partners what differs in a few elements only; whoever
   builds on such a pair asks for the values (`fetching`).
3. Then ops are walked in execution order: two ops of one type, with equal
   attributes and partners for all operands, in the same shape and layout,
   compute the same function, so their results are partners although rounding
   may have driven the values apart.

Heuristic: unrelated tensors may hold the same values by chance; tensors of one
repeated value, such as zeros, are paired like others.
"""

from __future__ import annotations

import bisect
import dataclasses
import itertools
from typing import Dict, List, Optional, Sequence, Set, Tuple

import numpy as np

from parity.explain import numbers
from parity.records import sketch as sketch_lib
from parity.records import trace as trace_lib

# How far apart the peaks of an op's rounding may be, of the tensor's own peak.
CLOSENESS = 2e-5
# Below this two float32 results of different kernels cannot be told apart.
FINEST = 4e-7
# The same where both sides were run in float64: float32 constants of the two
# sides may be an ulp apart, and nothing else may.
CLOSENESS_WIDE = 1e-6
FINEST_WIDE = 1e-12
# A pair this many times as far apart as the nearest pair still counts.
_TIE = 4.0
_MOST_CANDIDATES = 24
_MOST_PERMUTED_RANK = 4
_FLOATING = ("float", "bfloat")
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
  if tensor.dtype.startswith(_FLOATING):
    return "floating"
  return "other" if tensor.dtype != "string" else "string"


def _distance(left: np.ndarray, right: np.ndarray) -> float:
  """Largest difference of two arrays of one shape, of the first one's peak.

  Infinite where values that must be equal are not: integers, booleans, and the
  places of NaN and infinities.
  """
  if not (numbers.is_inexact(left) or numbers.is_inexact(right)):
    return 0.0 if np.array_equal(left, right) else np.inf
  a, b = numbers.widened(left), numbers.widened(right)
  if a is None or b is None or a.shape != b.shape:
    return np.inf
  finite = np.isfinite(a)
  if not np.array_equal(finite, np.isfinite(b)):
    return np.inf
  if not finite.all():
    # NaN becomes 0 and an infinity the largest number of its sign.
    if not np.array_equal(np.nan_to_num(a[~finite]), np.nan_to_num(b[~finite])):
      return np.inf
    a, b = a[finite], b[finite]
  if a.size == 0:
    return 0.0
  gap = float(np.max(np.abs(a - b)))
  peak = float(np.max(np.abs(a)))
  if gap == 0:
    return 0.0
  return gap / peak if peak else np.inf


def distance(
  left: trace_lib.TensorRecord,
  right: trace_lib.TensorRecord,
  *,
  closeness: float,
) -> float:
  """How far apart two tensors are in the layout in which they agree best.

  Args:
    left: a tensor with its value.
    right: another.
    closeness: a layout in which they are as near as this is good enough.

  Returns:
    Largest difference, of the first tensor's peak; infinite for no agreement.
  """
  if left.digest and left.digest == right.digest:
    return 0.0
  if left.value is None or right.value is None:
    return _sketched_distance(left, right, closeness=closeness)
  a, b = np.asarray(left.value), np.asarray(right.value)
  if a.size != b.size or object in (a.dtype, b.dtype):
    return np.inf
  found = _distance(a.reshape(-1), b.reshape(-1))
  core_a, core_b = a.squeeze(), b.squeeze()
  rank = core_a.ndim
  if found <= closeness or rank != core_b.ndim:
    return found
  if not 2 <= rank <= _MOST_PERMUTED_RANK:
    return found
  for axes in itertools.permutations(range(rank)):
    moved = core_a.transpose(axes)
    if moved.shape == core_b.shape:
      found = min(found, _distance(moved, core_b))
      if found <= closeness:
        break
  return found


def _sketched_distance(
  left: trace_lib.TensorRecord,
  right: trace_lib.TensorRecord,
  *,
  closeness: float,
) -> float:
  """A lower bound of the distance, where values were too large to be kept."""
  sketches = [
    record.sketch
    if record.value is None
    else sketch_lib.sketch_of(np.asarray(record.value))
    for record in (left, right)
  ]
  if sketches[0] is None or sketches[1] is None:
    return np.inf
  if left.finite != right.finite or left.size != right.size:
    return np.inf
  if not left.dtype.startswith(_FLOATING):
    # Integers and truth values that are equal in this layout have one digest.
    closeness = 0.0
  if left.peak == 0:
    return 0.0 if right.peak == 0 else np.inf
  found = sketch_lib.distance(
    sketches[0], sketches[1], closeness=closeness * left.peak
  )
  return found / left.peak


def pair_by_value(
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  *,
  closeness: float,
  finest: float = FINEST,
) -> Partners:
  """Pairs the tensors of two traces that hold the same values.

  Of several tensors that are near, only the nearest are partners: a layer that
  hardly changes its input must not pair with that input.

  Args:
    tf1: a trace with values.
    tf2: the other side's.
    closeness: largest difference of floating values, of the tensor's peak.
    finest: below this two results cannot be told apart.

  Returns:
    The pairing, without congruence.
  """
  partners = Partners({}, {}, set())
  same: Dict[str, List[int]] = {}
  buckets: Dict[Tuple[str, int], List[Tuple[float, int]]] = {}
  for number, tensor in enumerate(tf2.tensors):
    if tensor.digest:
      same.setdefault(tensor.digest, []).append(number)
      key = (_kind(tensor), tensor.size)
      buckets.setdefault(key, []).append((tensor.rms, number))
  for bucket in buckets.values():
    bucket.sort()
  near: List[Tuple[float, int, int]] = []
  equal: Dict[str, List[int]] = {}
  for number, tensor in enumerate(tf1.tensors):
    if not tensor.digest:
      continue
    if tensor.digest in same:
      equal.setdefault(tensor.digest, []).append(number)
      continue
    bucket = buckets.get((_kind(tensor), tensor.size), [])
    for other in _candidates(bucket, tensor.rms, closeness):
      gap = distance(tensor, tf2.tensors[other], closeness=closeness)
      if gap <= closeness:
        near.append((gap, number, other))
  for digest, numbers_of_tf1 in equal.items():
    # All at once: of a large network hundreds of variables are all zero.
    partners.of_tf1.update((n, set(same[digest])) for n in numbers_of_tf1)
    partners.of_tf2.update((n, set(numbers_of_tf1)) for n in same[digest])
  _add_nearest(partners, near, finest=min(finest, closeness))
  return partners


def _add_nearest(
  partners: Partners,
  near: Sequence[Tuple[float, int, int]],
  *,
  finest: float,
) -> None:
  """Pairs those that are nearly as near as the nearest of each is."""
  nearest: Dict[Tuple[str, int], float] = {}
  for gap, left, right in near:
    for key in (("tf1", left), ("tf2", right)):
      nearest[key] = min(gap, nearest.get(key, gap))
  for _, _, right in near:
    if partners.has("tf2", right):
      nearest[("tf2", right)] = 0.0
  for gap, left, right in near:
    best = min(nearest[("tf1", left)], nearest[("tf2", right)])
    if gap <= _TIE * max(best, finest / 4):
      partners.add(left, right)


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
  partners: Partners,
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  *,
  closeness: float = CLOSENESS,
) -> None:
  """Pairs the results of ops that compute the same function of partners.

  Random ops are left out: equal functions of equal operands draw other numbers.
  A partner in another layout is no equal operand: the softmax of a transposed
  matrix is no transposed softmax.
  """

  def is_same_function(
    op: trace_lib.OpRecord, other: trace_lib.OpRecord
  ) -> bool:
    operands = zip(op.inputs, other.inputs)
    return all(
      (a, b) in partners.congruent
      or is_in_place(tf1.tensors[a], tf2.tensors[b], closeness=closeness)
      for a, b in operands
    ) and all(
      tf1.tensors[a].shape == tf2.tensors[b].shape
      for a, b in zip(op.outputs, other.outputs)
    )

  consumers: Dict[int, List[trace_lib.OpRecord]] = {}
  for op in tf2.ops:
    for operand in set(op.inputs):
      consumers.setdefault(operand, []).append(op)
  for op in tf1.ops:
    if not op.inputs or _is_its_own(op.op_type):
      continue
    if all(partners.has("tf1", result) for result in op.outputs):
      continue
    other = _congruent(op, partners, consumers)
    if other is None or not is_same_function(op, other):
      continue
    for left, right in zip(op.outputs, other.outputs):
      if not partners.are(left, right):
        partners.add(left, right)
        partners.congruent.add((left, right))


def is_in_place(
  left: trace_lib.TensorRecord,
  right: trace_lib.TensorRecord,
  *,
  closeness: float,
) -> bool:
  """Whether partners agree element by element, in one shape."""
  if left.shape != right.shape:
    return False
  if left.digest == right.digest or left.value is None or right.value is None:
    return True
  a, b = np.asarray(left.value), np.asarray(right.value)
  return _distance(a.reshape(-1), b.reshape(-1)) <= closeness


def _is_its_own(op_type: str) -> bool:
  """Whether equal operands make no equal results: draws, tables' entries."""
  is_random = any(word in op_type for word in _RANDOM_OPS)
  return is_random or trace_lib.is_of_table(op_type)


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
  finest: float = FINEST,
) -> Partners:
  """Pairs the tensors of two traces, by value and by congruence."""
  partners = pair_by_value(tf1, tf2, closeness=closeness, finest=finest)
  close_by_congruence(partners, tf1, tf2, closeness=closeness)
  return partners
