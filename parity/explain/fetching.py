"""Which values are needed, of those that were too large to be kept?

A large trace holds digests, statistics and sketches. That is enough to see
about where the sides part; what to make of it needs the values there:

1. Tensors are paired, and for each output that differs the regions of both
   sides are found.
2. What the first ops of a region read and give is asked for, as much as fits a
   budget, and put into the traces.
3. A pair that only sketches took for partners may turn out to differ. Then the
   region begins earlier, so it is looked at again, a few times.

A trace that has all its values costs nothing: nothing is asked for.
"""

from __future__ import annotations

import dataclasses
from typing import Callable, Dict, List, Sequence, Set

import numpy as np

from parity.explain import frontier
from parity.explain import partners as partners_lib
from parity.records import trace as trace_lib

BUDGET = 128 << 20
"""Bytes of values that are asked for, on each side, in sum."""

_MOST_ROUNDS = 4

Fetch = Callable[[Sequence[int]], trace_lib.Trace]
Pair = Callable[[trace_lib.Trace, trace_lib.Trace], partners_lib.Partners]


@dataclasses.dataclass(frozen=True, eq=False)
class Traces:
  """A trace of each side."""

  tf1: trace_lib.Trace
  tf2: trace_lib.Trace


@dataclasses.dataclass(frozen=True, eq=False)
class Fetchers:
  """Who gives a trace of a side again, with the values of these tensors."""

  tf1: Fetch
  tf2: Fetch


def is_whole(trace: trace_lib.Trace) -> bool:
  """Whether a trace has the values of all its tensors."""
  return not any(_is_lacking(tensor) for tensor in trace.tensors)


def with_values_near(
  traces: Traces, names: Sequence[str], *, pair: Pair, fetch: Fetchers
) -> Traces:
  """The traces, with the values that lie where the sides part.

  Args:
    traces: of both sides, perhaps without large values.
    names: outputs that differ, in execution order.
    pair: pairs the tensors.
    fetch: asks for values.
  """
  left = BUDGET
  for _ in range(_MOST_ROUNDS):
    if is_whole(traces.tf1) and is_whole(traces.tf2):
      return traces
    partners = pair(traces.tf1, traces.tf2)
    wanted = _Wanted(traces, partners, left)
    for name in names:
      wanted.add(name)
    if not wanted.tf1 and not wanted.tf2:
      return traces
    left = wanted.left
    traces = Traces(
      _filled(traces.tf1, wanted.tf1, fetch.tf1),
      _filled(traces.tf2, wanted.tf2, fetch.tf2),
    )
  return traces


def _is_lacking(tensor: trace_lib.TensorRecord) -> bool:
  return tensor.value is None and tensor.sketch is not None


class _Wanted:
  """Tensors whose values are needed; both sides' share one budget."""

  def __init__(
    self, traces: Traces, partners: partners_lib.Partners, budget: int
  ) -> None:
    self._traces = traces
    self._partners = partners
    self.left = budget
    self.tf1: Set[int] = set()
    self.tf2: Set[int] = set()

  def add(self, name: str) -> None:
    """Adds what lies where the sides part on the way to an output."""
    sides = (("tf1", self._traces.tf1), ("tf2", self._traces.tf2))
    needed: List[List[int]] = []
    for side, trace in sides:
      region = frontier.find_region(
        trace, side, [trace.outputs[name]], self._partners
      )
      needed.append(_in_order(trace, region))
    # In turn, so that no side takes all there is.
    for place in range(max(len(numbers) for numbers in needed)):
      for (side, trace), numbers in zip(sides, needed):
        if place < len(numbers):
          self._take(side, trace, numbers[place])

  def _take(self, side: str, trace: trace_lib.Trace, number: int) -> None:
    chosen = self.tf1 if side == "tf1" else self.tf2
    tensor = trace.tensors[number]
    size = tensor.size * np.dtype(_plain(tensor.dtype)).itemsize
    if number not in chosen and size <= self.left:
      chosen.add(number)
      self.left -= size


def _plain(dtype: str) -> str:
  """A dtype of the same width that NumPy knows in every version."""
  return "float16" if dtype == "bfloat16" else dtype


def _in_order(trace: trace_lib.Trace, region: frontier.Region) -> List[int]:
  """What a region's ops read and give, in execution order, where lacking."""
  found: Dict[int, None] = {}
  for number in region.ops:
    op = trace.ops[number]
    for tensor in (*op.inputs, *op.outputs):
      if _is_lacking(trace.tensors[tensor]):
        found.setdefault(tensor)
  return list(found)


def _filled(
  trace: trace_lib.Trace, numbers: Set[int], fetch: Fetch
) -> trace_lib.Trace:
  """The trace with the values of some tensors, where they are the same."""
  if not numbers:
    return trace
  again = fetch(tuple(sorted(numbers)))
  tensors = list(trace.tensors)
  for number in numbers:
    old = tensors[number]
    new = again.tensors[number] if number < len(again.tensors) else old
    if new.shape == old.shape and new.value is not None:
      tensors[number] = dataclasses.replace(old, value=new.value, sketch=None)
  return dataclasses.replace(trace, tensors=tuple(tensors))


def replayed(
  trace: trace_lib.Trace,
  numbers: Sequence[int],
  replay: Callable[[trace_lib.Trace], trace_lib.Trace],
) -> trace_lib.Trace:
  """A trace run again, with the values of some tensors."""
  return replay(dataclasses.replace(trace, wanted=tuple(numbers)))
