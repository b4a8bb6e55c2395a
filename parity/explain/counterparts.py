"""Which op of the port stands for each op of the tf1 side, also behind a bug?

Before a divergence partners say it. Behind one no value agrees any more, and a
report still wants to show how the error grows:

1. An op whose result has a partner stands beside the op that made the partner,
   one of its own type if there is one (certain, as far as partners are).
2. The ops where the sides part stand beside each other, as the findings say.
3. Behind them an op stands beside the unused consumer of its operands'
   counterparts that has its type and the shape of its result, and shares most
   operands (heuristic; no cause rests on it).
4. What is left of the outputs stands beside the output of its name.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, List, Optional, Sequence, Set, Tuple

from parity.explain import partners as partners_lib
from parity.records import report as report_lib
from parity.records import trace as trace_lib


@dataclasses.dataclass(frozen=True)
class Counterpart:
  """A tensor of the tf2 side, and how it was found: see `DepthPoint.match`."""

  tensor: int
  match: str


def find_counterparts(
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  partners: partners_lib.Partners,
  *,
  parting: Sequence[Tuple[int, int]] = (),
) -> Dict[int, Counterpart]:
  """Counterparts of the tf1 side's tensors, where there are any.

  Args:
    tf1: the tf1 side's trace.
    tf2: the tf2 side's trace.
    partners: the pairing of their tensors.
    parting: numbers of the ops, tf1 and tf2, where the sides part.
  """
  walk = _Walk(tf1, tf2, partners)
  for left, right in parting:
    walk.join(tf1.ops[left], tf2.ops[right])
  for op in tf1.ops:
    walk.step(op)
  for name, tensor in tf1.outputs.items():
    if name in tf2.outputs and tensor not in walk.found:
      walk.found[tensor] = Counterpart(tf2.outputs[name], "name")
  return walk.found


class _Walk:
  """Walks the tf1 side in execution order, and remembers what was found."""

  def __init__(
    self,
    tf1: trace_lib.Trace,
    tf2: trace_lib.Trace,
    partners: partners_lib.Partners,
  ) -> None:
    self.found: Dict[int, Counterpart] = {}
    self._tf1 = tf1
    self._tf2 = tf2
    self._partners = partners
    self._used: Set[int] = set()
    self._made_by: Dict[int, int] = {}
    self._consumers: Dict[int, List[int]] = {}
    for number, op in enumerate(tf2.ops):
      self._made_by.update((result, number) for result in op.outputs)
      for operand in dict.fromkeys(op.inputs):
        self._consumers.setdefault(operand, []).append(number)

  def join(self, left: trace_lib.OpRecord, right: trace_lib.OpRecord) -> None:
    """Puts the results of two ops beside each other, where nothing else is."""
    for a, b in zip(left.outputs, right.outputs):
      if not self._partners.has("tf1", a):
        self.found.setdefault(a, Counterpart(b, "behind"))

  def step(self, op: trace_lib.OpRecord) -> None:
    """Finds the counterparts of an op's operands and results."""
    for tensor in (*op.inputs, *op.outputs):
      if tensor not in self.found and self._partners.has("tf1", tensor):
        self.found[tensor] = self._partner(op, tensor)
    if op.outputs and op.outputs[0] not in self.found:
      other = self._behind(op)
      if other is not None:
        self._used.add(other)
        self.join(op, self._tf2.ops[other])

  def _partner(self, op: trace_lib.OpRecord, tensor: int) -> Counterpart:
    others = sorted(self._partners.of_tf1[tensor])
    best = others[0]
    for other in others:
      maker = self._made_by.get(other)
      if maker is not None and self._tf2.ops[maker].op_type == op.op_type:
        best = other
        break
    is_congruent = (tensor, best) in self._partners.congruent
    return Counterpart(best, "congruent" if is_congruent else "value")

  def _behind(self, op: trace_lib.OpRecord) -> Optional[int]:
    known = [self.found[t].tensor for t in op.inputs if t in self.found]
    shape = self._tf1.tensors[op.outputs[0]].shape
    best: Optional[int] = None
    most = 0
    for number in sorted(
      {each for t in known for each in self._consumers.get(t, ())}
    ):
      other = self._tf2.ops[number]
      if (
        number in self._used
        or other.op_type != op.op_type
        or len(other.outputs) != len(op.outputs)
        or self._tf2.tensors[other.outputs[0]].shape != shape
        or self._partners.has("tf2", other.outputs[0])
      ):
        continue
      shared = len(set(known) & set(other.inputs))
      if shared > most:
        best, most = number, shared
    return best


def op_of_place(
  trace: trace_lib.Trace,
  side: str,
  place: report_lib.Place,
  partners: partners_lib.Partners,
) -> Optional[int]:
  """Number of the op that a finding names; of several the first that differs.

  In eager mode an op's name is its scope and type, so several ops may have it.
  """
  found = [
    number
    for number, op in enumerate(trace.ops)
    if op.name == place.op
    and op.op_type == place.op_type
    and op.source == place.source
  ]
  differing = [
    number
    for number in found
    if trace.ops[number].outputs
    and not partners.has(side, trace.ops[number].outputs[0])
  ]
  chosen = differing or found
  return chosen[0] if chosen else None
