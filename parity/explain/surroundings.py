"""Which ops stand around a finding? A dozen a side, so that people see it.

1. The op that the finding names on each side is the middle; where a side has
   none, the consumers of the other side's operands stand for it.
2. With it go its operands, what made them, and who uses its result; constants
   with their values, variables and inputs with their names.
3. Nodes with the same result on both sides get a number in common.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, List, Mapping, Optional, Sequence, Set, Tuple

from parity.explain import counterparts as counterparts_lib
from parity.explain import partners as partners_lib
from parity.explain.causes import constants
from parity.records import dataflow
from parity.records import report as report_lib
from parity.records import trace as trace_lib

_MOST_OPERANDS = 6
_MOST_CONSUMERS = 2
_MOST_NODES = 12


def with_neighbourhood(
  finding: report_lib.Finding,
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  partners: partners_lib.Partners,
) -> report_lib.Finding:
  """The finding with the ops around it; as it is where it names no op.

  Args:
    finding: what the traces gave.
    tf1: the tf1 side's trace.
    tf2: the tf2 side's.
    partners: the pairing of their tensors.
  """
  middles = middles_of(finding, tf1, tf2, partners)
  if middles == (None, None) or finding.neighbourhood is not None:
    return finding
  left, right = _Side("tf1", tf1, partners), _Side("tf2", tf2, partners)
  starts = _starts(left, right, middles)
  left.collect(starts[0])
  right.collect(starts[1])
  twins = _twins(left, right, partners)
  ours, theirs = _settings(tf1, tf2, middles)
  return dataclasses.replace(
    finding,
    neighbourhood=dataflow.Neighbourhood(
      tf1=left.nodes(twins["tf1"], middle=middles[0], settings=ours),
      tf2=right.nodes(twins["tf2"], middle=middles[1], settings=theirs),
    ),
  )


_Middles = Tuple[Optional[int], Optional[int]]


def middles_of(
  finding: report_lib.Finding,
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  partners: partners_lib.Partners,
) -> _Middles:
  """Numbers of the ops that a finding names; None where it names none."""
  where = finding.where
  return (
    counterparts_lib.op_of_place(tf1, "tf1", where.tf1, partners),
    counterparts_lib.op_of_place(tf2, "tf2", where.tf2, partners),
  )


class _Side:
  """One side's dataflow, and the tensors that are shown of it.

  Attributes:
    trace: the side's trace.
    consumers: numbers of the ops that use a tensor.
    shown: numbers of the tensors that are shown, in the order of collecting.
  """

  def __init__(
    self, name: str, trace: trace_lib.Trace, partners: partners_lib.Partners
  ) -> None:
    self.trace = trace
    self.shown: List[int] = []
    self._name = name
    self._partners = partners
    self._made_by: Dict[int, int] = {}
    self.consumers: Dict[int, List[int]] = {}
    for number, op in enumerate(trace.ops):
      self._made_by.update((result, number) for result in op.outputs)
      for operand in dict.fromkeys(op.inputs):
        self.consumers.setdefault(operand, []).append(number)

  def collect(self, starts: Sequence[int]) -> None:
    """Chooses what to show around some ops."""
    middles = [self.trace.ops[number] for number in starts]
    near = [t for op in middles for t in op.inputs[:_MOST_OPERANDS]]
    self._show([op.outputs[0] for op in middles if op.outputs])
    self._show(near)
    for op in middles:
      for result in op.outputs:
        users = self.consumers.get(result, ())[:_MOST_CONSUMERS]
        self._show([t for u in users for t in self.trace.ops[u].outputs[:1]])
    makers = [self._made_by[t] for t in near if t in self._made_by]
    for number in dict.fromkeys(makers):
      self._show(self.trace.ops[number].inputs[:_MOST_OPERANDS])

  def partners_of(self, other: int) -> List[int]:
    """This side's partners of a tensor of the other side."""
    pairing = self._partners
    known = pairing.of_tf2 if self._name == "tf1" else pairing.of_tf1
    return sorted(known.get(other, ()))

  def _show(self, tensors: Sequence[int]) -> None:
    for tensor in tensors:
      first = self._first(tensor)
      if first not in self.shown and len(self.shown) < _MOST_NODES:
        self.shown.append(first)

  def _first(self, tensor: int) -> int:
    """The first result of the op that made a tensor: it stands for the op."""
    number = self._made_by.get(tensor)
    return tensor if number is None else self.trace.ops[number].outputs[0]

  def label(self, tensor: int) -> str:
    """What a tensor is: the type of the op that made it, or its root."""
    number = self._made_by.get(tensor)
    if number is not None:
      return self.trace.ops[number].op_type
    return self.trace.tensors[tensor].root or "constant"

  def nodes(
    self,
    twins: Mapping[int, int],
    *,
    middle: Optional[int],
    settings: Sequence[str],
  ) -> Tuple[dataflow.Node, ...]:
    """What is shown, each after what it uses."""
    order = sorted(self.shown, key=lambda t: (self._made_by.get(t, -1), t))
    shown = set(order)
    return tuple(
      self._node(tensor, shown, twins, middle, settings) for tensor in order
    )

  def _node(
    self,
    tensor: int,
    shown: Set[int],
    twins: Mapping[int, int],
    middle: Optional[int],
    settings: Sequence[str],
  ) -> dataflow.Node:
    record = self.trace.tensors[tensor]
    number = self._made_by.get(tensor)
    has_partner = self._partners.has(self._name, tensor)
    node = dataflow.Node(
      number=tensor,
      kind="op",
      label="",
      shape=record.shape if record.digest else None,
      dtype=record.dtype if record.digest else None,
      role="agrees" if has_partner else "differs",
      twin=twins.get(tensor),
    )
    if number is None:
      kind, _, name = (record.root or "constant").partition(":")
      if kind not in ("variable", "input"):
        kind = "constant"
      label = name or constants.shown(record.value)
      return dataclasses.replace(node, kind=kind, label=label)
    op = self.trace.ops[number]
    inputs = [self._first(t) for t in op.inputs]
    is_middle = number == middle
    return dataclasses.replace(
      node,
      label=op.op_type,
      name=op.name,
      source=op.source,
      inputs=tuple(t for t in dict.fromkeys(inputs) if t in shown),
      role="parts" if is_middle else node.role,
      settings=tuple(settings) if is_middle else (),
    )


