"""How do two update rules differ, given the same gradients? What can be seen.

Every sentence is something that the recordings show of the first update that
differs; none is read from a class's name alone:

1. where a slot starts;
2. whether a class of the user's own, or a constraint of the variable, has a
   hand in it;
3. whether rows without a gradient are updated, as a dense rule does and a
   sparse (lazy) one does not;
4. whether the moves differ by one factor, and whether that is Adam's correction
   of the bias;
5. whether one side decays the variable besides;
6. where epsilon stands: which of the known forms gives each side's own move;
7. which slot differs, or that only the move made of equal slots does.
"""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np

from parity.checks import check
from parity.checks import updates as factors
from parity.checks.optimizers import moves
from parity.checks.optimizers import settings
from parity.checks.optimizers import slots
from parity.checks.optimizers import updates
from parity.records import recording as recording_lib
from parity.records import report as report_lib


def formula(
  evidence: check.Evidence,
  led: recording_lib.Recording,
  first: updates.Difference,
) -> report_lib.Finding:
  """The finding of rules that differ.

  Args:
    evidence: both sides' own runs.
    led: the port's run from tf1's variables and gradients.
    first: where it parts from tf1's.
  """
  tf1 = evidence.tf1
  assert tf1.optimizer is not None
  assert led.optimizer is not None
  names = (slots.own_name(tf1.optimizer), slots.own_name(led.optimizer))
  seen = describe(tf1, led, first)
  compared = settings.pair(tf1.optimizer, led.optimizer)
  unlike = [settings.sentence(each) for each in settings.differing(compared)]
  message = (
    f"From the same weights and gradients tf1's {names[0]} and the port's"
    f" {names[1]} come to another {first.name} at update {first.step}."
  )
  if seen:
    message += f" Seen: {'; '.join(seen)}."
  if unlike:
    message += f" No setting makes them agree: {'; '.join(unlike)}."
  return report_lib.Finding(
    cause="optimizer_formula",
    message=message,
    hint=_hint(tf1.optimizer, led.optimizer, seen),
    where=updates.where_of(evidence, first),
    max_abs=first.comparison.max_abs,
    max_rel=first.comparison.max_rel,
    max_ulp=first.comparison.max_ulp,
    details=updates.settings_table(evidence),
  )


def _hint(
  tf1: recording_lib.OptimizerRecord,
  tf2: recording_lib.OptimizerRecord,
  seen: Sequence[str],
) -> str:
  if any("constraint" in each for each in seen):
    return "Give the variable the same constraint on both sides."
  own = [
    f"{who}'s {record.settings['class']} does in its"
    f" {record.settings['overrides']}"
    for who, record in (("tf1", tf1), ("the port", tf2))
    if record.settings.get("overrides")
  ]
  if own and slots.family_of(tf1) == slots.family_of(tf2):
    return f"Do on both sides what {' and '.join(own)}."
  return (
    "The two classes are other rules. Write tf1's update as an optimizer of"
    " the port's own, or keep tf.compat.v1.train's."
  )


def describe(
  tf1: recording_lib.Recording,
  led: recording_lib.Recording,
  first: updates.Difference,
) -> Tuple[str, ...]:
  """What is to be seen of how the rules differ, one clause each."""
  found: List[str] = []
  found += _starts(tf1, led)
  found += _overrides(tf1, led)
  found += _constraints(tf1, led, first)
  found += _rows(tf1, led, first)
  if first.slot is None:
    found += _move(tf1, led, first)
  return tuple(found)


def _starts(
  tf1: recording_lib.Recording, led: recording_lib.Recording
) -> List[str]:
  assert tf1.optimizer is not None
  assert led.optimizer is not None
  return [
    f"slot {each.name[len('initial ') :]} starts at"
    f" {settings.shown(each.tf1)} on tf1 and at {settings.shown(each.tf2)} in"
    " the port"
    for each in settings.pair(tf1.optimizer, led.optimizer)
    if each.name.startswith("initial ") and each.differs
  ]


def _overrides(
  tf1: recording_lib.Recording, led: recording_lib.Recording
) -> List[str]:
  found = []
  for side, recording in (("tf1", tf1), ("the port", led)):
    assert recording.optimizer is not None
    own = recording.optimizer.settings
    if own.get("overrides"):
      found.append(f"{side}'s {own.get('class')} overrides {own['overrides']}")
  return found


