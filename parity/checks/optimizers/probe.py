"""Is it a setting, the rule, or the gradients? Decided by leading the port.

The port trains again, led by the tf1 side: before each update its variables
get tf1's values, and its optimizer is given tf1's gradients. What differs then
is the optimizer's doing alone, and the port's own gradients are those at tf1's
weights.

1. The led updates differ. Each setting that is unlike is put into the port's
   optimizer, alone and then all together, and the led run is repeated. What
   makes the updates agree is the cause: `optimizer_hyperparameter`. If nothing
   does, the rules differ: `optimizer_formula`, with what was seen of how.
2. The led updates agree, but the port's own gradients do not: the finding is
   that of the gradients check, which has the same computation; where they part
   only in a later step, something that is no variable carried over.
3. tf1's own class trains fewer variables than the port does.
4. A variable that no gradient moves differs: an update that does not run.
5. All of these agree: the updates parted by rounding that a rule amplified
   (Adam turns a gradient of 1e-9 into a full step), and `rounding` is proved.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Dict, List, Mapping, Optional, Sequence, Set, Tuple

import numpy as np

from parity import errors
from parity.checks import check
from parity.checks.optimizers import features
from parity.checks.optimizers import settings
from parity.checks.optimizers import slots
from parity.checks.optimizers import updates
from parity.compare import pairs
from parity.records import recording as recording_lib
from parity.records import report as report_lib
from parity.records import request as request_lib


@dataclasses.dataclass(frozen=True, eq=False)
class Explained:
  """What the probes came to.

  Attributes:
    findings: `unknown` among them where an earlier check has the cause.
    notes: what could not be probed, one sentence each.
  """

  findings: Sequence[report_lib.Finding]
  notes: Tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, eq=False)
class _Led:
  """The port's run led by tf1, and how its updates compare."""

  request: request_lib.Request
  recording: recording_lib.Recording
  compared: updates.Compared


def explain(evidence: check.Evidence, probes: check.Probes) -> Explained:
  """Findings for updates that differ.

  Args:
    evidence: both sides' own runs, the tf1 side's with gradients.
    probes: runs the port again.

  Returns:
    One finding a root cause; `rounding` as a note.

  Raises:
    ParityError: the port cannot be run again.
  """
  tf1 = evidence.tf1
  led = _lead(evidence, probes)
  found: List[report_lib.Finding] = []
  notes: List[str] = []
  moved = _untrained_difference(evidence, led)
  ruled = _trained_difference(tf1, led)
  if ruled is not None:
    resolved = _resolve(evidence, probes, led, ruled, notes)
    found.append(resolved or features.formula(evidence, led.recording, ruled))
  chosen = _chosen_variables(evidence, led)
  if chosen is not None:
    found.append(chosen)
  gradient = _gradient_difference(evidence, led, without=chosen is not None)
  if gradient is not None:
    found.append(gradient)
  if moved is not None:
    found.append(moved)
  return Explained(found or [_rounding(evidence)], tuple(notes))


def _lead(evidence: check.Evidence, probes: check.Probes) -> _Led:
  """Runs the port with tf1's variables and gradients."""
  tf1 = evidence.tf1
  start = {
    v.tf1_name: v.initial for v in tf1.variables if v.initial is not None
  }
  request = dataclasses.replace(
    evidence.plan.tf2,
    weights="carried",
    weights_file=probes.write(start),
    steps_file=probes.write(_leading_arrays(tf1)),
    gradients=True,
  )
  return _run(evidence, probes, request)


def _leading_arrays(
  tf1: recording_lib.Recording,
) -> Dict[str, np.ndarray]:
  found: Dict[str, np.ndarray] = {}
  for place, step in enumerate(tf1.steps):
    for name, value in step.gradients.items():
      found[f"{place}:gradient:{name}"] = value
    for name, value in step.variables.items():
      found[f"{place + 1}:variable:{name}"] = value
  return found


def _run(
  evidence: check.Evidence,
  probes: check.Probes,
  request: request_lib.Request,
) -> _Led:
  recording = probes.ask(request)
  compared = updates.compare(
    evidence.tf1, recording, policy=evidence.facts.tolerances
  )
  return _Led(request, recording, compared)


