"""Do both sides run the same random ops in the same order?

Two random ops are alike when type, shape and dtype are; where a graph does not
know the shape of one, shapes of that type are not looked at. Certain: both
lists are complete, since every op that escapes the alignment is listed as well.
Where a surplus op initialises a variable, the op is not the cause: the variable
is, if the other side lacks it, else its initialiser.
"""

from __future__ import annotations

import difflib
from typing import List, Optional, Sequence, Set, Tuple

from parity.records import recording as recording_lib
from parity.records import report as report_lib

_Key = Tuple[str, Tuple[int, ...], str]


def _keys(
  ops: Sequence[recording_lib.RandomOpRecord], shapeless: Set[str]
) -> List[_Key]:
  """What tells two ops apart; of shapeless types their shape does not."""
  return [
    (op.op_type, () if op.op_type in shapeless else op.shape, op.dtype)
    for op in ops
  ]


def _described(op: recording_lib.RandomOpRecord) -> str:
  of = f", which initialises {op.variable}" if op.variable else ""
  return f"{op.op_type} {list(op.shape)} ({op.name}){of}"


def _with_line(op: recording_lib.RandomOpRecord) -> str:
  """For the details; a finding tells the lines of its own ops beside it."""
  return f"{_described(op)} at {op.source}"


def _place(op: Optional[recording_lib.RandomOpRecord]) -> report_lib.Place:
  if op is None:
    return report_lib.Place()
  return report_lib.Place(
    op=op.name,
    op_type=op.op_type,
    scope=op.name.rpartition("/")[0] or None,
    source=op.source,
  )


def explain_difference(
  tf1: recording_lib.Recording, tf2: recording_lib.Recording
) -> Optional[report_lib.Finding]:
  """A finding where the lists of random ops differ, else None."""
  left, right = list(tf1.random_ops), list(tf2.random_ops)
  shapeless = {op.op_type for op in left + right if -1 in op.shape}
  left_keys, right_keys = _keys(left, shapeless), _keys(right, shapeless)
  if left_keys == right_keys:
    moved = _exchanged(tf1, tf2)
    is_ordered = tf1.request.random != "constant"
    return _order(left, right, moved) if moved and is_ordered else None
  if sorted(left_keys) == sorted(right_keys):
    # With one seed for all ops their order does not count, nor where no weight
    # keeps what was drawn for it and nothing else was drawn.
    is_drawn = any(op.variable is None for op in left)
    if tf1.request.random == "constant" or (
      tf1.request.weights == "constant" and not is_drawn
    ):
      return None
    places = [i for i, k in enumerate(left_keys) if k != right_keys[i]]
    return _order(left, right, places)
  matcher = difflib.SequenceMatcher(None, left_keys, right_keys, autojunk=False)
  only_left: List[recording_lib.RandomOpRecord] = []
  only_right: List[recording_lib.RandomOpRecord] = []
  for tag, i, j, k, m in matcher.get_opcodes():
    if tag != "equal":
      only_left.extend(left[i:j])
      only_right.extend(right[k:m])
  missing = _variables(tf1, tf2, only_left, only_right)
  if missing is not None:
    return missing
  shared = _shared_variables(tf1, tf2)
  left_rest = [op for op in only_left if op.variable not in shared]
  right_rest = [op for op in only_right if op.variable not in shared]
  if not left_rest and not right_rest:
    # The same variables, drawn otherwise: that is their initialisers' affair.
    return None
  return _surplus(left_rest, right_rest)


def _exchanged(
  tf1: recording_lib.Recording, tf2: recording_lib.Recording
) -> List[int]:
  """Where alike ops of both lists initialise variables in another order."""
  names = {v.name: v.tf1_name for v in tf2.variables if v.tracked}
  ours = [op.variable for op in tf1.random_ops]
  theirs = [names.get(op.variable or "") for op in tf2.random_ops]
  places = [i for i, pair in enumerate(zip(ours, theirs)) if pair[0] != pair[1]]
  if any(ours[i] is None or theirs[i] is None for i in places):
    return []
  same = sorted(str(ours[i]) for i in places) == sorted(
    str(theirs[i]) for i in places
  )
  return places if same else []


