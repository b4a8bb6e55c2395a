"""Is it a setting, the rule, or the gradients? Decided by leading the port.

The port trains again, led by the tf1 side: before each update its variables
get tf1's values, and its optimizer is given tf1's gradients. What differs then
is the optimizer's doing alone, and the port's own gradients are those at tf1's
weights.

1. The sides clip their gradients in other ways (`clipping`): that is told
   first, and explains what else differs then.
2. The led updates differ. Each setting that is unlike is put into the port's
   optimizer, alone and then all together, and the led run is repeated. What
   makes the updates agree is the cause: `optimizer_hyperparameter`. If nothing
   does, the rules differ: `optimizer_formula`, with what was seen of how.
3. The led updates agree, but the port's own gradients do not: the finding is
   that of the gradients check, which has the same computation; where they part
   only in a later step, something that is no variable carried over.
4. tf1's own class trains fewer variables than the port does.
5. A variable that no gradient moves differs: an update that does not run.
6. Where classes of both sides change the gradients, tf1's before the rule gets
   them and the port's on the way into it, tf1's would be changed twice. So a
   setting is tried first with the port's own gradients.
7. All of these agree: the updates parted by rounding that a rule amplified
   (Adam turns a gradient of 1e-9 into a full step), and `rounding` is proved.
"""

from __future__ import annotations

import dataclasses
import json
from typing import List, Mapping, Optional, Sequence, Tuple

from parity import errors
from parity.checks import check
from parity.checks.optimizers import clipping
from parity.checks.optimizers import features
from parity.checks.optimizers import floors as floors_lib
from parity.checks.optimizers import led as led_lib
from parity.checks.optimizers import own
from parity.checks.optimizers import settings
from parity.checks.optimizers import slots
from parity.checks.optimizers import updates
from parity.compare import noise
from parity.records import recording as recording_lib
from parity.records import report as report_lib


@dataclasses.dataclass(frozen=True, eq=False)
class Explained:
  """What the probes came to.

  Attributes:
    findings: `unknown` among them where an earlier check has the cause.
    notes: what could not be probed, one sentence each.
  """

  findings: Sequence[report_lib.Finding]
  notes: Tuple[str, ...] = ()


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
  led = led_lib.lead(evidence, probes)
  found: List[report_lib.Finding] = []
  notes: List[str] = []
  floors = floors_lib.StepFloors(evidence, probes)
  moved = own.untrained_difference(evidence, led, floors)
  chosen = own.chosen_variables(evidence, led)
  if chosen is None:
    changed = _changed_on_both(evidence, probes)
    if changed is not None:
      found += [*changed, *([moved] if moved is not None else [])]
      return Explained(found or [_rounding(evidence)])
  ruled = _trained_difference(tf1, led, ())
  noise_of_rule: Sequence[Mapping[str, float]] = ()
  if ruled is not None:
    noise_of_rule = led_lib.rule_floors(evidence, probes, led)
    ruled = _trained_difference(tf1, led, noise_of_rule)
  clipped = clipping.explain(
    evidence,
    probes,
    led,
    agrees=lambda run: _trained_difference(tf1, run, noise_of_rule) is None,
  )
  if clipped is not None:
    found.append(clipped)
  elif ruled is not None:
    resolved = _resolve(
      evidence, probes, led, ruled, floors=noise_of_rule, notes=notes
    )
    found.append(resolved or features.formula(evidence, led.recording, ruled))
  if chosen is not None:
    found.append(chosen)
  gradient = None
  if clipped is None:
    gradient = own.gradient_difference(
      evidence, led, floors, without=chosen is not None
    )
  if gradient is not None:
    found.append(gradient)
  if moved is not None:
    found.append(moved)
  return Explained(found or [_rounding(evidence)], tuple(notes))


def _changed_on_both(
  evidence: check.Evidence, probes: check.Probes
) -> Optional[List[report_lib.Finding]]:
  """Findings where the port's class changes its gradients as tf1's does.

  Empty where its updates then agree, one where a setting makes them; None where
  only one side has such a class, or where the two do not the same.
  """
  tf1, tf2 = evidence.tf1.optimizer, evidence.tf2.optimizer
  assert tf1 is not None
  assert tf2 is not None
  theirs = tf2.settings.get("overrides")
  if "compute_gradients" not in str(tf1.settings.get("overrides", "")):
    return None
  if not theirs:
    return None
  led = led_lib.lead(evidence, probes, own=True)
  first = _trained_difference(evidence.tf1, led, ())
  if first is None:
    return []
  found = _resolve(evidence, probes, led, first, floors=(), notes=[])
  return None if found is None else [found]


def _trained_difference(
  tf1: recording_lib.Recording,
  led: led_lib.Led,
  floors: Sequence[Mapping[str, float]],
) -> Optional[updates.Difference]:
  """The first trained variable, or slot of one, that differs; None without.

  Args:
    tf1: the tf1 side's recording.
    led: the port's.
    floors: of the rule, by step; empty where they were not measured.
  """
  trained = set(led_lib.trainable(tf1))
  for place, step in enumerate(led.compared.steps):
    moved = [each for each in step.variables if each.name in trained]
    differing = [e for e in (*moved, *step.slots) if not e.is_match]
    if floors and differing:
      left = led_lib.values_of_tf1(tf1, led.recording, place)
      right = led_lib.values_after(tf1, led.recording, place)
      differing = [
        each
        for each in differing
        if each.name not in left
        or each.name not in right
        or not noise.is_noise(
          left[each.name], right[each.name], floors[place].get(each.name)
        )
      ]
    if differing:
      return updates.Difference.of(step, differing[0])
  return None


def _resolve(
  evidence: check.Evidence,
  probes: check.Probes,
  led: led_lib.Led,
  first: updates.Difference,
  *,
  floors: Sequence[Mapping[str, float]],
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
      found = led_lib.run(evidence, probes, request)
    except errors.ParityError as error:
      told = ", ".join(variant.settings)
      notes.append(
        f"{told} could not be put into the port's optimizer: {error}"
      )
      continue
    if _trained_difference(evidence.tf1, found, floors) is None:
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
    hint=_hint(variant),
    where=updates.where_of(evidence, first),
    max_abs=first.comparison.max_abs,
    max_rel=first.comparison.max_rel,
    max_ulp=first.comparison.max_ulp,
    details=updates.settings_table(evidence),
  )


def _hint(variant: settings.Variant) -> str:
  if "learning_rate" in variant.settings:
    return (
      "Let the port's rate follow tf1's, step by step: where a counter does not"
      " advance, or starts elsewhere, a schedule gives other rates."
    )
  if "iterations" in variant.settings:
    return (
      "Adam corrects the bias of moments that are as old as its counter: start"
      " the counter at zero, or restore the moments with it."
    )
  return (
    "Pass the setting to the port's optimizer: the defaults of"
    " tf.compat.v1.train and Keras differ."
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
