"""What do the Recordings of a check come to, and why?

1. `judge` asks the check; a Request that failed makes an `error` of it.
2. `judge_again` gives the port the reference's numbers where random streams
   kept a check from its judgement, or a loop of the tf1 graph drew in rounds.
3. `explain` replaces `unknown` by the cause at the op where the sides part. A
   check that fails where an earlier one failed on the same computation carries
   its findings.
"""

from __future__ import annotations

import dataclasses
import time
from typing import Dict, List, Optional, Sequence

from parity import errors
from parity.checks import check as check_lib
from parity.checks import same_inputs
from parity.explain import branches
from parity.explain import explainer
from parity.explain import known_issues
from parity.explain import probes as probes_lib
from parity.records import facts as facts_lib
from parity.records import options as options_lib
from parity.records import report as report_lib
from parity.records import request as request_lib
from parity.runs import carrying
from parity.runs import consequences
from parity.runs import fulfilment


@dataclasses.dataclass(frozen=True, eq=False)
class Run:
  """A case being checked: what was planned, and what the sides answered.

  Attributes:
    sides: who fulfils further Requests.
    facts: the case.
    plans: by name of the check; judging again changes one.
    answers: by Request; further ones are added.
    watch: is told of each step.
    folder: a place for weights and draws that are carried over, once all that
      was planned is recorded.
  """

  sides: fulfilment.Sides
  facts: facts_lib.CaseFacts
  plans: Dict[str, check_lib.Plan]
  answers: Dict[request_lib.Request, fulfilment.Answer]
  watch: Optional[options_lib.Watcher] = None
  folder: str = ""

  @property
  def ask(self) -> fulfilment.Ask:
    """Records what is not there yet."""
    return fulfilment.asker(self.sides, self.answers)

  def errors_of(self, name: str) -> List[errors.ParityError]:
    """What went wrong with the Requests of a check."""
    found = [self.answers[r].error for r in self.plans[name].requests]
    return [error for error in found if error is not None]

  def evidence_of(self, name: str) -> check_lib.Evidence:
    """What a check judges; each of its Requests has a Recording."""
    plan = self.plans[name]
    recordings = {}
    for request in plan.requests:
      recording = self.answers[request].recording
      assert recording is not None
      recordings[request] = recording
    return check_lib.Evidence(self.facts, plan, recordings)

  def tell(self, stage: str, done: int, total: int) -> None:
    """Tells whoever watches what the driver does."""
    if self.watch is not None:
      self.watch(
        options_lib.Progress(self.facts.name, "driver", stage, done, total)
      )


def judge(run: Run, check_: check_lib.Check) -> report_lib.CheckResult:
  """A check's result from what the sides answered."""
  start = time.perf_counter()
  failed = run.errors_of(check_.name)
  if failed:
    result = report_lib.CheckResult(
      name=check_.name, status="error", reason=str(failed[0])
    )
  else:
    evidence = run.evidence_of(check_.name)
    result = same_inputs.judge(check_.name, evidence) or check_.judge(evidence)
  requests = run.plans[check_.name].requests
  recorded = max(run.answers[request].seconds for request in requests)
  for request in requests:
    # Work that checks share counts for the first of them.
    run.answers[request] = dataclasses.replace(
      run.answers[request], seconds=0.0
    )
  return dataclasses.replace(
    result, seconds=recorded + time.perf_counter() - start
  )


def judge_again(
  run: Run, check_: check_lib.Check, *, result: report_lib.CheckResult
) -> report_lib.CheckResult:
  """Judges with tf1's numbers what random streams kept from a result."""
  if run.errors_of(check_.name):
    return result
  if _is_hidden_by_initializers(result):
    return _judge_behind(run, check_, result)
  if _is_drawn_in_rounds(run, check_, result):
    return _judge_rounds(run, check_, result)
  if result.status != "error":
    return result
  start = time.perf_counter()
  try:
    found = carrying.judge_again(
      check_, run.evidence_of(check_.name), ask=run.ask, folder=run.folder
    )
  except errors.ParityError as error:
    reason = f"{result.reason}; nor can the reference's be given: {error}"
    return dataclasses.replace(result, reason=reason)
  if found is None:
    return result
  _take(run, check_, found)
  seconds = result.seconds + time.perf_counter() - start
  return dataclasses.replace(found.result, seconds=seconds)


