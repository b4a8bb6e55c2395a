"""Do the optimizers' updates agree? Every variable and slot, step by step.

Both sides train for the case's `train_steps`, random ops aligned in every step,
the tf1 side with `global_step` and its UPDATE_OPS. Compared are all variables
and, converted where the two rules keep them in other forms, all slots.

Where they differ, the cause is `unknown` until `optimizers.probe` has put the
same gradients into both rules.
"""

from __future__ import annotations

import dataclasses
from typing import List, Optional, Sequence, Tuple

from parity.checks import check
from parity.checks import forward
from parity.checks.optimizers import probe
from parity.checks.optimizers import settings
from parity.checks.optimizers import updates
from parity.records import facts as facts_lib
from parity.records import report as report_lib
from parity.records import request as request_lib


def _skip(facts: facts_lib.CaseFacts) -> Optional[str]:
  if not facts.has_optimizers:
    return "the case has not both `tf1_optimizer` and `tf2_optimizer`"
  if not facts.has_loss:
    return "the case has optimizers but no `loss` to train on"
  return None


def _plan(facts: facts_lib.CaseFacts, seed: int) -> check.Plan:
  return check.Plan(
    # Its gradients lead the port's optimizer where the updates differ.
    tf1=request_lib.Request(
      side="tf1",
      mode="graph",
      training=True,
      gradients=True,
      train_steps=facts.train_steps,
      seed=seed,
    ),
    tf2=request_lib.Request(
      side="tf2",
      mode="eager",
      training=True,
      # They lead another version's port, where this one's golden is held.
      gradients=True,
      train_steps=facts.train_steps,
      seed=seed,
    ),
  )


def _judge(evidence: check.Evidence) -> report_lib.CheckResult:
  tf1, tf2 = evidence.tf1, evidence.tf2
  found = updates.compare(tf1, tf2, policy=evidence.facts.tolerances)
  everything = found.all
  if not everything:
    return report_lib.CheckResult(
      name="optimizer",
      status="error",
      reason="nothing was compared: no variable has a partner",
    )
  differing = [each for each in everything if not each.is_match]
  escaped = forward.escaped_op(tf1, tf2)
  if differing and escaped:
    return report_lib.CheckResult(
      name="optimizer", status="error", comparisons=everything, reason=escaped
    )
  findings = _findings(evidence, found, differing)
  return report_lib.CheckResult(
    name="optimizer",
    status=check.status_of(findings),
    findings=findings,
    comparisons=everything,
    summary=found.summary,
    notes=found.notes if findings else (*found.notes, *_harmless(evidence)),
  )


def _harmless(evidence: check.Evidence) -> Tuple[str, ...]:
  """Settings that differ without effect beyond the tolerance."""
  assert evidence.tf1.optimizer is not None
  assert evidence.tf2.optimizer is not None
  pairs = settings.pair(evidence.tf1.optimizer, evidence.tf2.optimizer)
  unlike: List[str] = [
    settings.sentence(each)
    for each in settings.differing(pairs)
    if each.name in evidence.tf1.optimizer.settings
    and each.name in evidence.tf2.optimizer.settings
  ]
  if not unlike:
    return ()
  note = (
    f"Although {'; '.join(unlike)}, these updates agree within the tolerance;"
    " others need not."
  )
  return (note,)


def _findings(
  evidence: check.Evidence,
  found: updates.Compared,
  differing: Sequence[report_lib.Comparison],
) -> Tuple[report_lib.Finding, ...]:
  if not differing:
    return ()
  first = found.first
  assert first is not None
  return (
    report_lib.Finding(
      cause="unknown",
      message=(
        f"{first.variable} is the first variable that differs, after update"
        f" {first.step} ({found.counted(first.step)} do)."
      ),
      hint="Compare what the two optimizers do with the same gradient.",
      where=updates.where_of(evidence, first),
      max_abs=first.comparison.max_abs,
      max_rel=first.comparison.max_rel,
      max_ulp=first.comparison.max_ulp,
      details=updates.settings_table(evidence),
    ),
  )


def _explain(
  evidence: check.Evidence,
  result: report_lib.CheckResult,
  probes: check.Probes,
) -> report_lib.CheckResult:
  found = probe.explain(evidence, probes)
  findings = tuple(found.findings)
  return dataclasses.replace(
    result,
    findings=findings,
    status=check.status_of(findings),
    notes=(*result.notes, *found.notes),
  )


CHECK = check.Check(
  name="optimizer",
  skip=_skip,
  plan=_plan,
  judge=_judge,
  on_request=True,
  explain=_explain,
)
