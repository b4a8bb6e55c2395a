"""What is known where the sides part? The evidence of every rule."""

from __future__ import annotations

import dataclasses
from typing import Dict, Iterator, List, Optional, Set, Tuple

import numpy as np

from parity.explain import frontier
from parity.explain import numbers
from parity.explain import partners as partners_lib
from parity.records import report as report_lib
from parity.records import trace as trace_lib


@dataclasses.dataclass(frozen=True, eq=False)
class OpPair:
  """Two ops that correspond."""

  tf1: trace_lib.OpRecord
  tf2: trace_lib.OpRecord


@dataclasses.dataclass(frozen=True, eq=False)
class Place:
  """A divergence with everything around it.

  Attributes:
    divergence: the ops and the operands that they share.
    tf1: the tf1 side's trace.
    tf2: the tf2 side's trace.
    partners: the pairing of their tensors.
    tf1_region: what the tf1 side computes without a partner.
    tf2_region: the same of the tf2 side.
  """

  divergence: frontier.Divergence
  tf1: trace_lib.Trace
  tf2: trace_lib.Trace
  partners: partners_lib.Partners
  tf1_region: frontier.Region
  tf2_region: frontier.Region

  @property
  def tf1_op(self) -> Optional[trace_lib.OpRecord]:
    """The op on the tf1 side."""
    number = self.divergence.tf1
    return None if number is None else self.tf1.ops[number]

  @property
  def tf2_op(self) -> Optional[trace_lib.OpRecord]:
    """The op on the tf2 side."""
    number = self.divergence.tf2
    return None if number is None else self.tf2.ops[number]

  @property
  def pair(self) -> Optional[OpPair]:
    """Both ops, where each side has one."""
    left, right = self.tf1_op, self.tf2_op
    return None if left is None or right is None else OpPair(left, right)

  def output_values(self) -> Tuple[Optional[np.ndarray], Optional[np.ndarray]]:
    """The differing output on both sides."""
    name = self.divergence.output
    return (
      self.tf1.tensors[self.tf1.outputs[name]].value,
      self.tf2.tensors[self.tf2.outputs[name]].value,
    )

  def same_type_pairs(self) -> Iterator[OpPair]:
    """Ops of one type in both regions that share a variable."""
    users: Dict[Tuple[str, int], List[int]] = {}
    for number in self.tf2_region.ops:
      right = self.tf2.ops[number]
      for operand in dict.fromkeys(right.inputs):
        users.setdefault((right.op_type, operand), []).append(number)
    for left_number in self.tf1_region.ops:
      left = self.tf1.ops[left_number]
      found: Set[int] = set()
      for operand in left.inputs:
        root = self.tf1.tensors[operand].root or ""
        if root.startswith("variable:"):
          for partner in self.partners.of_tf1.get(operand, ()):
            found.update(users.get((left.op_type, partner), ()))
      for number in sorted(found):
        yield OpPair(left, self.tf2.ops[number])


def place_at(
  divergence: frontier.Divergence,
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  partners: partners_lib.Partners,
) -> Place:
  """The evidence around a divergence."""
  name = divergence.output
  return Place(
    divergence,
    tf1,
    tf2,
    partners,
    frontier.find_region(tf1, "tf1", [tf1.outputs[name]], partners),
    frontier.find_region(tf2, "tf2", [tf2.outputs[name]], partners),
  )


def place_of(op: Optional[trace_lib.OpRecord]) -> report_lib.Place:
  """An op as a place of a finding."""
  if op is None:
    return report_lib.Place()
  return report_lib.Place(
    op=op.name, op_type=op.op_type, scope=op.scope or None, source=op.source
  )


def where_of(
  place: Place,
  *,
  pair: Optional[OpPair] = None,
  variable: Optional[str] = None,
) -> report_lib.Where:
  """The place as a finding's `where`; `pair` replaces the ops."""
  name = place.divergence.output
  for prefix in ("final:", "gradient:"):
    if name.startswith(prefix):
      variable = variable or name[len(prefix) :]
  left = pair.tf1 if pair else place.tf1_op
  right = pair.tf2 if pair else place.tf2_op
  return report_lib.Where(
    variable=variable or _variable(place, left, right),
    output=None if ":" in name else name,
    tf1=place_of(left),
    tf2=place_of(right),
  )


def _variable(
  place: Place,
  left: Optional[trace_lib.OpRecord],
  right: Optional[trace_lib.OpRecord],
) -> Optional[str]:
  """The variable that the op uses directly, if it uses one."""
  for op, trace in ((left, place.tf1), (right, place.tf2)):
    for operand in op.inputs if op else ():
      root = trace.tensors[operand].root or ""
      if root.startswith("variable:"):
        return root[len("variable:") :]
  return None


def is_in_loop(
  op: Optional[trace_lib.OpRecord], trace: trace_lib.Trace
) -> bool:
  """Whether the op stands in a loop, where its results cannot be fetched."""
  return (
    op is not None
    and bool(op.outputs)
    and not any(frontier.is_seen(trace, result) for result in op.outputs)
  )


def named(op: Optional[trace_lib.OpRecord]) -> str:
  """An op in a message: its type and name."""
  return "no such op" if op is None else f"{op.op_type} ({op.name})"


def figures(place: Place) -> Tuple[Optional[float], Optional[float]]:
  """Largest absolute and relative difference of the ops' first results."""
  pair = place.pair
  if pair is None or not pair.tf1.outputs or not pair.tf2.outputs:
    return None, None
  left = place.tf1.tensors[pair.tf1.outputs[0]].value
  right = place.tf2.tensors[pair.tf2.outputs[0]].value
  if (
    left is None or right is None or left.shape != right.shape or left.size == 0
  ):
    return None, None
  a, b = numbers.widened(left), numbers.widened(right)
  if a is None or b is None or a.shape != b.shape:
    return None, None
  with np.errstate(all="ignore"):
    difference = np.abs(a - b)
    relative = difference / np.abs(a)
  known = relative[np.isfinite(relative)]
  largest = float(np.max(difference)) if np.isfinite(difference).all() else None
  return largest, float(np.max(known)) if known.size else None
