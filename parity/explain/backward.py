"""Which forward op is to blame where only gradients differ?

A forward pass that agrees may have another derivative. What the traces show:

1. A variable has a gradient on one side only. On the side without, the ops
   between the variable and the loss are looked at: a `stop_gradient`, an op
   without a derivative, or no way to the loss at all (certain).
2. Both sides have one. A `stop_gradient` on the way that the other side has
   not, at the same tensor, is named (certain that it is there; that it is the
   cause is heuristic, so a change that was tried and mends it goes before).
3. What a forward pass computes otherwise has another derivative: a gradient
   that parts at an op which belongs to such a forward op is no cause of its own
   (certain that it follows; what else differs there shows behind the mend).
4. The gradients part at the same op on both sides, or at one that has no
   counterpart: then the first tensor behind it that the two sides compute by
   other ops is named (heuristic).
"""

from __future__ import annotations

import dataclasses
import re
from typing import Dict, List, Optional, Sequence, Tuple

from parity.explain import frontier
from parity.explain.causes import place as place_lib
from parity.records import report as report_lib
from parity.records import trace as trace_lib

_STOPS = frozenset(("PreventGradient", "StopGradient"))
# Float in, float out, and yet no derivative.
_FLAT = frozenset(
  ("Ceil", "Floor", "FloorDiv", "OnesLike", "Rint", "Round", "ZerosLike")
)
# What hands a tensor on.
_PASSING = frozenset(
  ("Cast", "ExpandDims", "Identity", "Reshape", "Shape", "Squeeze", *_STOPS)
)
_GRADIENT = "gradient:"
# TF1 names the ops of a gradient after the op that it belongs to.
_GRADIENT_OP = re.compile(r"^(?:.*/)?gradients(?:_\d+)?/(.*)_grad/")


@dataclasses.dataclass(frozen=True, eq=False)
class _Way:
  """The ops of one side between a variable and the loss, in order."""

  trace: trace_lib.Trace
  ops: Tuple[int, ...]

  def stops(self) -> List[trace_lib.OpRecord]:
    """Those that end a gradient on purpose."""
    found = [self.trace.ops[number] for number in self.ops]
    return [op for op in found if op.op_type in _STOPS]

  def barriers(self) -> List[trace_lib.OpRecord]:
    """Those that end a gradient, on purpose or not."""
    found = [self.trace.ops[number] for number in self.ops]
    return [op for op in found if _is_barrier(op, self.trace)]


def _is_barrier(op: trace_lib.OpRecord, trace: trace_lib.Trace) -> bool:
  if op.op_type in _STOPS or op.op_type in _FLAT:
    return True
  made = [trace.tensors[t].dtype for t in op.outputs]
  return not any(d.startswith(("float", "bfloat", "complex")) for d in made)


def _way(trace: trace_lib.Trace, variable: str) -> _Way:
  """What lies between a variable and the loss."""
  ops = [
    (number, op)
    for number, op in enumerate(trace.ops)
    if op.phase in ("forward", "loss")
  ]
  below = {
    number
    for number, tensor in enumerate(trace.tensors)
    if tensor.root == f"variable:{variable}"
  }
  for _, op in ops:
    if below.intersection(op.inputs):
      below.update(op.outputs)
  end = trace.outputs.get("loss:")
  above = set() if end is None else {end}
  between = []
  for number, op in reversed(ops):
    if above.intersection(op.outputs):
      above.update(op.inputs)
      if below.intersection(op.inputs):
        between.append(number)
  return _Way(trace, tuple(reversed(between)))


def missing(
  tf1: trace_lib.Trace, tf2: trace_lib.Trace, names: Sequence[str]
) -> List[report_lib.Finding]:
  """Findings for variables that have a gradient on one side only.

  Args:
    tf1: the tf1 side's trace.
    tf2: the tf2 side's.
    names: outputs of the traces that differ, in order.
  """
  groups: Dict[Tuple[str, Optional[trace_lib.OpRecord], bool], List[str]] = {}
  for name in names:
    if not name.startswith(_GRADIENT):
      continue
    if (name in tf1.outputs) == (name in tf2.outputs):
      continue
    side, trace = ("tf2", tf2) if name in tf1.outputs else ("tf1", tf1)
    way = _way(trace, name[len(_GRADIENT) :])
    barrier = next(iter(way.barriers()), None)
    key = (side, barrier, bool(way.ops))
    groups.setdefault(key, []).append(name[len(_GRADIENT) :])
  return [
    _missing(side, barrier, variables, is_reached=reached)
    for (side, barrier, reached), variables in groups.items()
  ]


