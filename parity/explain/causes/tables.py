"""Does the same look-up find other entries? A vocabulary in another order...

Certain: both sides look the same keys up, with the same default, and get other
results; what a table holds is all that is left.
"""

from __future__ import annotations

from typing import Optional

from parity.explain.causes import constants
from parity.explain.causes import place as place_lib
from parity.records import report as report_lib
from parity.records import trace as trace_lib


def explain(place: place_lib.Place) -> Optional[report_lib.Finding]:
  """A finding where two tables give other results for the same keys."""
  pair = place.pair
  if pair is None or pair.tf1.op_type != pair.tf2.op_type:
    return None
  operands = list(zip(pair.tf1.inputs, pair.tf2.inputs))
  if (
    not trace_lib.is_of_table(pair.tf1.op_type)
    or len(pair.tf1.inputs) != len(pair.tf2.inputs)
    or not all(place.partners.are(a, b) for a, b in operands)
  ):
    return None
  left, right = [
    constants.shown(trace.tensors[op.outputs[0]].value)
    for trace, op in ((place.tf1, pair.tf1), (place.tf2, pair.tf2))
  ]
  largest, relative = place_lib.figures(place)
  return report_lib.Finding(
    cause="constant",
    message=(
      f"The look-up table holds other entries: for the same keys"
      f" {place_lib.named(pair.tf1)} gives {left} on the tf1 side,"
      f" {place_lib.named(pair.tf2)} {right} in the port."
    ),
    hint=(
      "Fill the port's table as tf1 fills it: the same keys, in the same order,"
      " and the unknown ones in the same place."
    ),
    where=place_lib.where_of(place),
    max_abs=largest,
    max_rel=relative,
  )
