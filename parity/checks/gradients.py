"""Are the loss and its gradients the same on both sides? In training.

Compared is the loss first, then d loss / d variable for each variable that both
sides count as trainable. A variable that has a gradient on one side only
differs unless it is zero; a sparse gradient counts as the dense one that it
sums up to.

1. All that differ do so by one constant factor, and so does every output:
   `loss_scale`, with what the factor equals (certain, as far as the numbers go;
   what the factor equals is a suggestion).
2. What differs is the value and the slope of penalties on variables:
   `regularization`, a term that one side's total loss lacks (certain).
3. Random ops that one side lacks, or runs in another order: as in a forward
   pass.
4. Else `unknown`, at the first variable in creation order that differs, until a
   trace explains it.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np

from parity.checks import check
from parity.checks import forward
from parity.checks import penalties
from parity.checks import random_ops
from parity.checks import scales
from parity.compare import pairs
from parity.compare import values
from parity.records import facts as facts_lib
from parity.records import recording as recording_lib
from parity.records import report as report_lib
from parity.records import request as request_lib
from parity.records import wording

LOSS = "loss"
"""Name of the loss, for tolerances and in the report."""


def _skip(facts: facts_lib.CaseFacts) -> Optional[str]:
  return None if facts.has_loss else "the case has no `loss`"


def _plan(unused_facts: facts_lib.CaseFacts, seed: int) -> check.Plan:
  return check.Plan(
    tf1=request_lib.Request(
      side="tf1", mode="graph", training=True, gradients=True, seed=seed
    ),
    tf2=request_lib.Request(
      side="tf2", mode="eager", training=True, gradients=True, seed=seed
    ),
  )


@dataclasses.dataclass(frozen=True, eq=False)
class Compared:
  """The loss and the gradients, compared.

  Attributes:
    loss: the loss.
    gradients: of each variable, in creation order on the tf1 side.
  """

  loss: report_lib.Comparison
  gradients: Tuple[report_lib.Comparison, ...]

  @property
  def all(self) -> Tuple[report_lib.Comparison, ...]:
    """The loss, then the gradients."""
    return (self.loss, *self.gradients)


def values_of(recording: recording_lib.Recording) -> Dict[str, np.ndarray]:
  """Gradient by tf1-side name, those that are there."""
  return {
    g.variable: g.value for g in recording.gradients if g.value is not None
  }


def values_of_both(
  evidence: check.Evidence,
) -> Tuple[Dict[str, np.ndarray], Dict[str, np.ndarray]]:
  """Gradients of tf1 and of the port; none is zero where the other's is."""
  left, right = values_of(evidence.tf1), values_of(evidence.tf2)
  _fill_zeros(left, right)
  _fill_zeros(right, left)
  return left, right


def _fill_zeros(
  ours: Dict[str, np.ndarray], theirs: Dict[str, np.ndarray]
) -> None:
  """No gradient is a gradient of zero: neither moves the variable."""
  for name, value in theirs.items():
    if name not in ours and not np.any(value):
      ours[name] = np.zeros_like(value)


def compare(evidence: check.Evidence) -> Compared:
  """Compares the loss, and the gradients of what both sides train."""
  tf1, tf2 = evidence.tf1, evidence.tf2
  policy = evidence.facts.tolerances
  assert tf1.loss is not None
  assert tf2.loss is not None
  loss = values.compare_arrays(
    tf1.loss, tf2.loss, tolerance=policy.for_name(LOSS), kind="loss", name=LOSS
  )
  theirs = {gradient.variable for gradient in tf2.gradients}
  shared = [g.variable for g in tf1.gradients if g.variable in theirs]
  left, right = values_of_both(evidence)
  gradients = pairs.compare_named(
    {name: left[name] for name in shared if name in left},
    {name: right[name] for name in shared if name in right},
    kind="gradient",
    policy=policy,
    orders={name: place for place, name in enumerate(shared)},
  )
  return Compared(loss, gradients)


def _judge(evidence: check.Evidence) -> report_lib.CheckResult:
  found = compare(evidence)
  counted = f"the loss and {wording.count(len(found.gradients), 'gradient')}"
  if not found.gradients:
    return report_lib.CheckResult(
      name="gradients",
      status="error",
      comparisons=found.all,
      reason="nothing was compared: no variable has a gradient on both sides",
    )
  differing = [each for each in found.all if not each.is_match]
  escaped = forward.escaped_op(evidence.tf1, evidence.tf2)
  if differing and escaped:
    return report_lib.CheckResult(
      name="gradients", status="error", comparisons=found.all, reason=escaped
    )
  findings = _findings(evidence, found, differing)
  return report_lib.CheckResult(
    name="gradients",
    status=check.status_of(findings),
    findings=findings,
    comparisons=found.all,
    summary=counted,
    notes=_notes(evidence, found),
  )


def _notes(evidence: check.Evidence, found: Compared) -> Tuple[str, ...]:
  trivial = pairs.trivial_names(
    found.gradients,
    values_of_both(evidence)[0],
    policy=evidence.facts.tolerances,
  )
  if not trivial:
    return ()
  shown = ", ".join(trivial[:3]) + (", ..." if len(trivial) > 3 else "")
  note = (
    f"{len(trivial)} of {len(found.gradients)} gradients are smaller than the"
    f" tolerance itself ({shown}), so this check proves nothing for them; a"
    " tolerance by variable name with a smaller atol would."
  )
  return (note,)


