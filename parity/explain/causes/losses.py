"""Is a scalar a loss that differs by a factor, or by a penalty on a variable?

1. Loss scale, certain: the scalar on both sides is the same tensor divided or
   multiplied by a scalar, or summed up, and only that scalar differs; or one
   side has it as it is. What the factor equals is a suggestion.
2. Regularisation, certain: on the way to the scalar one side penalises a
   variable (a square or a magnitude, summed) and the other does not.
"""

from __future__ import annotations

from typing import Dict, List, Optional, Tuple

import numpy as np

from parity.compare import counts
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
      pair = place_lib.OpPair(a, b)
      if not _is_factor(place, pair, right / left):
        continue
      if _share(place, _scaled_by(a), _scaled_by(b)):
        how = f"tf1 by {_scaling(place.tf1, a)}, the port by"
        how = f"both scale the same tensor, {how} {_scaling(place.tf2, b)}"
      elif _share(place, _scaled_by(a), b.outputs):
        how = f"tf1 scales it by {_scaling(place.tf1, a)}, the port does not"
      elif _share(place, a.outputs, _scaled_by(b)):
        how = f"the port scales it by {_scaling(place.tf2, b)}, tf1 does not"
      else:
        continue
      return _scale_finding(place, pair, factor=right / left, how=how)
  return None


def _share(
  place: place_lib.Place, left: Tuple[int, ...], right: Tuple[int, ...]
) -> bool:
  """Whether two ops have a computed tensor in common."""
  return any(
    place.partners.are(x, y)
    and place.tf1.tensors[x].root != "constant"
    and place.tf1.tensors[x].dtype.startswith("float")
    for x in left
    for y in right
  )


def _scaling(trace: trace_lib.Trace, op: trace_lib.OpRecord) -> str:
  """An op that scales, and the number by which it does where that is seen."""
  told = place_lib.named(op)
  if op.op_type not in ("RealDiv", "DivNoNan", "Div", "Mul"):
    return told
  values = [trace.tensors[tensor].value for tensor in op.inputs]
  numbers = [v.reshape(-1)[0] for v in values if v is not None and v.size == 1]
  if len(numbers) < len(values):
    return told
  does = "multiplies" if op.op_type == "Mul" else "divides"
  return f"{told}, which {does} by {numbers[-1]:.6g}"


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
  if op.op_type not in _SCALINGS:
    return ()
  return op.inputs if op.op_type == "Mul" else op.inputs[:1]


def _equal_of(place: place_lib.Place, factor: float) -> str:
  """The factor, and what in the case equals it."""
  inputs: Dict[str, np.ndarray] = {}
  for tensor in place.tf1.tensors:
    kind, _, path = (tensor.root or "").partition(":")
    if kind == "input" and tensor.value is not None:
      inputs.setdefault(path, tensor.value)
  sizes = {
    name: place.tf1.tensors[number].size
    for name, number in place.tf1.outputs.items()
    if ":" not in name
  }
  return counts.name_of(factor, inputs, sizes)


def _scale_finding(
  place: place_lib.Place,
  pair: place_lib.OpPair,
  *,
  factor: float,
  how: str,
) -> report_lib.Finding:
  name = place.divergence.output.rstrip(":")
  return report_lib.Finding(
    cause="loss_scale",
    message=(
      f"{name} in the port is {_equal_of(place, factor)} times tf1's: {how}."
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
      f"{place.divergence.output.rstrip(':')} penalises {variable} on {who}"
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