def _constraints(
  tf1: recording_lib.Recording,
  led: recording_lib.Recording,
  first: updates.Difference,
) -> List[str]:
  """Whether the variable is bound on one side only, or otherwise."""
  told = []
  for recording in (tf1, led):
    assert recording.optimizer is not None
    own = recording.optimizer.settings.get(f"constraint {first.variable}")
    told.append(str(own) if own else None)
  if told[0] == told[1]:
    return []
  who, other = ("the port", "tf1") if told[1] else ("tf1", "the port")
  clause = (
    f"{who} follows each update of {first.variable} with the constraint"
    f" {told[1] or told[0]}, {other} with {told[0] if told[1] else told[1]}"
  )
  return [clause.replace("with None", "with none")]


def before(
  recording: recording_lib.Recording, name: str, step: int
) -> Optional[np.ndarray]:
  """A variable's value before an update, counted from 1."""
  if step > 1:
    return recording.steps[step - 2].variables.get(name)
  return next(
    (v.initial for v in recording.variables if v.tf1_name == name), None
  )


def _rows(
  tf1: recording_lib.Recording,
  led: recording_lib.Recording,
  first: updates.Difference,
) -> List[str]:
  """Whether one side leaves the rows that have no gradient."""
  gradient = tf1.steps[first.step - 1].gradients.get(first.variable)
  start = before(tf1, first.variable, first.step)
  if gradient is None or start is None or gradient.ndim < 2:
    return []
  still = ~np.any(gradient.reshape(gradient.shape[0], -1), axis=1)
  if not still.any() or still.all():
    return []
  moved = []
  for recording in (tf1, led):
    after = recording.steps[first.step - 1].variables[first.variable]
    change = (after != start).reshape(after.shape[0], -1)
    moved.append(bool(np.any(change[still])))
  if moved[0] == moved[1]:
    return []
  who, other = ("the port", "tf1") if moved[1] else ("tf1", "the port")
  told = (
    f"{who} also updates the {int(still.sum())} of {still.size} rows that have"
    f" no gradient (a dense update), {other} leaves them (a sparse one)"
  )
  return [told]


def _move(
  tf1: recording_lib.Recording,
  led: recording_lib.Recording,
  first: updates.Difference,
) -> List[str]:
  start = before(tf1, first.variable, first.step)
  if start is None:
    return []
  taken: Dict[str, np.ndarray] = {}
  for side, recording in (("tf1", tf1), ("tf2", led)):
    after = recording.steps[first.step - 1].variables[first.variable]
    taken[side] = np.asarray(start, np.float64) - np.asarray(after, np.float64)
  found = []
  found += _decay(start, taken)
  ratio = factors.constant_ratio(taken["tf1"], taken["tf2"])
  if ratio is not None and abs(ratio - 1.0) > 1e-3:
    told = _correction(tf1, led, ratio, first.step)
    found.append(f"the port moves it {ratio:.4g} times as far{told}")
  forms = [
    moves.form_of(recording, first.variable, first.step, taken[side])
    for side, recording in (("tf1", tf1), ("tf2", led))
  ]
  if forms[0] is not None and forms[1] is not None and forms[0] != forms[1]:
    found.append(f"tf1 moves it by {forms[0]}, the port by {forms[1]}")
  return found


def _decay(start: np.ndarray, taken: Dict[str, np.ndarray]) -> List[str]:
  """Whether one side moves a variable further by a part of itself."""
  share = factors.constant_ratio(start, taken["tf2"] - taken["tf1"])
  if share is None:
    return []
  who, other = ("the port", "tf1") if share > 0 else ("tf1", "the port")
  told = (
    f"{who} also takes {abs(share):.4g} times its own value from it (a weight"
    f" decay), {other} does not"
  )
  return [told]


def _correction(
  tf1: recording_lib.Recording,
  led: recording_lib.Recording,
  ratio: float,
  step: int,
) -> str:
  """Whether a factor is Adam's correction of the bias at that step."""
  for recording in (tf1, led):
    assert recording.optimizer is not None
    own = recording.optimizer.settings
    beta_1, beta_2 = own.get("beta_1"), own.get("beta_2")
    if not isinstance(beta_1, float) or not isinstance(beta_2, float):
      continue
    factor = (1.0 - beta_2**step) ** 0.5 / (1.0 - beta_1**step)
    if abs(ratio - factor) < 1e-2 * factor:
      return ": tf1 does not correct the bias of the moments, the port does"
    if abs(ratio * factor - 1.0) < 1e-2:
      return ": the port does not correct the bias of the moments, tf1 does"
  return ""