def _trainable(recording: recording_lib.Recording) -> Tuple[str, ...]:
  """What the optimizer moves."""
  moved: Set[str] = set()
  for step in recording.steps:
    moved.update(step.gradients)
  return tuple(v.tf1_name for v in recording.variables if v.tf1_name in moved)


def _trained_difference(
  tf1: recording_lib.Recording, led: _Led
) -> Optional[updates.Difference]:
  """The first trained variable, or slot of one, that differs; None without."""
  trained = set(_trainable(tf1))
  for step in led.compared.steps:
    for each in step.variables:
      if not each.is_match and each.name in trained:
        return updates.Difference(step.number, each.name, None, each)
    for each in step.slots:
      if not each.is_match:
        variable, _, slot = each.name.rpartition("/")
        return updates.Difference(step.number, variable, slot, each)
  return None


def _resolve(
  evidence: check.Evidence,
  probes: check.Probes,
  led: _Led,
  first: updates.Difference,
  notes: List[str],
) -> Optional[report_lib.Finding]:
  """The setting that makes the port's updates tf1's; None without one."""
  assert evidence.tf1.optimizer is not None
  assert led.recording.optimizer is not None
  compared = settings.pair(evidence.tf1.optimizer, led.recording.optimizer)
  for variant in settings.variants(compared):
    request = dataclasses.replace(
      led.request,
      gradients=False,
      optimizer_settings=json.dumps(dict(variant.settings), sort_keys=True),
    )
    try:
      found = _run(evidence, probes, request)
    except errors.ParityError as error:
      told = ", ".join(variant.settings)
      notes.append(
        f"{told} could not be put into the port's optimizer: {error}"
      )
      continue
    if _trained_difference(evidence.tf1, found) is None:
      return _hyperparameter(evidence, first, variant)
  return None


def _hyperparameter(
  evidence: check.Evidence,
  first: updates.Difference,
  variant: settings.Variant,
) -> report_lib.Finding:
  told = ", ".join(
    f"{name}={settings.shown(value)}"
    for name, value in variant.settings.items()
  )
  return report_lib.Finding(
    cause="optimizer_hyperparameter",
    message=(
      f"From the same gradients {first.name} parts at update {first.step}:"
      f" {variant.message}. With {told} the port's optimizer gives tf1's"
      " updates."
    ),
    hint=(
      "Let the port's rate follow tf1's, step by step: where a counter does not"
      " advance, or starts elsewhere, a schedule gives other rates."
      if "learning_rate" in variant.settings
      else (
        "Pass the setting to the port's optimizer: the defaults of"
        " tf.compat.v1.train and Keras differ."
      )
    ),
    where=updates.where_of(evidence, first),
    max_abs=first.comparison.max_abs,
    max_rel=first.comparison.max_rel,
    max_ulp=first.comparison.max_ulp,
    details=updates.settings_table(evidence),
  )


_CARRIED_OVER = (
  " The steps before agree, so something that is no variable carried over: a"
  " random stream, a counter, a state kept in Python."
)


def _chosen_variables(
  evidence: check.Evidence, led: _Led
) -> Optional[report_lib.Finding]:
  """A finding where tf1's own class picks the variables that it trains."""
  assert evidence.tf1.optimizer is not None
  overrides = str(evidence.tf1.optimizer.settings.get("overrides", ""))
  if "compute_gradients" not in overrides:
    return None
  ours = set(_trainable(evidence.tf1))
  trainable = {v.tf1_name for v in evidence.tf1.variables if v.trainable}
  surplus = [
    name
    for name in _trainable(led.recording)
    if name in trainable and name not in ours
  ]
  if not surplus:
    return None
  first = next(
    updates.Difference(step.number, each.name, None, each)
    for step in led.compared.steps
    for each in step.variables
    if each.name == surplus[0]
  )
  names = ", ".join(surplus[:4]) + (", ..." if len(surplus) > 4 else "")
  own = evidence.tf1.optimizer.settings.get("class")
  return report_lib.Finding(
    cause="optimizer_formula",
    message=(
      f"tf1's {own} leaves {len(surplus)} of {len(trainable)} trainable"
      f" variables out of its compute_gradients, the port trains them: {names}."
    ),
    hint=(
      "Give the port's optimizer the same variables: freeze the layers that"
      " tf1's var_list leaves out, or pass apply_gradients the others only."
    ),
    where=updates.where_of(evidence, first),
    max_abs=first.comparison.max_abs,
    max_rel=first.comparison.max_rel,
    max_ulp=first.comparison.max_ulp,
    details=tuple(surplus),
  )


