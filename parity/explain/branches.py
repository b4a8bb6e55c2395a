"""Does one side run the branch of the other mode? Training, or inference.

1. The tf1 side is traced once more in the other mode, with the same weights. If
   the port computes, without a partner in this mode, a tensor that tf1 computes
   on the very line of the divergence in the other mode only, then that layer of
   the port runs the other branch.
2. A random op that one side lacks: where the port calls a Keras layer that
   draws in training (dropout, noise) and that drew nothing, or where the port
   draws in inference what tf1 draws in training, the op is not missing, it is
   the flag that is wrong.
"""

from __future__ import annotations

import dataclasses
from typing import Callable, List, Optional, Sequence, Set, Tuple

from parity import errors
from parity.explain import partners as partners_lib
from parity.explain.causes import place as place_lib
from parity.records import recording as recording_lib
from parity.records import report as report_lib
from parity.records import request as request_lib
from parity.records import trace as trace_lib

Ask = Callable[[request_lib.Request], recording_lib.Recording]

# Keras layers that draw in training and pass their input on in inference.
DRAWING_LAYERS = frozenset(
  (
    "AlphaDropout",
    "Dropout",
    "GaussianDropout",
    "GaussianNoise",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "SpatialDropout3D",
  )
)
_HINT = (
  "Pass training=training to that layer, and leave its `trainable` alone: a"
  " Keras batch norm with trainable=False runs its inference branch, and"
  " compat.v1.layers take training=False where nothing is passed."
)
_MOST_OPS = 24
# Findings that another branch may be behind.
_PERHAPS = ("op_structure", "constant")


def in_other_mode(tf1: request_lib.Request) -> request_lib.Request:
  """Asks for the tf1 side's trace in the mode that is not checked."""
  return dataclasses.replace(
    tf1,
    trace=True,
    trace_values=True,
    rewrites=True,
    calls=1,
    training=not tf1.training,
  )


def refined(
  found: List[report_lib.Finding],
  tf1: request_lib.Request,
  places: Callable[[], Sequence[place_lib.Place]],
  ask: Ask,
) -> List[report_lib.Finding]:
  """The findings, or `training_flag` where the flag is to blame.

  Args:
    found: what the rules said.
    tf1: the tf1 side's Request of the check.
    places: gives the places where the sides part.
    ask: records; may raise a ParityError, which passes but for the user's code
      that cannot run in the other mode, and a golden that holds no run of it.
  """
  suspects = [f for f in found if f.cause in _PERHAPS and not f.is_proved]
  if not suspects:
    return found
  looked = places()
  about = sorted({text for place in looked for text in near(place)})
  if not about:
    return found
  request = dataclasses.replace(in_other_mode(tf1), trace_places=tuple(about))
  try:
    flipped = ask(request).trace
  except (errors.CaseError, errors.GoldenError):
    return found
  if flipped is None:
    return found
  for place in looked:
    branch = explain(place, flipped, training=tf1.training)
    if branch is not None:
      return [branch] + [f for f in found if f not in suspects]
  return found


def explain(
  place: place_lib.Place, flipped: trace_lib.Trace, *, training: bool
) -> Optional[report_lib.Finding]:
  """A finding where the port computes what tf1 computes in the other mode.

  Args:
    place: where the sides part.
    flipped: the tf1 side's trace in the other mode, with values; at least of
      what is `near`.
    training: the mode of the check.
  """
  places = near(place)
  others = [
    (op, flipped.tensors[result])
    for op in flipped.ops
    if op.source in places or op.scope in places
    for result in op.outputs
  ]
  own = _digests(place.tf1)
  for number in place.tf2_region.ops[:_MOST_OPS]:
    op = place.tf2.ops[number]
    for result in op.outputs:
      record = place.tf2.tensors[result]
      if not _tells(record):
        continue
      for other, tensor in others:
        if tensor.digest in own or not _is_same(tensor, record):
          continue
        return _finding(place, place_lib.OpPair(other, op), training=training)
  return None


def near(place: place_lib.Place) -> Set[str]:
  """The tf1 side's source lines and scopes about where the sides part."""
  ops = _first_ops(place)
  lines = {op.source for op in (place.tf1_op, *ops) if op is not None}
  scopes = {op.scope for op in ops}
  return {text for text in (*lines, *scopes) if text}


def _first_ops(place: place_lib.Place) -> List[trace_lib.OpRecord]:
  return [place.tf1.ops[n] for n in place.tf1_region.ops[:_MOST_OPS]]


