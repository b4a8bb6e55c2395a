"""Which ops part the two sides? The first whose results have no partner.

From a pair of outputs that differ, each side's dataflow is walked backwards
through the tensors without a partner; what is met is the *region* of that side.
The ops of a region whose operands all have partners are its *frontier*: there
the sides part, and everything behind is consequence. Decompositions that differ
but agree again are never met, since the walk stops at the first partner.

Tensors that could not be seen, inside a loop, are walked through.
"""

from __future__ import annotations

import dataclasses
from typing import (
  Dict,
  FrozenSet,
  List,
  NamedTuple,
  Optional,
  Sequence,
  Set,
  Tuple,
)

from parity.explain import partners as partners_lib
from parity.records import trace as trace_lib


@dataclasses.dataclass(frozen=True, eq=False)
class Region:
  """What one side computes without a partner, for one output.

  Attributes:
    side: `tf1` or `tf2`.
    ops: numbers of its ops, in execution order.
    frontier: those of them whose seen operands all have partners.
    loose: constants or other roots without a partner that it uses.
    boundary: tensors with partners that it uses.
  """

  side: str
  ops: Tuple[int, ...]
  frontier: Tuple[int, ...]
  loose: FrozenSet[int]
  boundary: FrozenSet[int]


def producers(trace: trace_lib.Trace) -> Dict[int, int]:
  """The op that makes each tensor."""
  return {t: i for i, op in enumerate(trace.ops) for t in op.outputs}


def is_seen(trace: trace_lib.Trace, tensor: int) -> bool:
  """Whether the trace holds the tensor's values."""
  return bool(trace.tensors[tensor].digest)


def find_region(
  trace: trace_lib.Trace,
  side: str,
  outputs: Sequence[int],
  partners: partners_lib.Partners,
) -> Region:
  """Walks backwards from outputs to the tensors with partners."""
  made_by = producers(trace)
  stack = list(outputs)
  ops: Set[int] = set()
  loose: Set[int] = set()
  boundary: Set[int] = set()
  seen: Set[int] = set()
  while stack:
    tensor = stack.pop()
    if tensor in seen:
      continue
    seen.add(tensor)
    if partners.has(side, tensor):
      boundary.add(tensor)
      continue
    if tensor not in made_by:
      loose.add(tensor)
      continue
    number = made_by[tensor]
    if number not in ops:
      ops.add(number)
      stack.extend(trace.ops[number].inputs)
  ordered = tuple(sorted(ops))
  return Region(
    side=side,
    ops=ordered,
    frontier=tuple(
      number
      for number in ordered
      if all(
        operand in boundary or operand in loose
        for operand in trace.ops[number].inputs
      )
    ),
    loose=frozenset(loose),
    boundary=frozenset(boundary),
  )


@dataclasses.dataclass(frozen=True, eq=False)
class Divergence:
  """A place where the sides part: an op on each, or on one alone.

  Attributes:
    tf1: number of the op in the tf1 trace, None where that side has none.
    tf2: number of the op in the tf2 trace, None where that side has none.
    shared: pairs of partner operands that both ops use.
    output: the trace's output from which it was found.
  """

  tf1: Optional[int]
  tf2: Optional[int]
  shared: Tuple[Tuple[int, int], ...]
  output: str


def _is_data(trace: trace_lib.Trace, tensor: int) -> bool:
  """Whether a tensor carries the model's data, rather than a setting."""
  record = trace.tensors[tensor]
  return record.root != "constant" and bool(record.digest)


def _shared(
  tf1: trace_lib.OpRecord,
  tf2: trace_lib.OpRecord,
  partners: partners_lib.Partners,
) -> Tuple[Tuple[int, int], ...]:
  return tuple(
    (a, b) for a in tf1.inputs for b in tf2.inputs if partners.are(a, b)
  )


