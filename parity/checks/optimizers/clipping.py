"""Do the sides clip their gradients in other ways, and would tf1's do?

1. What each rule was given at its first update (`given`) is held against the
   raw gradients, and says how that side clips (`clips`). Where tf1's own
   compute_gradients clips, its gradients are held against the port's.
2. Where the ways differ, tf1's is put into the port's optimizer, which then
   takes its own gradients at tf1's variables. If tf1's updates come of it, the
   cause is `optimizer_hyperparameter`; else, where nothing but clipping looks
   like it, `optimizer_formula`.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Callable, Dict, List, Mapping, Optional

from parity import errors
from parity.checks import check
from parity.checks.optimizers import clips as clips_lib
from parity.checks.optimizers import given as given_lib
from parity.checks.optimizers import led as led_lib
from parity.checks.optimizers import settings
from parity.checks.optimizers import updates
from parity.records import recording as recording_lib
from parity.records import report as report_lib


@dataclasses.dataclass(frozen=True)
class Clips:
  """How each side clips.

  Attributes:
    tf1: tf1's way.
    tf2: the port's.
    is_certain: whether nothing else can look like it; else only a run of the
      port that clips in tf1's way can prove it.
    is_seen: whether both ways were seen in what the rules were given.
  """

  tf1: clips_lib.Clip
  tf2: clips_lib.Clip
  is_certain: bool = True
  is_seen: bool = False


def find(evidence: check.Evidence, led: led_lib.Led) -> Optional[Clips]:
  """How the sides clip; None where that is not seen, or is the same.

  Args:
    evidence: both sides' own runs.
    led: the port's, led by tf1: its gradients are the raw ones.
  """
  assert evidence.tf1.optimizer is not None
  overrides = str(evidence.tf1.optimizer.settings.get("overrides", ""))
  # What tf1's own compute_gradients gives may be clipped already; raw gradients
  # are then the port's, which need not agree with tf1's.
  is_own = "compute_gradients" in overrides
  clips = _from_updates(evidence, led, is_own=is_own)
  if clips is None and is_own:
    clips = _from_gradients(evidence, led)
  if clips is None or clips.tf1.is_like(clips.tf2):
    return None
  return clips


def _from_updates(
  evidence: check.Evidence, led: led_lib.Led, *, is_own: bool
) -> Optional[Clips]:
  """From what the first update shows that each rule was given."""
  tf1, tf2 = evidence.tf1, evidence.tf2
  theirs = led.recording.steps[0].gradients
  starts = {
    v.tf1_name: v.initial
    for v in tf1.variables
    if v.initial is not None
    and v.tf1_name in theirs
    and v.tf1_name in tf1.steps[0].gradients
  }
  raws = (theirs if is_own else tf1.steps[0].gradients, theirs)
  found: List[clips_lib.Clip] = []
  for recording, raw in zip((tf1, tf2), raws):
    given = given_lib.given_to(recording, starts)
    clip = None if given is None else clips_lib.clip_between(raw, given)
    if clip is None:
      return None
    found.append(clip)
  return Clips(found[0], found[1], is_certain=not is_own, is_seen=True)


def _from_gradients(
  evidence: check.Evidence, led: led_lib.Led
) -> Optional[Clips]:
  """From tf1's gradients, held against the port's at the same weights."""
  for left, right in zip(evidence.tf1.steps, led.recording.steps):
    shared = {
      name: value
      for name, value in left.gradients.items()
      if name in right.gradients
    }
    clip = clips_lib.clip_between(right.gradients, shared)
    if clip is not None and clip.kind != "none":
      told = _of_settings(evidence.tf2.optimizer)
      return Clips(clip, told, is_certain=False)
  return None


def _of_settings(
  record: Optional[recording_lib.OptimizerRecord],
) -> clips_lib.Clip:
  """How a Keras optimizer is told to clip."""
  assert record is not None
  for name in clips_lib.SETTINGS:
    value = record.settings.get(name)
    if isinstance(value, (int, float)) and value:
      return clips_lib.Clip(name, float(value))
  return clips_lib.Clip()


Agrees = Callable[[led_lib.Led], bool]


def explain(
  evidence: check.Evidence,
  probes: check.Probes,
  led: led_lib.Led,
  *,
  agrees: Agrees,
) -> Optional[report_lib.Finding]:
  """A finding where the sides clip their gradients in other ways.

  Args:
    evidence: both sides' own runs.
    probes: runs the port again.
    led: the port's run, led by tf1.
    agrees: whether a run of the port gives tf1's updates.
  """
  clips = find(evidence, led)
  if clips is None:
    return None
  told = _of_settings(evidence.tf2.optimizer)
  if clips.tf1.kind == "none" and told.kind != "none":
    return None  # A setting of the port, which is found by putting it out.
  assert evidence.tf2.optimizer is not None
  names = [
    n for n in clips_lib.SETTINGS if n in evidence.tf2.optimizer.settings
  ]
  wanted: Dict[str, Optional[float]] = dict.fromkeys(names)
  is_setting = clips.tf1.kind in names
  if is_setting:
    wanted[clips.tf1.kind] = clips.tf1.limit
  is_proved = is_setting and _is_proved(
    evidence, probes, led, wanted=wanted, agrees=agrees
  )
  if not is_proved and not _is_told(clips):
    return None
  return _finding(evidence, led, clips, wanted=wanted if is_proved else None)


def _is_told(clips: Clips) -> bool:
  """Whether the numbers alone say how the sides clip.

  Gradients that are all scaled alike may as well come of another loss, and a
  factor gives them a norm like any other, but hardly a round one. Where both
  sides scale theirs, one of them to a round norm, no one factor lies between.
  """
  kinds = (clips.tf1.kind, clips.tf2.kind)
  if clips.is_seen and "none" not in kinds:
    return clips.tf1.is_round or clips.tf2.is_round
  odd = clips.tf2 if clips.tf1.kind == "none" else clips.tf1
  if odd.kind in ("clipvalue", "average"):
    return True
  return clips.is_certain and odd.is_round


def _is_proved(
  evidence: check.Evidence,
  probes: check.Probes,
  led: led_lib.Led,
  *,
  wanted: Mapping[str, Optional[float]],
  agrees: Agrees,
) -> bool:
  """Whether the port gives tf1's updates of its own gradients so clipped."""
  variables = led_lib.leading_arrays(evidence.tf1, own=True)
  request = dataclasses.replace(
    led.request,
    steps_file=probes.write(variables),
    optimizer_settings=json.dumps(dict(wanted), sort_keys=True),
  )
  try:
    return agrees(led_lib.run(evidence, probes, request))
  except errors.ParityError:
    return False  # The class takes no such setting.


