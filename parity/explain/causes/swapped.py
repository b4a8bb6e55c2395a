"""Does the port return under this name what tf1 returns under another?

Certain: the differing output has a partner on the other side, so nothing is
computed otherwise; it is only returned in another place.
"""

from __future__ import annotations

from typing import Optional

from parity.explain import frontier
from parity.explain import partners as partners_lib
from parity.explain.causes import place as place_lib
from parity.records import report as report_lib
from parity.records import trace as trace_lib


def explain(
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  partners: partners_lib.Partners,
  name: str,
) -> Optional[report_lib.Finding]:
  """A finding where both sides have both tensors, under other names."""
  left, right = tf1.outputs[name], tf2.outputs[name]
  if partners.are(left, right) or not (
    partners.has("tf1", left) and partners.has("tf2", right)
  ):
    return None
  meant = _name_of(tf1, partners.of_tf2[right])
  there = _name_of(tf2, partners.of_tf1[left])
  ours = _maker(tf1, left)
  theirs = _maker(tf2, right)
  as_what = (
    f"what tf1 returns as {meant}"
    if meant is not None
    else "another tensor, which tf1 has too but does not return there"
  )
  where_is = f"; it returns tf1's {name} as {there}" if there else ""
  return report_lib.Finding(
    cause="op_structure",
    message=(
      f"The port returns as {name} {as_what}{where_is}: tf1's {name} comes from"
      f" {place_lib.named(ours)}, the port's from {place_lib.named(theirs)}."
    ),
    hint="Return each tensor under the name that tf1 gives it.",
    where=report_lib.Where(
      output=None if ":" in name else name,
      variable=name.split(":", 1)[1] if ":" in name else None,
      tf1=place_lib.place_of(ours),
      tf2=place_lib.place_of(theirs),
    ),
  )


def _name_of(trace: trace_lib.Trace, tensors: object) -> Optional[str]:
  for name, tensor in trace.outputs.items():
    if tensor in tensors and ":" not in name:  # type: ignore[operator]
      return name
  return None


def _maker(trace: trace_lib.Trace, tensor: int) -> Optional[trace_lib.OpRecord]:
  number = frontier.producers(trace).get(tensor)
  return None if number is None else trace.ops[number]