def find_divergences(
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  partners: partners_lib.Partners,
  output: str,
) -> List[Divergence]:
  """The places where the sides part on the way to an output.

  Each frontier op of the tf1 side is put beside the tf2 op that shares most of
  its data operands, of the same type if there is one; a frontier op that is
  left over stands alone. In execution order.
  """
  left = find_region(tf1, "tf1", [tf1.outputs[output]], partners)
  right = find_region(tf2, "tf2", [tf2.outputs[output]], partners)
  found: List[Divergence] = []
  used: Set[int] = set()
  for number in left.frontier or left.ops[:1]:
    best = _best_match(number, right, tf1, tf2, partners)
    if best is None:
      found.append(Divergence(number, None, (), output))
      continue
    used.add(best)
    shared = _shared(tf1.ops[number], tf2.ops[best], partners)
    found.append(Divergence(number, best, shared, output))
  for number in right.frontier:
    if number in used:
      continue
    best = _best_match_reversed(number, left, tf1, tf2, partners)
    if best is None or all(d.tf1 != best for d in found):
      shared = (
        ()
        if best is None
        else _shared(tf1.ops[best], tf2.ops[number], partners)
      )
      found.append(Divergence(best, number, shared, output))
  paired = [d for d in found if d.tf1 is not None and d.tf2 is not None]
  return _joined(paired or found, tf1, tf2)


class _Score(NamedTuple):
  """How well two ops correspond; what comes first counts more."""

  data: int
  is_counterpart: bool
  is_first: bool
  is_same_type: bool
  settings: int


def _score(
  left: trace_lib.OpRecord,
  right: trace_lib.OpRecord,
  tf1: trace_lib.Trace,
  partners: partners_lib.Partners,
  *,
  is_first: bool,
) -> _Score:
  """How well two ops correspond.

  An op of the same type counts first, if it stands at the other side's frontier
  as well or works on the same variable: another of the many additions of a
  model says nothing.
  """
  shared = {a for a, _ in _shared(left, right, partners)}
  data = sum(1 for a in shared if _is_data(tf1, a))
  is_same_type = left.op_type == right.op_type
  has_variable = any(
    (tf1.tensors[a].root or "").startswith("variable:") for a in shared
  )
  return _Score(
    data,
    is_same_type and (is_first or has_variable),
    is_first,
    is_same_type,
    len(shared) - data,
  )


def _best_match(
  number: int,
  right: Region,
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  partners: partners_lib.Partners,
) -> Optional[int]:
  op = tf1.ops[number]
  scored = [
    (
      _score(
        op, tf2.ops[other], tf1, partners, is_first=other in right.frontier
      ),
      -place,
      other,
    )
    for place, other in enumerate(right.ops)
  ]
  scored = [item for item in scored if _is_enough(item[0])]
  return max(scored)[2] if scored else None


def _best_match_reversed(
  number: int,
  left: Region,
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  partners: partners_lib.Partners,
) -> Optional[int]:
  op = tf2.ops[number]
  scored = [
    (
      _score(
        tf1.ops[other], op, tf1, partners, is_first=other in left.frontier
      ),
      -place,
      other,
    )
    for place, other in enumerate(left.ops)
  ]
  scored = [item for item in scored if _is_enough(item[0])]
  return max(scored)[2] if scored else None


def _is_enough(score: _Score) -> bool:
  return score.data > 0 or (score.is_same_type and score.settings > 0)


def _joined(
  found: Sequence[Divergence], tf1: trace_lib.Trace, tf2: trace_lib.Trace
) -> List[Divergence]:
  """One divergence for those that meet in an op or come from one line."""
  kept: List[Divergence] = []
  for item in sorted(found, key=_execution_order):
    if not any(_is_same_place(item, other, tf1, tf2) for other in kept):
      kept.append(item)
  return kept


def is_explained(
  divergence: Divergence,
  explained: Sequence[Divergence],
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
) -> bool:
  """Whether an earlier divergence is the same place."""
  return any(_is_same_place(divergence, one, tf1, tf2) for one in explained)


def _execution_order(item: Divergence) -> Tuple[int, int]:
  late = 1 << 60
  return (
    late if item.tf1 is None else item.tf1,
    late if item.tf2 is None else item.tf2,
  )


def _is_same_place(
  one: Divergence,
  two: Divergence,
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
) -> bool:
  if one.tf2 is not None and one.tf2 == two.tf2:
    return True
  if one.tf1 is not None and one.tf1 == two.tf1:
    return True
  if set(one.shared) & set(two.shared):
    return True
  lines = [
    (
      None if d.tf1 is None else tf1.ops[d.tf1].source,
      None if d.tf2 is None else tf2.ops[d.tf2].source,
    )
    for d in (one, two)
  ]
  return any(a is not None and a == b for a, b in zip(lines[0], lines[1]))
