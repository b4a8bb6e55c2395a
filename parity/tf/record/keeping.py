"""Which tensors of a trace keep their values? As many small ones as fit.

Every tensor is digested as it is seen. Its value stays while all values fit a
budget; then the largest go, and a sketch stays in their place. So what a trace
takes does not grow with the network, and of a small one everything is there.

Roots are kept in any case, since nothing could make them again: inputs,
variables and constants. What a random op drew goes last.
"""

from __future__ import annotations

import dataclasses
import hashlib
import heapq
import threading
from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from parity.records import sketch as sketch_lib
from parity.records import trace as trace_lib

_BLOCK = 1 << 18


@dataclasses.dataclass(frozen=True)
class _Kept:
  """A value that may go; sorted, the first goes first."""

  is_draw: bool
  size: int
  number: int
  key: Any

  def __lt__(self, other: _Kept) -> bool:
    mine = (self.is_draw, -self.size, self.number)
    return mine < (other.is_draw, -other.size, other.number)


class Keeper:
  """Digests tensors, and keeps their values within a budget.

  A graph's observers call from several threads at once.

  Args:
    values: keep values at all.
    budget: bytes that the values of all tensors but roots may take.
    digests: digest what has numbers; text in any case.
  """

  def __init__(
    self, *, values: bool, budget: int, digests: bool = True
  ) -> None:
    self._values = values
    self._digests = digests
    self._left = budget
    self._heap: List[_Kept] = []
    self._count = 0
    self._lock = threading.Lock()
    self.records: Dict[Any, trace_lib.TensorRecord] = {}

  def see(
    self,
    key: Any,
    value: Optional[np.ndarray],
    *,
    root: Optional[str] = None,
    is_wanted: bool = False,
    is_draw: bool = False,
  ) -> None:
    """Records a tensor.

    Args:
      key: what it is recorded under.
      value: None where it cannot be seen.
      root: what it is where no op of the trace made it.
      is_wanted: its value stays, whatever the budget.
      is_draw: a random op drew it.
    """
    record = tensor_record(
      value, root=root, keep=self._values, digests=self._digests
    )
    with self._lock:
      self.records[key] = record
      if record.value is None or root is not None or is_wanted:
        return
      self._count += 1
      size = record.value.nbytes
      heapq.heappush(self._heap, _Kept(is_draw, size, self._count, key))
      self._left -= size
      leaving = []
      while self._left < 0 and self._heap:
        leaving.append(heapq.heappop(self._heap))
        self._left += leaving[-1].size
    for kept in leaving:
      self._forget(kept)

  def change(self, key: Any, **changes: Any) -> None:
    """Changes fields of a tensor's record."""
    self.records[key] = dataclasses.replace(self.records[key], **changes)

  def _forget(self, kept: _Kept) -> None:
    """Leaves a sketch in the place of a value."""
    record = self.records[kept.key]
    assert record.value is not None
    self.change(kept.key, value=None, sketch=sketch_lib.sketch_of(record.value))


def tensor_record(
  value: Optional[np.ndarray],
  *,
  root: Optional[str],
  keep: bool,
  digests: bool = True,
) -> trace_lib.TensorRecord:
  """A tensor's digest and statistics, and its value where it is kept."""
  if value is None:
    return trace_lib.TensorRecord(shape=(), dtype="resource", root=root)
  array = np.asarray(value)
  if array.dtype.kind in "OSU":
    return trace_lib.TensorRecord(
      tuple(array.shape), "string", digest_of(array), root=root
    )
  finite, mean, rms, peak = statistics_of(array)
  return trace_lib.TensorRecord(
    shape=tuple(array.shape),
    dtype=array.dtype.name,
    digest=digest_of(array) if digests else "",
    finite=finite,
    mean=mean,
    rms=rms,
    peak=peak,
    value=array if keep else None,
    root=root,
  )


def digest_of(value: np.ndarray) -> str:
  """A hash of dtype, shape and bytes."""
  array = np.asarray(value)
  digest = hashlib.blake2b(digest_size=16)
  digest.update(f"{array.dtype.name}{array.shape}".encode())
  if array.dtype.kind in "OSU":
    digest.update(repr(array.tolist()).encode())
  else:
    # As bytes: bfloat16 has no buffer of its own type.
    digest.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
  return digest.hexdigest()


def statistics_of(array: np.ndarray) -> Tuple[int, float, float, float]:
  """Count, mean, rms and peak of the finite elements, in float64.

  Large arrays are gone through in blocks, so that no copy is made of them.
  """
  flat = array.reshape(-1)
  blocks = range(0, flat.size, _BLOCK)
  peak, finite = 0.0, 0
  for start in blocks:
    block = _finite(flat[start : start + _BLOCK])
    finite += block.size
    if block.size:
      peak = max(peak, float(np.max(block)), -float(np.min(block)))
  if finite == 0:
    return 0, 0.0, 0.0, 0.0
  scale = peak if peak > 0 else 1.0
  total, squares = 0.0, 0.0
  for start in blocks:
    if len(blocks) > 1:
      block = _finite(flat[start : start + _BLOCK])
    block /= scale
    total += float(np.sum(block))
    squares += float(np.sum(np.square(block, out=block)))
  mean = total / finite * scale
  return finite, mean, float(np.sqrt(squares / finite)) * scale, peak


def _finite(block: np.ndarray) -> np.ndarray:
  """A copy of the finite ones, in float64; of complex numbers magnitudes."""
  if block.dtype.kind == "c":
    block = np.abs(block)
  wide = block.astype(np.float64)
  mask = np.isfinite(wide)
  return wide if mask.all() else wide[mask]