def _take(run: Run, check_: check_lib.Check, found: carrying.Carried) -> None:
  """Makes what was judged instead the check's own plan and answers."""
  run.plans[check_.name] = found.evidence.plan
  for request, recording in found.evidence.recordings.items():
    run.answers[request] = fulfilment.Answer(recording=recording)


def _is_hidden_by_initializers(result: report_lib.CheckResult) -> bool:
  """Whether other weights are all that is known of a difference."""
  causes = {finding.cause for finding in result.findings}
  return causes == {"initializer"} and any(
    c.kind == "output" and not c.is_match for c in result.comparisons
  )


# What a check says where only the numbers that were drawn differ.
_OF_OTHER_DRAWS = frozenset(("random_op", "random_order", "unknown"))


def _is_drawn_in_rounds(
  run: Run, check_: check_lib.Check, result: report_lib.CheckResult
) -> bool:
  """Whether draws in a loop of the tf1 graph may be all that differs."""
  if result.status != "fail" or run.plans[check_.name].tf1 is None:
    return False
  causes = {finding.cause for finding in result.findings}
  evidence = run.evidence_of(check_.name)
  return causes <= _OF_OTHER_DRAWS and carrying.draws_in_loops(evidence.tf1)


def _judge_rounds(
  run: Run, check_: check_lib.Check, result: report_lib.CheckResult
) -> report_lib.CheckResult:
  """The result with the port given the rounds' draws; else an error."""
  start = time.perf_counter()
  try:
    found = carrying.judge_rounds(
      check_, run.evidence_of(check_.name), ask=run.ask, folder=run.folder
    )
  except errors.ParityError as error:
    reason = (
      "a loop of the tf1 graph draws in rounds, which race for the numbers, and"
      f" the port cannot be given what each drew: {error}"
    )
    return dataclasses.replace(
      result, status="error", findings=(), reason=reason
    )
  if found is None:
    return result
  _take(run, check_, found)
  seconds = result.seconds + time.perf_counter() - start
  return dataclasses.replace(found.result, seconds=seconds)


def _judge_behind(
  run: Run, check_: check_lib.Check, result: report_lib.CheckResult
) -> report_lib.CheckResult:
  """Adds what still differs once both sides have tf1's initial weights."""
  start = time.perf_counter()
  try:
    found = carrying.judge_behind(
      check_, run.evidence_of(check_.name), ask=run.ask, folder=run.folder
    )
  except errors.ParityError as error:
    note = f"What else differs is not known: {error}"
    return dataclasses.replace(result, notes=(*result.notes, note))
  if found is None or not found.result.findings:
    return result
  _take(run, check_, found)
  initial = tuple(c for c in result.comparisons if c.kind == "initial")
  others = tuple(c for c in found.result.comparisons if c.kind != "initial")
  return dataclasses.replace(
    result,
    findings=(*result.findings, *found.result.findings),
    comparisons=(*initial, *others),
    seconds=result.seconds + time.perf_counter() - start,
  )


def explain(
  run: Run,
  checks: Sequence[check_lib.Check],
  *,
  results: Sequence[report_lib.CheckResult],
) -> List[report_lib.CheckResult]:
  """Replaces `unknown` by the cause at the op where the sides part.

  A check that explains its failures itself is asked first; then come those of
  which others are a consequence.
  """
  own = {check_.name: check_ for check_ in checks if check_.explain}
  unclear = [result.name for result in results if _is_unclear(result)]
  explained: Dict[str, report_lib.CheckResult] = {}
  for result in sorted(results, key=consequences.comes_late):
    if result.name in unclear:
      place = sum(1 for name in explained if name in unclear)
      run.tell(f"explaining {result.name}", place, len(unclear))
      explained[result.name] = _explain(
        run, result, explained=explained, own=own.get(result.name)
      )
    else:
      explained[result.name] = result
  return [_with_issues(explained[result.name]) for result in results]


