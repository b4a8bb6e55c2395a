"""Do other ops stand there? The rule that is asked last.

Certain: no op of the other side gives this result from the same operands, and
no rule before this one found the same op with another setting.
"""

from __future__ import annotations

from typing import Optional

from parity.explain import frontier
from parity.explain.causes import place as place_lib
from parity.records import report as report_lib
from parity.records import trace as trace_lib


def explain(place: place_lib.Place) -> Optional[report_lib.Finding]:
  """A finding where ops differ in type or order, or stand on one side only."""
  left, right = place.tf1_op, place.tf2_op
  largest, relative = place_lib.figures(place)
  if left is not None and place_lib.is_in_loop(left, place.tf1):
    message = (
      f"The tf1 side computes {place.divergence.output} in the loop"
      f" {left.scope}; from the same operands the port computes"
      f" {place_lib.named(right)}, and what comes out differs."
    )
  elif left is not None and right is not None:
    if left.op_type == right.op_type:
      message = (
        f"{left.op_type} gets {_operands(place, left, right)}: {left.name} on"
        f" the tf1 side, {right.name} in the port."
      )
    else:
      message = (
        f"From the same operands the tf1 side computes {left.op_type}"
        f" ({left.name}{_besides(place, left, right)}), the port"
        f" {right.op_type} ({right.name})."
      )
  elif left is not None:
    message = (
      f"The tf1 side computes {place_lib.named(left)}; nothing in the port"
      " gives this result."
    )
  elif right is not None:
    message = (
      f"The port computes {place_lib.named(right)}; nothing on the tf1 side"
      " gives this result."
    )
  else:
    return None
  return report_lib.Finding(
    cause="op_structure",
    message=message,
    hint="Make the port compute what the tf1 line computes, in that order.",
    where=place_lib.where_of(place),
    max_abs=largest,
    max_rel=relative,
  )


def _operands(
  place: place_lib.Place, left: trace_lib.OpRecord, right: trace_lib.OpRecord
) -> str:
  """What is to be said of the operands of two ops of one type."""
  ours = [
    _maker(place.tf1, tensor)
    for tensor in left.inputs
    if not any(place.partners.are(tensor, other) for other in right.inputs)
  ]
  theirs = [
    _maker(place.tf2, tensor)
    for tensor in right.inputs
    if not any(place.partners.are(other, tensor) for other in left.inputs)
  ]
  if not ours and not theirs:
    return "its operands in another order in the port"
  made = " and ".join(ours) or "no other"
  return (
    f"other operands in the port: {made} on tf1,"
    f" {' and '.join(theirs) or 'no other'} there"
  )


def _besides(
  place: place_lib.Place, left: trace_lib.OpRecord, right: trace_lib.OpRecord
) -> str:
  """The computed operands of the tf1 op that the other op does not have."""
  others = [
    place.tf1.ops[number]
    for tensor, number in frontier.producers(place.tf1).items()
    if tensor in left.inputs
    and not any(place.partners.are(tensor, other) for other in right.inputs)
  ]
  if not others or len(others) == len(left.inputs):
    return ""
  return f", with {' and '.join(place_lib.named(op) for op in others)}"


def _maker(trace: trace_lib.Trace, tensor: int) -> str:
  """What makes a tensor, in a message."""
  number = frontier.producers(trace).get(tensor)
  if number is not None:
    op = trace.ops[number]
    which = (
      f"result {op.outputs.index(tensor)} of " if len(op.outputs) > 1 else ""
    )
    return which + place_lib.named(op)
  return trace.tensors[tensor].root or "what was not seen"