def _gradient_difference(
  evidence: check.Evidence, led: _Led, *, without: bool
) -> Optional[report_lib.Finding]:
  """A finding where the port's own gradients differ at tf1's weights.

  Args:
    evidence: both sides' own runs.
    led: the port's, led by tf1.
    without: whether variables that tf1 does not train are left out.
  """
  places = {v.tf1_name: i for i, v in enumerate(evidence.tf1.variables)}
  for number, (left, right) in enumerate(
    zip(evidence.tf1.steps, led.recording.steps), start=1
  ):
    compared = pairs.compare_named(
      left.gradients,
      {
        name: gradient
        for name, gradient in right.gradients.items()
        if name in (left.gradients if without else places)
      },
      kind="gradient",
      policy=evidence.facts.tolerances,
      orders=places,
    )
    first = pairs.first_mismatch(compared)
    if first is None:
      continue
    later = "" if number == 1 else _CARRIED_OVER
    difference = updates.Difference(number, first.name, None, first)
    return report_lib.Finding(
      cause="unknown",
      message=(
        f"At tf1's own weights the gradient of {first.name} differs in step"
        f" {number}.{later}"
      ),
      hint="See the gradients check.",
      where=dataclasses.replace(
        updates.where_of(evidence, difference), output=None
      ),
      max_abs=first.max_abs,
      max_rel=first.max_rel,
      max_ulp=first.max_ulp,
    )
  return None


def _untrained_difference(
  evidence: check.Evidence, led: _Led
) -> Optional[report_lib.Finding]:
  """A finding where a variable that no gradient moves differs."""
  trained = {*_trainable(evidence.tf1), *_trainable(led.recording)}
  before: Mapping[str, np.ndarray] = {
    v.tf1_name: v.initial
    for v in evidence.tf1.variables
    if v.initial is not None
  }
  for place, step in enumerate(led.compared.steps):
    for each in step.variables:
      if each.is_match or each.name in trained:
        continue
      if each.name not in before:
        continue
      start = before[each.name]
      stayed = [
        np.array_equal(start, recording.steps[place].variables[each.name])
        for recording in (evidence.tf1, led.recording)
      ]
      first = updates.Difference(step.number, each.name, None, each)
      return _not_updated(evidence, first, stayed)
    before = evidence.tf1.steps[place].variables
  return None


def _not_updated(
  evidence: check.Evidence,
  first: updates.Difference,
  stayed: Sequence[bool],
) -> report_lib.Finding:
  side = {(True, False): "tf1", (False, True): "tf2"}.get(
    (stayed[0], stayed[1])
  )
  if side is None:
    cause, what = "unknown", "is updated in another way"
  else:
    cause, what = "update_missing", f"is not updated on the {side} side"
  return report_lib.Finding(
    cause=cause,
    message=(
      f"{first.variable}, which no gradient moves, {what}: it differs after"
      f" update {first.step}."
    ),
    hint=(
      "Run tf1's UPDATE_OPS with the train op, and assign the same in the port."
    ),
    where=updates.where_of(evidence, first),
    max_abs=first.comparison.max_abs,
    max_rel=first.comparison.max_rel,
    max_ulp=first.comparison.max_ulp,
  )


def _rounding(evidence: check.Evidence) -> report_lib.Finding:
  own = updates.compare(
    evidence.tf1, evidence.tf2, policy=evidence.facts.tolerances
  )
  first = own.first
  assert first is not None
  assert evidence.tf1.optimizer is not None
  name = slots.short_name(evidence.tf1.optimizer)
  return report_lib.Finding(
    cause="rounding",
    message=(
      f"{first.variable} differs after update {first.step} by rounding that"
      f" {name} amplifies: from tf1's gradients the port's optimizer gives"
      " tf1's updates in every step, and at tf1's weights the port's gradients"
      " agree."
    ),
    hint=(
      "A gradient that is zero but for rounding, such as that of a bias before"
      " batch norm, becomes a full step where a rule divides by its magnitude."
    ),
    where=updates.where_of(evidence, first),
    max_abs=first.comparison.max_abs,
    max_rel=first.comparison.max_rel,
    max_ulp=first.comparison.max_ulp,
    is_note=True,
  )