def _shared_variables(
  tf1: recording_lib.Recording, tf2: recording_lib.Recording
) -> Set[str]:
  """Names, on either side, of the variables that both sides have."""
  left = {v.tf1_name for v in tf1.variables if v.tracked}
  both = [v for v in tf2.variables if v.tracked and v.tf1_name in left]
  return {v.name for v in both} | {v.tf1_name for v in both}


def _order(
  left: Sequence[recording_lib.RandomOpRecord],
  right: Sequence[recording_lib.RandomOpRecord],
  places: Sequence[int],
) -> report_lib.Finding:
  """A finding; `places` are where the two lists differ."""
  place = places[0]
  first, other = left[place], right[place]
  variable = other.variable or first.variable
  return report_lib.Finding(
    cause="random_order",
    message=(
      f"The same {len(left)} random ops run in another order. Number {place} is"
      f" {_described(first)} on tf1, but {_described(other)} in the port."
    ),
    hint=(
      "This alone is no difference of the model: only the draws go to other"
      " ops. Create variables in the order in which tf1 does, or set"
      " `operation_seed` of the random tool around the ops that moved."
    ),
    where=report_lib.Where(
      variable=variable, tf1=_place(first), tf2=_place(other)
    ),
    details=tuple(
      f"{i}: tf1 {_with_line(left[i])}; tf2 {_with_line(right[i])}"
      for i in places
    ),
  )


def _variables(
  tf1: recording_lib.Recording,
  tf2: recording_lib.Recording,
  only_left: Sequence[recording_lib.RandomOpRecord],
  only_right: Sequence[recording_lib.RandomOpRecord],
) -> Optional[report_lib.Finding]:
  """A finding where every surplus op initialises a variable of one side."""
  names = {
    "tf1": {v.tf1_name for v in tf1.variables if v.tracked},
    "tf2": {v.tf1_name for v in tf2.variables if v.tracked},
  }
  own = {v.name: v.tf1_name for v in tf2.variables}
  for side, ops, other in (
    ("tf1", only_left, names["tf2"]),
    ("tf2", only_right, names["tf1"]),
  ):
    made = [own.get(op.variable or "", op.variable) for op in ops]
    if not ops or not all(name and name not in other for name in made):
      continue
    missing = side == "tf1"
    sides = ("tf1 side", "port") if missing else ("port", "tf1 side")
    return report_lib.Finding(
      cause="variable_missing" if missing else "variable_extra",
      message=(
        f"The {sides[0]} initialises {made[0]}, which the {sides[1]} has not,"
        " so the random streams part there."
      ),
      hint="Mend what variables_match says first.",
      where=report_lib.Where(
        variable=made[0],
        tf1=_place(ops[0]) if missing else report_lib.Place(),
        tf2=report_lib.Place() if missing else _place(ops[0]),
      ),
    )
  return None


def _surplus(
  only_left: Sequence[recording_lib.RandomOpRecord],
  only_right: Sequence[recording_lib.RandomOpRecord],
) -> report_lib.Finding:
  first = only_left[0] if only_left else None
  other = only_right[0] if only_right else None
  if first is not None and other is not None:
    message = (
      f"tf1 runs {_described(first)}; the port runs {_described(other)}."
    )
  elif first is not None:
    message = f"tf1 runs {_described(first)}; the port has no such random op."
  else:
    assert other is not None
    message = f"The port runs {_described(other)}; tf1 has no such random op."
  return report_lib.Finding(
    cause="random_op",
    message=message,
    hint=(
      "Give both sides the same random ops with the same shapes: noise and"
      " dropout of one side are easily lost in a port."
    ),
    where=report_lib.Where(
      variable=next(
        (op.variable for op in (first, other) if op and op.variable), None
      ),
      tf1=_place(first),
      tf2=_place(other),
    ),
    details=tuple(f"only on tf1: {_with_line(op)}" for op in only_left)
    + tuple(f"only in the port: {_with_line(op)}" for op in only_right),
  )
