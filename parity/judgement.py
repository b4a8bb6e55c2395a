"""What do the Recordings of a check come to, and why?

1. `judge` asks the check; a Request that failed makes an `error` of it.
2. `judge_again` gives the port the reference's numbers where random streams
   kept a check from its judgement.
3. `explain` replaces `unknown` by the cause at the op where the sides part. A
   check that fails where an earlier one failed on the same computation carries
   its findings.
"""

from __future__ import annotations

import dataclasses
import time
from typing import Dict, List, Optional, Sequence, Tuple

from parity import carrying
from parity import errors
from parity import fulfilment
from parity.checks import check as check_lib
from parity.checks import same_inputs
from parity.explain import explainer
from parity.records import facts as facts_lib
from parity.records import report as report_lib
from parity.records import request as request_lib


def judge(
  check_: check_lib.Check,
  facts: facts_lib.CaseFacts,
  plan: check_lib.Plan,
  answers: Dict[request_lib.Request, fulfilment.Answer],
) -> report_lib.CheckResult:
  """A check's result from what the sides answered."""
  start = time.perf_counter()
  failed = [answers[r].error for r in plan.requests if answers[r].error]
  if failed:
    result = report_lib.CheckResult(
      name=check_.name, status="error", reason=str(failed[0])
    )
  else:
    recordings = {
      request: answers[request].recording for request in plan.requests
    }
    evidence = check_lib.Evidence(facts, plan, recordings)  # type: ignore[arg-type]
    result = _same_inputs(check_.name, evidence) or check_.judge(evidence)
  recorded = max(answers[request].seconds for request in plan.requests)
  for request in plan.requests:
    # Work that checks share counts for the first of them.
    answers[request] = dataclasses.replace(answers[request], seconds=0.0)
  return dataclasses.replace(
    result, seconds=recorded + time.perf_counter() - start
  )


def judge_again(
  sides: fulfilment.Sides,
  check_: check_lib.Check,
  facts: facts_lib.CaseFacts,
  plans: Dict[str, check_lib.Plan],
  result: report_lib.CheckResult,
  answers: Dict[request_lib.Request, fulfilment.Answer],
  folder: str,
) -> report_lib.CheckResult:
  """Judges with tf1's numbers what random streams kept from a result."""
  plan = plans[check_.name]
  if result.status != "error" or any(answers[r].error for r in plan.requests):
    return result
  start = time.perf_counter()
  recordings = {r: answers[r].recording for r in plan.requests}
  evidence = check_lib.Evidence(facts, plan, recordings)  # type: ignore[arg-type]
  try:
    found = carrying.judge_again(
      check_, evidence, ask=fulfilment.asker(sides, answers), folder=folder
    )
  except errors.ParityError as error:
    reason = f"{result.reason}; nor can the reference's be given: {error}"
    return dataclasses.replace(result, reason=reason)
  if found is None:
    return result
  plans[check_.name] = found.evidence.plan
  for request, recording in found.evidence.recordings.items():
    answers[request] = fulfilment.Answer(recording=recording)
  seconds = result.seconds + time.perf_counter() - start
  return dataclasses.replace(found.result, seconds=seconds)


def _same_inputs(
  name: str, evidence: check_lib.Evidence
) -> Optional[report_lib.CheckResult]:
  """An error where the sides did not get the same inputs."""
  if evidence.plan.tf1 is None:
    return None
  reason = same_inputs.difference(evidence.tf1, evidence.tf2)
  if reason is None:
    return None
  return report_lib.CheckResult(name=name, status="error", reason=reason)


def explain(
  sides: fulfilment.Sides,
  checks: Sequence[check_lib.Check],
  facts: facts_lib.CaseFacts,
  plans: Dict[str, check_lib.Plan],
  results: Sequence[report_lib.CheckResult],
  answers: Dict[request_lib.Request, fulfilment.Answer],
  folder: str,
) -> List[report_lib.CheckResult]:
  """Replaces `unknown` by the cause at the op where the sides part."""
  ask = fulfilment.asker(sides, answers)
  results = [
    _probe(check_, facts, plans[check_.name], result, answers, ask, folder)
    for check_, result in zip(checks, results)
  ]
  traced = {check_.name for check_ in checks if check_.explain is None}
  probes = explainer.Probes(ask=ask, replay=sides.tf2.replay)
  explained: Dict[str, report_lib.CheckResult] = {}
  for result in sorted(results, key=_explaining_order):
    earlier = _earlier(result, explained)
    if earlier:
      found = _inherit(result, earlier)
    elif result.name not in traced:
      found = result
    else:
      found = _explain(result, facts, plans[result.name], probes)
    explained[result.name] = found
  return [explained[result.name] for result in results]


