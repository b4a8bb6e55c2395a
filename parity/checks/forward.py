"""Did one forward pass come out the same on both sides, and if not, why?

Compared are all outputs, the regularisation losses, the initial weights where
they were drawn, and in training the variables after the updates. Then the
first thing that explains the rest is named, in the order in which things
happen:

1. random ops that one side lacks, or runs in another order (certain: both
   sides list theirs);
2. the same random ops but other initial weights: the initialiser;
3. outputs that differ: the first in execution order, cause `unknown` until a
   trace explains it;
4. equal outputs but other losses: regularisation;
5. equal outputs but other variables afterwards: an update that does not run,
   or runs with another rate, or runs at inference as well.
"""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np

from parity.checks import check
from parity.checks import crossed
from parity.checks import random_ops
from parity.checks import regularization
from parity.checks import updates
from parity.compare import losses as losses_lib
from parity.compare import pairs
from parity.records import recording as recording_lib
from parity.records import report as report_lib
from parity.records import tolerance as tolerance_lib
from parity.records import wording

_UNLIKE = {"shape": "variable_shape", "dtype": "variable_dtype"}


def outputs_of(recording: recording_lib.Recording) -> Dict[str, np.ndarray]:
  """Value by output path."""
  return {output.path: output.value for output in recording.outputs}


def trivial_outputs(
  evidence: check.Evidence, result: report_lib.CheckResult
) -> Tuple[str, ...]:
  """Outputs that pass only because they are smaller than the tolerance."""
  return pairs.trivial_names(
    [c for c in result.comparisons if c.kind == "output"],
    outputs_of(evidence.tf1),
    policy=evidence.facts.tolerances,
  )


def judge(name: str, evidence: check.Evidence) -> report_lib.CheckResult:
  """Compares one forward pass of both sides, and names the first cause."""
  tf1, tf2 = evidence.tf1, evidence.tf2
  policy = evidence.facts.tolerances
  orders = {output.path: output.order for output in tf1.outputs}
  outputs = pairs.compare_named(
    outputs_of(tf1),
    outputs_of(tf2),
    kind="output",
    policy=policy,
    orders=orders,
  )
  losses = losses_lib.compare_losses(tf1.losses, tf2.losses, policy=policy)
  initial = _compare_variables("initial", tf1, tf2, policy)
  final = _compare_variables("final", tf1, tf2, policy)
  everything = (*outputs, losses.total, *initial, *final)
  if all(c.elements == 0 for c in outputs) and all(c.is_match for c in outputs):
    return report_lib.CheckResult(
      name=name,
      status="error",
      comparisons=everything,
      reason="nothing was compared: the outputs hold no element",
    )
  escaped = escaped_op(tf1, tf2)
  beyond = any(not c.is_match for c in everything)
  if beyond and escaped:
    return report_lib.CheckResult(
      name=name, status="error", comparisons=everything, reason=escaped
    )
  findings = _findings(evidence, outputs, losses, initial, final)
  return report_lib.CheckResult(
    name=name,
    status=check.status_of(findings),
    findings=findings,
    comparisons=everything,
    summary=_summary(outputs, initial, final),
  )


def _summary(
  outputs: Sequence[report_lib.Comparison],
  initial: Sequence[report_lib.Comparison],
  final: Sequence[report_lib.Comparison],
) -> str:
  parts = [
    f"{wording.count(len(found), noun)}{after}"
    for found, noun, after in (
      (outputs, "output", ""),
      (initial, "initial weight", ""),
      (final, "variable", " after updates"),
    )
    if found
  ]
  return ", ".join(parts)


def _compare_variables(
  moment: str,
  tf1: recording_lib.Recording,
  tf2: recording_lib.Recording,
  policy: tolerance_lib.TolerancePolicy,
) -> Tuple[report_lib.Comparison, ...]:
  """Variables that both sides have; the others belong to variables_match."""
  left = check.values_of(tf1.variables, moment)
  right = check.values_of(tf2.variables, moment)
  shared = [name for name in left if name in right]
  if moment == "final" and not tf1.request.training:
    # Inference is to change nothing.
    moved = updates.moved_names(tf1) | updates.moved_names(tf2)
    shared = [name for name in shared if name in moved]
  return pairs.compare_named(
    {name: left[name] for name in shared},
    {name: right[name] for name in shared},
    kind=moment,
    policy=policy,
    orders={name: place for place, name in enumerate(shared)},
  )


def escaped_op(
  tf1: recording_lib.Recording, tf2: recording_lib.Recording
) -> Optional[str]:
  """Names the first random op that could not be aligned, if there is one."""
  for side, recording in (("tf1", tf1), ("tf2", tf2)):
    for op in recording.random_ops:
      if op.op_seed is None:
        of = f" of variable {op.variable}" if op.variable else ""
        return (
          f"random op {op.op_type} ({op.name}){of} on the {side} side, at"
          f" {op.source}, cannot be aligned with the other side, so no"
          " difference here means anything; draw from tf.random.* ops or"
          " Keras 2 layers, or give the op a fixed seed"
        )
  return None