def _missing(
  side: str,
  barrier: Optional[trace_lib.OpRecord],
  variables: Sequence[str],
  *,
  is_reached: bool,
) -> report_lib.Finding:
  places = ("on tf1", "in the port")
  here, other = places if side == "tf1" else places[::-1]
  names = ", ".join(variables[:3])
  names += f" and {len(variables) - 3} more" if len(variables) > 3 else ""
  if not is_reached:
    why = "the loss does not depend on it there"
  elif barrier is None:
    why = "no op that is seen ends it there: look for a value that leaves"
    why += " TensorFlow, or for a custom gradient"
  elif barrier.op_type in _STOPS:
    why = f"{place_lib.named(barrier)} stops it there"
  else:
    why = f"{place_lib.named(barrier)}, which has no derivative, ends it there"
  place = place_lib.place_of(barrier)
  return report_lib.Finding(
    cause="op_structure",
    message=f"There is a gradient of {names} {other}, but none {here}: {why}.",
    hint=(
      "Stop the gradient at the same tensor on both sides, or on neither; and"
      " use ops with a derivative on the way to the loss."
    ),
    where=report_lib.Where(
      variable=variables[0],
      tf1=place if side == "tf1" else report_lib.Place(),
      tf2=report_lib.Place() if side == "tf1" else place,
    ),
    details=tuple(variables),
  )


def is_of_gradients(names: Sequence[str]) -> bool:
  """Whether nothing differs but gradients."""
  return all(name.startswith(_GRADIENT) for name in names)


def causes_among(
  places: Sequence[place_lib.Place],
  explained: Sequence[frontier.Divergence],
) -> List[place_lib.Place]:
  """Those that are no consequence of a forward pass that is explained.

  Args:
    places: where the sides part on the way to one output.
    explained: divergences that have been told, of the same traces.
  """
  rest = [place for place in places if not _follows(place, explained)]
  if len(rest) == len(places):
    return rest
  # What only the port has on the way back is the rest of the same.
  return [
    place
    for place in rest
    if place.tf1_op is not None
    or place.tf2_op is None
    or place.tf2_op.phase != "gradient"
  ]


def _follows(
  place: place_lib.Place, explained: Sequence[frontier.Divergence]
) -> bool:
  here, ops = place.tf1_op, place.tf1.ops
  if here is None or here.phase != "gradient":
    return False
  belongs = _GRADIENT_OP.match(here.name)
  told = [ops[each.tf1].phase for each in explained if each.tf1 is not None]
  if belongs is None or not {"forward", "loss"}.intersection(told):
    return False
  return any(
    op.name == belongs.group(1)
    and not any(place.partners.has("tf1", tensor) for tensor in op.outputs)
    for op in ops
    if op.phase in ("forward", "loss")
  )


def refined(
  finding: report_lib.Finding, place: place_lib.Place
) -> report_lib.Finding:
  """A finding at ops of a gradient, or one at the forward op behind it.

  Args:
    finding: what the rules say of the place.
    place: where the gradients part; nothing before the loss does.
  """
  variable = place.divergence.output[len(_GRADIENT) :]
  if finding.cause != "op_structure":
    return finding
  found = _stop(place, variable) or _rewritten(finding, place, variable)
  if found is None:
    return finding
  return dataclasses.replace(
    found,
    max_abs=finding.max_abs,
    max_rel=finding.max_rel,
    max_ulp=finding.max_ulp,
  )