def _with_issues(result: report_lib.CheckResult) -> report_lib.CheckResult:
  """The result, with what is publicly known of its findings' kinds."""
  findings = tuple(known_issues.with_issues(f) for f in result.findings)
  return dataclasses.replace(result, findings=findings)


def _explain(
  run: Run,
  result: report_lib.CheckResult,
  *,
  explained: Dict[str, report_lib.CheckResult],
  own: Optional[check_lib.Check],
) -> report_lib.CheckResult:
  """One result with `unknown` replaced, where that can be done."""
  start = time.perf_counter()
  try:
    if own is not None and own.explain is not None:
      probes = check_lib.Probes(
        run.ask, lambda arrays: carrying.write(run.folder, arrays)
      )
      result = own.explain(run.evidence_of(own.name), result, probes)
    result = _with_flags(run, result, explained)
    earlier = (
      consequences.earlier(result, explained) if _has_unknown(result) else ()
    )
    if earlier:
      result = _with_known(result, earlier)
    elif own is None and _has_unknown(result):
      traced = _traced(run, result)
      result = _with_known(result, traced.findings)
      result = dataclasses.replace(result, depth=traced.depth)
  except errors.ParityError as error:
    note = f"The difference could not be explained: {error}"
    result = dataclasses.replace(result, notes=(*result.notes, note))
  seconds = result.seconds + time.perf_counter() - start
  return dataclasses.replace(result, seconds=seconds)


def _traced(run: Run, result: report_lib.CheckResult) -> explainer.Explanation:
  """What the traces of both sides say; nothing without a tf1 side."""
  plan = run.plans[result.name]
  if plan.tf1 is None:
    return explainer.Explanation()
  # Regularisation losses are in no trace.
  names = [
    explainer.name_in_trace(c)
    for c in result.comparisons
    if not c.is_match and (c.kind != "loss" or plan.tf1.gradients)
  ]
  if not names:
    return explainer.Explanation()
  difference = explainer.Difference(
    plan.tf1, plan.tf2, tuple(names), run.facts.tolerances
  )
  sides = run.sides
  probes = probes_lib.Probes(run.ask, sides.replay, sides.begin, sides.prepare)
  return explainer.explain(difference, probes)


def _with_known(
  result: report_lib.CheckResult, found: Sequence[report_lib.Finding]
) -> report_lib.CheckResult:
  """The result with findings in the place of `unknown`, if there are any.

  Penalties that differ are told once the outputs agree, but for rounding.
  """
  if not found:
    return result
  is_noise = all(finding.is_note for finding in found)
  replaced = ("unknown",) if is_noise else ("unknown", "regularization")
  known = [f for f in result.findings if f.cause not in replaced]
  findings = (*known, *found)
  return dataclasses.replace(
    result, findings=findings, status=check_lib.status_of(findings)
  )


def _has_unknown(result: report_lib.CheckResult) -> bool:
  return any(finding.cause == "unknown" for finding in result.findings)


def _is_unclear(result: report_lib.CheckResult) -> bool:
  return any(f.cause in ("unknown", "random_op") for f in result.findings)


def _with_flags(
  run: Run,
  result: report_lib.CheckResult,
  explained: Dict[str, report_lib.CheckResult],
) -> report_lib.CheckResult:
  """The result with flags in the place of random ops that are not missing."""
  plan = run.plans[result.name]
  random = [f for f in result.findings if f.cause == "random_op"]
  if not random or plan.tf1 is None:
    return result
  if plan.tf2.mode == "functional":
    training = explained.get("random_training")
    flags = [
      f
      for f in (training.findings if training is not None else ())
      if f.cause == "training_flag"
    ]
  else:
    flags = [
      flag
      for flag in (
        branches.refine_random(f, plan.tf1, plan.tf2, run.ask) for f in random
      )
      if flag.cause == "training_flag"
    ]
  if not flags:
    return result
  rest = tuple(f for f in result.findings if f.cause != "random_op")
  return dataclasses.replace(result, findings=(*flags, *rest))