def _findings(
  evidence: check.Evidence,
  found: Compared,
  differing: Sequence[report_lib.Comparison],
) -> Tuple[report_lib.Finding, ...]:
  if not differing:
    return ()
  scaled = _scale(evidence, found)
  if scaled is not None:
    return (scaled,)
  penalty = _penalty(evidence, found)
  if penalty is not None:
    return (penalty,)
  random = None
  if _outputs_differ(evidence):
    random = random_ops.explain_difference(evidence.tf1, evidence.tf2)
  return (random or _unknown(evidence, found, differing),)


def _outputs_differ(evidence: check.Evidence) -> bool:
  return bool(_differing_outputs(evidence))


def _differing_outputs(evidence: check.Evidence) -> List[str]:
  compared = pairs.compare_named(
    forward.outputs_of(evidence.tf1),
    forward.outputs_of(evidence.tf2),
    kind="output",
    policy=evidence.facts.tolerances,
  )
  return [each.name for each in compared if not each.is_match]


def _scale(
  evidence: check.Evidence, found: Compared
) -> Optional[report_lib.Finding]:
  """A finding where one factor lies between the gradients of both sides."""
  tf1, tf2 = evidence.tf1, evidence.tf2
  if any(c.max_abs is None for c in found.all):
    return None  # A partner is missing, or another shape.
  left, right = values_of_both(evidence)
  names = [each.name for each in found.gradients]
  factor = scales.common_factor(
    [left[name] for name in names], [right[name] for name in names]
  )
  if factor is None:
    return None
  assert tf1.loss is not None
  assert tf2.loss is not None
  is_loss_scaled = scales.is_scaled(tf1.loss, tf2.loss, factor)
  if not found.loss.is_match and not is_loss_scaled:
    return None
  outputs = forward.outputs_of(tf1), forward.outputs_of(tf2)
  for path in _differing_outputs(evidence):
    # The loss itself may be among the outputs.
    if path not in outputs[1] or outputs[0][path].size != 1:
      return None
    if not scales.is_scaled(outputs[0][path], outputs[1][path], factor):
      return None
  what = "The loss and all gradients" if is_loss_scaled else "All gradients"
  first = next(each for each in found.all if not each.is_match)
  return report_lib.Finding(
    cause="loss_scale",
    message=(
      f"{what} of the port are {scales.name_of(factor, tf1)} times tf1's"
      f" ({len(names)} gradients)."
      + ("" if is_loss_scaled else " The loss itself agrees.")
    ),
    hint=(
      "Use the same reduction: tf.losses divides by the number of nonzero"
      " weights, Keras losses by the number of elements, tf.nn ops by nothing;"
      " a distributed loss is divided by the global batch size, and a sum over"
      " replicas is the mean times their number."
      if is_loss_scaled
      else "Look for a gradient that is scaled or averaged on one side only."
    ),
    where=_where(evidence, first),
    max_abs=first.max_abs,
    max_rel=first.max_rel,
    max_ulp=first.max_ulp,
  )


def _penalty(
  evidence: check.Evidence, found: Compared
) -> Optional[report_lib.Finding]:
  """A finding where only penalties lie between the losses of both sides."""
  outputs = forward.outputs_of(evidence.tf1)
  for path in _differing_outputs(evidence):
    # The loss itself may be among the outputs.
    if path not in outputs or outputs[path].size != 1:
      return None
  return penalties.explain(evidence, found.loss, found.gradients)


def _unknown(
  evidence: check.Evidence,
  found: Compared,
  differing: Sequence[report_lib.Comparison],
) -> report_lib.Finding:
  first = differing[0]
  gradients = [each for each in differing if each.kind == "gradient"]
  counted = f"{len(gradients)} of {len(found.gradients)} gradients"
  if first.kind == "loss":
    message = f"The loss differs, and so do {counted}."
  else:
    message = (
      f"The loss agrees, but {counted} differ; the first in creation order is"
      f" that of {first.name}{_missing(first)}."
    )
  return report_lib.Finding(
    cause="unknown",
    message=message,
    hint=(
      "The forward pass agrees where the loss does: look for ops whose"
      " gradient is their own (a stop_gradient, a custom gradient, a kink)."
      if first.kind == "gradient"
      else "Compare what the loss is computed from on both sides."
    ),
    where=_where(evidence, first),
    max_abs=first.max_abs,
    max_rel=first.max_rel,
    max_ulp=first.max_ulp,
    details=tuple(each.name for each in gradients),
  )


def _missing(comparison: report_lib.Comparison) -> str:
  if comparison.status == "missing_other":
    return ", which has none in the port"
  if comparison.status == "missing_reference":
    return ", which has none on the tf1 side"
  return ""


def _where(
  evidence: check.Evidence, first: report_lib.Comparison
) -> report_lib.Where:
  if first.kind == "loss":
    return report_lib.Where(output=LOSS)
  places = []
  for recording in (evidence.tf1, evidence.tf2):
    source = next(
      (v.source for v in recording.variables if v.tf1_name == first.name), None
    )
    places.append(report_lib.Place(source=source))
  return report_lib.Where(variable=first.name, tf1=places[0], tf2=places[1])


CHECK = check.Check(
  name="gradients",
  skip=_skip,
  plan=_plan,
  judge=_judge,
  on_request=True,
)