def _starts(
  left: _Side, right: _Side, middles: _Middles
) -> Tuple[List[int], List[int]]:
  """The ops to show each side around."""
  found: Tuple[List[int], List[int]] = ([], [])
  for place, (own, other, middle) in enumerate(
    ((left, right, middles[1]), (right, left, middles[0]))
  ):
    if middles[place] is not None:
      found[place].append(middles[place] or 0)
    elif middle is not None:
      found[place].extend(_users_of_operands(own, other, middle))
  return found


def _users_of_operands(own: _Side, other: _Side, middle: int) -> List[int]:
  """Who uses on one side what the op of the other side uses."""
  users: List[int] = []
  for operand in other.trace.ops[middle].inputs:
    if other.trace.tensors[operand].root == "constant":
      continue
    for tensor in own.partners_of(operand):
      users += own.consumers.get(tensor, [])[:_MOST_CONSUMERS]
  return list(dict.fromkeys(users))[:_MOST_CONSUMERS]


def _twins(
  left: _Side, right: _Side, partners: partners_lib.Partners
) -> Dict[str, Dict[int, int]]:
  """A number for each result that both sides show.

  Where several nodes have one result, such as a bias of zeros and what it is
  added to, those of one label belong together.
  """
  found: Dict[str, Dict[int, int]] = {"tf1": {}, "tf2": {}}
  for is_strict in (True, False):
    for tensor in sorted(left.shown):
      for other in right.shown:
        if (
          tensor not in found["tf1"]
          and other not in found["tf2"]
          and partners.are(tensor, other)
          and (not is_strict or left.label(tensor) == right.label(other))
        ):
          count = len(found["tf1"]) + 1
          found["tf1"][tensor] = found["tf2"][other] = count
  return found


def _settings(
  tf1: trace_lib.Trace, tf2: trace_lib.Trace, middles: _Middles
) -> Tuple[List[str], List[str]]:
  """The attributes in which the two ops differ, as each side has them."""
  if middles[0] is None or middles[1] is None:
    return [], []
  left, right = tf1.ops[middles[0]], tf2.ops[middles[1]]
  if left.op_type != right.op_type:
    return [], []
  names = [
    name
    for name in sorted(set(left.attributes) | set(right.attributes))
    if left.attributes.get(name) != right.attributes.get(name)
  ]
  return (
    [f"{name}={left.attributes.get(name)}" for name in names],
    [f"{name}={right.attributes.get(name)}" for name in names],
  )
