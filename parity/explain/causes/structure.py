"""Do other ops stand there? The rule that is asked last.

Certain: no op of the other side gives this result from the same operands, and
no rule before this one found the same op with another setting.
"""

from __future__ import annotations

from typing import Optional

from parity.explain.causes import place as place_lib
from parity.records import report as report_lib


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
      what = "gets other operands, or gets them in another order, in the port"
      message = (
        f"{left.op_type} {what}: {left.name} on the tf1 side, {right.name} in"
        " the port."
      )
    else:
      message = (
        f"From the same operands the tf1 side computes {left.op_type}"
        f" ({left.name}), the port {right.op_type} ({right.name})."
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