def _findings(
  evidence: check.Evidence,
  outputs: Sequence[report_lib.Comparison],
  losses: losses_lib.LossComparison,
  initial: Sequence[report_lib.Comparison],
  final: Sequence[report_lib.Comparison],
) -> Tuple[report_lib.Finding, ...]:
  output = pairs.first_mismatch(outputs)
  weight = pairs.first_mismatch(initial)
  if output is not None and output.status.startswith("missing"):
    return (_nest(evidence, output, outputs),)
  if output is not None or weight is not None:
    random = crossed.explain(evidence, initial) if output is None else None
    random = random or random_ops.explain_difference(evidence.tf1, evidence.tf2)
    if random is not None:
      return (random,)
  if weight is not None and weight.status in _UNLIKE:
    return (_unlike(evidence, weight),)
  if weight is not None:
    return (_initializer(evidence, weight, initial),)
  if output is not None:
    training = evidence.tf1.request.training
    moved = updates.explain_branch(evidence, final) if training else None
    if moved is not None or losses.total.is_match:
      return (moved or _unknown(evidence, output, outputs),)
    # It stays where the outputs' difference turns out to be rounding.
    return (
      _unknown(evidence, output, outputs),
      regularization.explain(evidence, losses),
    )
  found: List[report_lib.Finding] = []
  if not losses.total.is_match:
    found.append(regularization.explain(evidence, losses))
  found.extend(updates.explain_updates(evidence, final))
  return tuple(found)


def _count(comparisons: Sequence[report_lib.Comparison]) -> str:
  bad = sum(1 for c in comparisons if not c.is_match)
  return f"{bad} of {len(comparisons)}"


def _variable(
  variables: Sequence[recording_lib.VariableRecord], name: str
) -> recording_lib.VariableRecord:
  return next(v for v in variables if v.tf1_name == name)


def _nest(
  evidence: check.Evidence,
  first: report_lib.Comparison,
  outputs: Sequence[report_lib.Comparison],
) -> report_lib.Finding:
  """The port returned another nest."""
  lacking = [c.name for c in outputs if c.status == "missing_other"]
  surplus = [c.name for c in outputs if c.status == "missing_reference"]
  parts = []
  if lacking:
    parts.append(f"lacks {', '.join(map(repr, lacking[:4]))}")
  if surplus:
    parts.append(f"has {', '.join(map(repr, surplus[:4]))} besides")
  names = ", ".join(repr(o.path) for o in evidence.tf1.outputs[:6])
  return report_lib.Finding(
    cause="op_structure",
    message=(
      f"The port returned another nest than tf1: it {' and '.join(parts)}."
    ),
    hint=f"Return the same paths on both sides; tf1 returns {names}.",
    where=report_lib.Where(output=first.name),
    details=tuple(f"missing in the port: {name}" for name in lacking)
    + tuple(f"only in the port: {name}" for name in surplus),
  )


def _unlike(
  evidence: check.Evidence, first: report_lib.Comparison
) -> report_lib.Finding:
  """One variable of two kinds: what it starts from means nothing."""
  left = _variable(evidence.tf1.variables, first.name)
  right = _variable(evidence.tf2.variables, first.name)
  return report_lib.Finding(
    cause=_UNLIKE[first.status],
    message=(
      f"{first.name} is {left.dtype}{list(left.shape)} on tf1 and"
      f" {right.dtype}{list(right.shape)} in the port, so what comes of it"
      " differs."
    ),
    hint="Mend what variables_match says first.",
    where=report_lib.Where(
      variable=first.name,
      tf1=report_lib.Place(source=left.source),
      tf2=report_lib.Place(source=right.source),
    ),
  )


def _initializer(
  evidence: check.Evidence,
  first: report_lib.Comparison,
  initial: Sequence[report_lib.Comparison],
) -> report_lib.Finding:
  left = _variable(evidence.tf1.variables, first.name)
  right = _variable(evidence.tf2.variables, first.name)
  ratio = updates.constant_ratio(left.initial, right.initial)
  draws = _draws_of(evidence, first.name)
  scaled = (
    f" The port's values are {ratio:.6g} times tf1's: another scale."
    if ratio is not None
    else ""
  )
  return report_lib.Finding(
    cause="initializer",
    message=(
      f"{first.name} starts from other values although the random streams are"
      f" aligned ({_count(initial)} variables differ).{draws}{scaled}"
    ),
    hint=(
      "Use the initializer that the tf1 side resolves to, with the same scale,"
      " mode and distribution."
    ),
    where=report_lib.Where(
      variable=first.name,
      tf1=report_lib.Place(source=left.source),
      tf2=report_lib.Place(source=right.source),
    ),
    max_abs=first.max_abs,
    max_rel=first.max_rel,
    max_ulp=first.max_ulp,
  )


def _draws_of(evidence: check.Evidence, name: str) -> str:
  """A sentence on what each side draws for a variable, where that differs."""
  drawn = []
  for recording in (evidence.tf1, evidence.tf2):
    own = {v.name for v in recording.variables if v.tf1_name == name}
    ops = [o.op_type for o in recording.random_ops if o.variable in own]
    drawn.append(" and ".join(ops) or "nothing")
  if drawn[0] == drawn[1]:
    return ""
  return f" tf1 draws {drawn[0]} for it, the port {drawn[1]}."


def _unknown(
  evidence: check.Evidence,
  first: report_lib.Comparison,
  outputs: Sequence[report_lib.Comparison],
) -> report_lib.Finding:
  record = next(o for o in evidence.tf1.outputs if o.path == first.name)
  return report_lib.Finding(
    cause="unknown",
    message=(
      f"Output {first.name} is the first in execution order that differs"
      f" ({_count(outputs)} outputs do)."
    ),
    hint=(
      "Return the tensors before it as further outputs on both sides to see"
      " where they part."
    ),
    where=report_lib.Where(
      output=first.name,
      tf1=report_lib.Place(
        op=record.op,
        op_type=record.op_type,
        scope=(record.op or "").rpartition("/")[0] or None,
        source=record.source,
      ),
    ),
    max_abs=first.max_abs,
    max_rel=first.max_rel,
    max_ulp=first.max_ulp,
  )