def _digests(trace: trace_lib.Trace) -> Set[str]:
  return {tensor.digest for tensor in trace.tensors if tensor.digest}


def _tells(record: trace_lib.TensorRecord) -> bool:
  """Whether a tensor's values are no mere coincidence."""
  return (
    record.value is not None
    and record.value.size > 1
    and record.value.dtype.kind == "f"
    and record.peak > 0
    and bool((record.value != record.value.reshape(-1)[0]).any())
  )


def _is_same(
  left: trace_lib.TensorRecord, right: trace_lib.TensorRecord
) -> bool:
  if not left.dtype.startswith("float") or left.size != right.size:
    return False
  # No layout moves the largest magnitude; sketches of large tensors cost more.
  if abs(left.peak - right.peak) > partners_lib.FINEST * left.peak:
    return False
  near = partners_lib.distance(left, right, closeness=partners_lib.FINEST)
  return near <= partners_lib.FINEST


def _finding(
  place: place_lib.Place, pair: place_lib.OpPair, *, training: bool
) -> report_lib.Finding:
  branch = ("inference", "training") if training else ("training", "inference")
  largest, relative = place_lib.figures(place)
  where = place_lib.where_of(place, pair=pair)
  return report_lib.Finding(
    cause="training_flag",
    message=(
      f"In {branch[1]} the port runs the {branch[0]} branch: what it computes"
      f" with {place_lib.named(pair.tf2)} tf1 computes only in {branch[0]}"
      f" ({place_lib.named(pair.tf1)})."
    ),
    hint=_HINT,
    where=where,
    max_abs=largest,
    max_rel=relative,
  )


_Key = Tuple[str, str]


def _drawn(recording: recording_lib.Recording) -> List[_Key]:
  """Type and dtype of what the forward pass drew; graphs lack some shapes."""
  return [
    (op.op_type, op.dtype) for op in recording.random_ops if op.variable is None
  ]


def _surplus(left: Sequence[_Key], right: Sequence[_Key]) -> List[_Key]:
  rest = list(right)
  found = []
  for key in left:
    if key in rest:
      rest.remove(key)
    else:
      found.append(key)
  return found


def refine_random(
  finding: report_lib.Finding,
  tf1: request_lib.Request,
  tf2: request_lib.Request,
  ask: Ask,
) -> report_lib.Finding:
  """A `random_op` finding, or `training_flag` where the flag is to blame.

  Args:
    finding: what the lists of random ops gave.
    tf1: the tf1 side's Request.
    tf2: the tf2 side's Request.
    ask: records; may raise a ParityError, which passes.
  """
  left, right = _drawn(ask(tf1)), _drawn(ask(tf2))
  lacking, surplus = _surplus(left, right), _surplus(right, left)
  if tf1.training and lacking and not surplus:
    return _silent_layer(finding, tf2, ask) or finding
  if not tf1.training and surplus and not lacking:
    training = _drawn(ask(dataclasses.replace(tf1, training=True)))
    if not _surplus(surplus, training):
      return _as_flag(
        finding,
        "The port draws in inference what tf1 draws in training only:"
        f" {finding.message}",
      )
  return finding


def _silent_layer(
  finding: report_lib.Finding,
  tf2: request_lib.Request,
  ask: Ask,
) -> Optional[report_lib.Finding]:
  """The finding for layers of the port that were called and drew nothing."""
  changes = {"trace": True, "trace_values": False, "calls": 1}
  traced = ask(dataclasses.replace(tf2, mode="eager", **changes)).trace  # type: ignore[arg-type]
  if traced is None:
    return None
  drew = {op.source for op in traced.ops if _is_draw(op)}
  silent = [
    op
    for op in traced.ops
    if op.layer in DRAWING_LAYERS and op.source not in drew
  ]
  if not silent:
    return None
  op = silent[0]
  found = _as_flag(
    finding,
    f"The port calls its {op.layer} layer at {op.source} ({op.name}), but that"
    f" runs its inference branch and draws nothing. {finding.message}",
  )
  where = dataclasses.replace(found.where, tf2=place_lib.place_of(op))
  return dataclasses.replace(found, where=where)


def _is_draw(op: trace_lib.OpRecord) -> bool:
  return "Random" in op.op_type or op.op_type == "TruncatedNormal"


def _as_flag(finding: report_lib.Finding, message: str) -> report_lib.Finding:
  return dataclasses.replace(
    finding, cause="training_flag", message=message, hint=_HINT
  )