def _stop(
  place: place_lib.Place, variable: str
) -> Optional[report_lib.Finding]:
  """A finding where one side stops a gradient that the other lets through."""
  partners = place.partners
  left, right = _way(place.tf1, variable), _way(place.tf2, variable)
  theirs = frozenset(op.inputs[0] for op in right.stops())
  ours = frozenset(op.inputs[0] for op in left.stops())
  for op in left.stops():
    mates = partners.of_tf1.get(op.inputs[0], set())
    if not mates & theirs and not _is_of_moments(op, place.tf1):
      return _stopped("tf1", op, variable)
  for op in right.stops():
    mates = partners.of_tf2.get(op.inputs[0], set())
    if not mates & ours and not _is_of_moments(op, place.tf2):
      return _stopped("tf2", op, variable)
  return None


def _is_of_moments(op: trace_lib.OpRecord, trace: trace_lib.Trace) -> bool:
  """Whether it is tf.nn.moments' own: the mean whose gradient is zero."""
  users = [each for each in trace.ops if op.outputs[0] in each.inputs]
  forward = [each for each in users if each.phase == "forward"]
  return bool(forward) and all(
    each.op_type in ("SquaredDifference", "Squeeze", "Reshape")
    for each in forward
  )


def _stopped(
  side: str, op: trace_lib.OpRecord, variable: str
) -> report_lib.Finding:
  who, other = ("tf1", "the port") if side == "tf1" else ("The port", "tf1")
  place = place_lib.place_of(op)
  return report_lib.Finding(
    cause="op_structure",
    message=(
      f"{who} stops the gradient at {place_lib.named(op)}, {other} does not:"
      f" the forward pass agrees, the gradient of {variable} does not."
    ),
    hint="Stop the gradient at the same tensor on both sides, or on neither.",
    where=report_lib.Where(
      variable=variable,
      tf1=place if side == "tf1" else report_lib.Place(),
      tf2=report_lib.Place() if side == "tf1" else place,
    ),
  )


def _rewritten(
  finding: report_lib.Finding, place: place_lib.Place, variable: str
) -> Optional[report_lib.Finding]:
  """The forward tensor behind the parting that the sides make by other ops.

  That is what the op of the gradient belongs to; where the gradients part at
  one op on both sides, the first one behind it.
  """
  belongs = _GRADIENT_OP.match(finding.where.tf1.op or "")
  if belongs is None:
    return None
  way = _way(place.tf1, variable)
  names = [place.tf1.ops[number].name for number in way.ops]
  if belongs.group(1) not in names:
    return None
  start = names.index(belongs.group(1))
  stop = len(names) if _is_unclear(finding) else start + 1
  for number in way.ops[start:stop]:
    other = _made_otherwise(number, place)
    if other is not None:
      return _by_other_ops(finding, place.tf1.ops[number], other, variable)
  return None


def _is_unclear(finding: report_lib.Finding) -> bool:
  """Whether a finding only tells where the gradients part, not why."""
  left, right = finding.where.tf1, finding.where.tf2
  return left.op_type == right.op_type or right.op_type is None


def _made_otherwise(
  number: int, place: place_lib.Place
) -> Optional[trace_lib.OpRecord]:
  """The port's op of another type that makes what one of tf1's makes."""
  op, trace = place.tf1.ops[number], place.tf2
  made = frontier.producers(trace)
  if op.op_type in _PASSING:
    return None
  makers = {
    made[mate]
    for tensor in op.outputs
    for mate in place.partners.of_tf1.get(tensor, ())
    if mate in made and trace.ops[made[mate]].phase in ("forward", "loss")
  }
  others = {m for m in makers if trace.ops[m].op_type not in _PASSING}
  if not others or op.op_type in {trace.ops[m].op_type for m in others}:
    return None
  return trace.ops[min(others)]


def _by_other_ops(
  finding: report_lib.Finding,
  left: trace_lib.OpRecord,
  right: trace_lib.OpRecord,
  variable: str,
) -> report_lib.Finding:
  return dataclasses.replace(
    finding,
    message=(
      f"Forward both sides agree, but tf1 ends in {place_lib.named(left)} where"
      f" the port has {place_lib.named(right)}; on the way back through them"
      f" the gradient of {variable} parts."
    ),
    hint=(
      "Two expressions of equal value may have other derivatives: at a kink,"
      " where a branch is not taken, or where one of them has none."
    ),
    where=dataclasses.replace(
      finding.where,
      tf1=place_lib.place_of(left),
      tf2=place_lib.place_of(right),
    ),
  )