def _finding(
  evidence: check.Evidence,
  led: led_lib.Led,
  clips: Clips,
  *,
  wanted: Optional[Mapping[str, Optional[float]]],
) -> report_lib.Finding:
  own = updates.compare(
    evidence.tf1, evidence.tf2, policy=evidence.facts.tolerances
  )
  first = own.first or led.compared.first
  assert first is not None
  assert evidence.tf1.optimizer is not None
  assert evidence.tf2.optimizer is not None
  by = evidence.tf1.optimizer.settings.get("overrides")
  who = evidence.tf1.optimizer.settings.get("class")
  where = f", in {who}'s {by}" if by and clips.tf1.kind != "none" else ""
  proof = ""
  if wanted is not None:
    told = ", ".join(
      f"{name}={settings.shown(value)}"
      for name, value in wanted.items()
      if value != evidence.tf2.optimizer.settings.get(name)
    )
    proof = f" With {told} the port's optimizer gives tf1's updates."
  return report_lib.Finding(
    cause=(
      "optimizer_formula" if wanted is None else "optimizer_hyperparameter"
    ),
    message=(
      f"The gradients are clipped otherwise: tf1 {clips.tf1.text}{where}; the"
      f" port {clips.tf2.text}. {first.name} parts at update {first.step}."
      f"{proof}"
    ),
    hint=_hint(evidence, clips),
    where=updates.where_of(evidence, first),
    max_abs=first.comparison.max_abs,
    max_rel=first.comparison.max_rel,
    max_ulp=first.comparison.max_ulp,
    details=updates.settings_table(evidence),
    is_proved=wanted is not None,
  )


def _hint(evidence: check.Evidence, clips: Clips) -> str:
  is_sparse = any(each.sparse for each in evidence.tf1.gradients)
  if is_sparse and clips.tf1.kind == clips.tf2.kind == "global_clipnorm":
    return (
      "A norm of IndexedSlices counts a row as often as it was looked up, a"
      " norm of a dense gradient once: clip the same form on both sides, and"
      " the same variables."
    )
  return (
    "Keras's clipnorm clips each gradient by its own norm, global_clipnorm"
    " all of them together, clipvalue each element; for the rest clip before"
    " apply_gradients."
  )