def _probe(
  check_: check_lib.Check,
  facts: facts_lib.CaseFacts,
  plan: check_lib.Plan,
  result: report_lib.CheckResult,
  answers: Dict[request_lib.Request, fulfilment.Answer],
  ask: fulfilment.Ask,
  folder: str,
) -> report_lib.CheckResult:
  """The result of a check that explains its failures itself."""
  if check_.explain is None or not _has_unknown(result):
    return result
  start = time.perf_counter()
  recordings = {
    request: answers[request].recording for request in plan.requests
  }
  evidence = check_lib.Evidence(facts, plan, recordings)  # type: ignore[arg-type]
  try:
    found = check_.explain(evidence, result, check_lib.Probes(ask, folder))
  except errors.ParityError as error:
    note = f"The difference could not be explained: {error}"
    return dataclasses.replace(result, notes=(*result.notes, note))
  seconds = result.seconds + time.perf_counter() - start
  return dataclasses.replace(found, seconds=seconds)


# A check that fails where an earlier one failed on the same computation carries
# its findings: tracing it again would say the same.
_SAME_COMPUTATION = {
  "constant_weights": ("random_inference",),
  "random_functional": ("random_training",),
  "optimizer": ("gradients", "random_training"),
}


# What keeps a variable from getting its value on one side.
_UNLIKE_VARIABLES = frozenset(
  (
    "variable_extra",
    "variable_missing",
    "variable_recreated",
    "variable_shape",
  )
)


def _earlier(
  result: report_lib.CheckResult,
  explained: Dict[str, report_lib.CheckResult],
) -> Tuple[report_lib.Finding, ...]:
  """The findings of earlier checks of which this failure is a consequence."""
  if not _has_unknown(result):
    return ()
  if result.name == "constant_weights":
    # Setting every variable to one value reaches only those that both track.
    unlike = [
      finding
      for name in ("variables_created_once", "variables_match")
      for finding in getattr(explained.get(name), "findings", ())
      if finding.cause in _UNLIKE_VARIABLES
    ]
    if unlike:
      return tuple(unlike)
  for name in _SAME_COMPUTATION.get(result.name, ()):
    same = explained.get(name)
    if same is not None and same.status == "fail":
      return tuple(finding for finding in same.findings if not finding.is_note)
  return ()


def _explaining_order(result: report_lib.CheckResult) -> bool:
  return result.name in _SAME_COMPUTATION


def _has_unknown(result: report_lib.CheckResult) -> bool:
  return any(finding.cause == "unknown" for finding in result.findings)


def _inherit(
  result: report_lib.CheckResult, earlier: Sequence[report_lib.Finding]
) -> report_lib.CheckResult:
  known = [f for f in result.findings if f.cause != "unknown"]
  findings = tuple(known + list(earlier))
  return dataclasses.replace(
    result, findings=findings, status=check_lib.status_of(findings)
  )


def _explain(
  result: report_lib.CheckResult,
  facts: facts_lib.CaseFacts,
  plan: check_lib.Plan,
  probes: explainer.Probes,
) -> report_lib.CheckResult:
  unknown = [f for f in result.findings if f.cause == "unknown"]
  if not unknown or plan.tf1 is None:
    return result
  start = time.perf_counter()
  names = [
    explainer.name_in_trace(c) for c in result.comparisons if not c.is_match
  ]
  difference = explainer.Difference(
    plan.tf1, plan.tf2, tuple(names), facts.tolerances
  )
  try:
    found = explainer.explain(difference, probes)
  except errors.ParityError as error:
    note = f"The difference could not be explained: {error}"
    return dataclasses.replace(result, notes=(*result.notes, note))
  if not found:
    return result
  known = [f for f in result.findings if f.cause != "unknown"]
  findings = tuple(known + found)
  return dataclasses.replace(
    result,
    findings=findings,
    status=check_lib.status_of(findings),
    seconds=result.seconds + time.perf_counter() - start,
  )
