"""Is a scalar a loss that differs by a factor, or by a penalty on a variable?

1. Loss scale, certain: the scalar on both sides is the same tensor divided or
   multiplied by a scalar, and only that scalar differs.
2. Regularisation, certain: on the way to the scalar one side penalises a
   variable (a square or a magnitude, summed) and the other does not.
"""

from __future__ import annotations

from typing import List, Optional, Tuple

import numpy as np

from parity.compare import factors
from parity.explain import frontier
from parity.explain.causes import place as place_lib
from parity.records import report as report_lib
from parity.records import trace as trace_lib

_SCALINGS = ("RealDiv", "DivNoNan", "Mul", "Div", "Mean", "Sum")
# How well the factor of an output must be that of the op before it.
_ACCURACY = 1e-4
_PENALTIES = ("L2Loss", "Square", "Abs")


def explain(place: place_lib.Place) -> Optional[report_lib.Finding]:
  """A finding where a scalar output differs by a factor or a penalty."""
  left, right = place.output_values()
  if left is None or right is None or left.size != 1 or right.size != 1:
    return None
  return _penalty(place) or _scale(
    place, float(left.reshape(-1)[0]), float(right.reshape(-1)[0])
  )


def _last_ops(trace: trace_lib.Trace, tensor: int) -> List[trace_lib.OpRecord]:
  """The op that makes a tensor, and those before it that only pass it on."""
  made_by = frontier.producers(trace)
  found = []
  while tensor in made_by:
    op = trace.ops[made_by[tensor]]
    found.append(op)
    if op.op_type not in ("Identity", "Reshape", "Squeeze", "AddV2", "Mul"):
      break
    if op.op_type in ("AddV2", "Mul") and len(found) > 4:
      break
    tensor = op.inputs[0]
  return found


def _scale(
  place: place_lib.Place, left: float, right: float
) -> Optional[report_lib.Finding]:
  if not (np.isfinite(left) and np.isfinite(right) and left and right):
    return None
  name = place.divergence.output
  ours = _last_ops(place.tf1, place.tf1.outputs[name])
  theirs = _last_ops(place.tf2, place.tf2.outputs[name])
  for a in ours:
    for b in theirs:
      if a.op_type not in _SCALINGS or b.op_type not in _SCALINGS:
        continue
      if not _is_factor(place, place_lib.OpPair(a, b), right / left):
        continue
      if any(
        place.partners.are(x, y)
        and place.tf1.tensors[x].root != "constant"
        and place.tf1.tensors[x].dtype.startswith("float")
        for x in _scaled_by(a)
        for y in _scaled_by(b)
      ):
        return _scale_finding(place, place_lib.OpPair(a, b), right / left)
  return None


def _is_factor(
  place: place_lib.Place, pair: place_lib.OpPair, factor: float
) -> bool:
  """Whether the results of two ops differ by the factor of the output."""
  left = place.tf1.tensors[pair.tf1.outputs[0]].value
  right = place.tf2.tensors[pair.tf2.outputs[0]].value
  if left is None or right is None or left.size != 1 or right.size != 1:
    return False
  ours, theirs = float(left.reshape(-1)[0]), float(right.reshape(-1)[0])
  return abs(theirs - factor * ours) <= _ACCURACY * abs(factor * ours)


def _scaled_by(op: trace_lib.OpRecord) -> Tuple[int, ...]:
  """The operands that an op may scale: not what it divides by, nor axes."""
  return op.inputs if op.op_type == "Mul" else op.inputs[:1]


def _scale_finding(
  place: place_lib.Place, pair: place_lib.OpPair, factor: float
) -> report_lib.Finding:
  name = place.divergence.output
  return report_lib.Finding(
    cause="loss_scale",
    message=(
      f"{name} in the port is {factors.name_of(factor)} times tf1's: both scale"
      f" the same tensor, tf1 by {place_lib.named(pair.tf1)}, the port by"
      f" {place_lib.named(pair.tf2)}."
    ),
    hint=(
      "Use the same reduction: tf.losses divides by the number of nonzero"
      " weights, Keras losses by the number of elements, tf.nn ops by nothing."
    ),
    where=place_lib.where_of(place, pair=pair),
    max_rel=abs(factor - 1.0),
  )


def _penalised(
  trace: trace_lib.Trace, region: frontier.Region
) -> List[trace_lib.OpRecord]:
  return [
    trace.ops[number]
    for number in region.ops
    if trace.ops[number].op_type in _PENALTIES
    and (trace.tensors[trace.ops[number].inputs[0]].root or "").startswith(
      "variable:"
    )
  ]


def _penalty(place: place_lib.Place) -> Optional[report_lib.Finding]:
  """A variable that one side penalises, and the other does not."""
  left = _penalised(place.tf1, place.tf1_region)
  right = _penalised(place.tf2, place.tf2_region)
  if bool(left) == bool(right):
    return None
  op = (left or right)[0]
  trace = place.tf1 if left else place.tf2
  variable = (trace.tensors[op.inputs[0]].root or "")[len("variable:") :]
  who, other = ("tf1", "the port") if left else ("the port", "tf1")
  return report_lib.Finding(
    cause="regularization",
    message=(
      f"{place.divergence.output} penalises {variable} on {who}"
      f" ({place_lib.named(op)}), but not on {other};"
      f" {len(left or right)} such term(s) there have no partner."
    ),
    hint=(
      "Penalise the same variables on both sides: a filter by name no longer"
      " matches once layers are renamed."
    ),
    where=report_lib.Where(
      variable=variable,
      output=place.divergence.output,
      tf1=place_lib.place_of(op if left else None),
      tf2=place_lib.place_of(None if left else op),
    ),
  )
