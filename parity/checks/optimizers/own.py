"""Do the port's own gradients agree at tf1's weights, and its other updates?

What is looked at is the port led by tf1, so each step is judged by itself:

1. Does it train the same variables?
2. Are its gradients tf1's? The finding is that of the gradients check, which
   has the same computation; where they part only in a later step, something
   that is no variable carried over.
3. Are the variables that no gradient moves, such as moving averages, updated
   alike?

What is no more than the measured floor of the tf1 side's step is rounding, and
no difference.
"""

from __future__ import annotations

import dataclasses
from typing import Mapping, Optional, Sequence

import numpy as np

from parity.checks import check
from parity.checks import scales
from parity.checks.optimizers import floors as floors_lib
from parity.checks.optimizers import led as led_lib
from parity.checks.optimizers import updates
from parity.compare import pairs
from parity.records import report as report_lib

_CARRIED_OVER = (
  " The steps before agree, so something that is no variable carried over: a"
  " random stream, a counter, a state kept in Python."
)


def chosen_variables(
  evidence: check.Evidence, led: led_lib.Led
) -> Optional[report_lib.Finding]:
  """A finding where tf1's own class picks the variables that it trains."""
  assert evidence.tf1.optimizer is not None
  overrides = str(evidence.tf1.optimizer.settings.get("overrides", ""))
  if "compute_gradients" not in overrides:
    return None
  ours = set(led_lib.trainable(evidence.tf1))
  trainable = {v.tf1_name for v in evidence.tf1.variables if v.trainable}
  surplus = [
    name
    for name in led_lib.trainable(led.recording)
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


def gradient_difference(
  evidence: check.Evidence,
  led: led_lib.Led,
  floors: floors_lib.StepFloors,
  *,
  without: bool,
) -> Optional[report_lib.Finding]:
  """A finding where the port's own gradients differ at tf1's weights.

  Args:
    evidence: both sides' own runs.
    led: the port's, led by tf1.
    floors: of the tf1 side's steps.
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
    first = pairs.first_mismatch(
      floors.explain(
        number,
        left.gradients,
        right.gradients,
        [each for each in compared if not each.is_match],
        "gradient",
      )
    )
    if first is None:
      continue
    later = "" if number == 1 else _CARRIED_OVER
    difference = updates.Difference(number, first.name, None, first)
    scaled = _scaled(evidence, led, difference)
    if scaled is not None:
      return scaled
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


def _scaled(
  evidence: check.Evidence, led: led_lib.Led, first: updates.Difference
) -> Optional[report_lib.Finding]:
  """A finding where tf1's own compute_gradients scales all of them alike."""
  assert evidence.tf1.optimizer is not None
  own = evidence.tf1.optimizer.settings
  if "compute_gradients" not in str(own.get("overrides", "")):
    return None  # The gradients check has the same gradients.
  left = evidence.tf1.steps[first.step - 1].gradients
  right = led.recording.steps[first.step - 1].gradients
  names = [name for name in left if name in right]
  factor = scales.common_factor(
    [left[name] for name in names], [right[name] for name in names]
  )
  if factor is None:
    return None
  return report_lib.Finding(
    cause="loss_scale",
    message=(
      f"All gradients of the port are {scales.name_of(factor, evidence.tf1)}"
      f" times those that the compute_gradients of tf1's {own.get('class')}"
      f" gives ({len(names)} gradients, update {first.step})."
    ),
    hint="Scale or average the gradients alike, or not at all, on both sides.",
    where=dataclasses.replace(updates.where_of(evidence, first), output=None),
    max_abs=first.comparison.max_abs,
    max_rel=first.comparison.max_rel,
    max_ulp=first.comparison.max_ulp,
  )


def untrained_difference(
  evidence: check.Evidence, led: led_lib.Led, floors: floors_lib.StepFloors
) -> Optional[report_lib.Finding]:
  """A finding where a variable that no gradient moves differs."""
  trained = {
    *led_lib.trainable(evidence.tf1),
    *led_lib.trainable(led.recording),
  }
  before: Mapping[str, np.ndarray] = {
    v.tf1_name: v.initial
    for v in evidence.tf1.variables
    if v.initial is not None
  }
  for place, step in enumerate(led.compared.steps):
    differing = floors.explain(
      step.number,
      evidence.tf1.steps[place].variables,
      led.recording.steps[place].variables,
      [
        each
        for each in step.variables
        if not each.is_match and each.name not in trained
      ],
      "final",
    )
    for each in differing:
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
