"""What does a case come to? Plan, record, judge, explain: one Report.

1. Each case is loaded by its sides, which tell the facts; the driver itself
   never imports a case file.
2. The checks that apply plan their Requests; equal Requests are one.
3. Both sides fulfil theirs at the same time, each in its own process; several
   cases share the processes, so TensorFlow is imported once a side.
4. Each check judges its Recordings. A Request that failed makes an `error` of
   the checks that need it and of no other.

`isolate=False` does the same in this process, one side after the other.
"""

from __future__ import annotations

import dataclasses
import tempfile
import time
from typing import Any, Dict, List, Optional, Sequence, Tuple

from parity import case as case_lib
from parity import errors
from parity.checks import check as check_lib
from parity.checks import registry
from parity.records import facts as facts_lib
from parity.records import options as options_lib
from parity.records import report as report_lib
from parity.records import request as request_lib
from parity.records import vocabulary
from parity.runs import consequences
from parity.runs import early
from parity.runs import fulfilment
from parity.runs import judgement
from parity.runs import snippets
from parity.sides import side as side_lib


@dataclasses.dataclass(frozen=True, eq=False)
class Skipped:
  """A check that does not apply, and why."""

  name: str
  reason: str


def check(
  target: Any,
  *,
  options: Optional[options_lib.Options] = None,
  watch: Optional[options_lib.Watcher] = None,
) -> report_lib.Report:
  """Checks one case: proves that its port is the same model, or says why not.

  Args:
    target: a `parity.Case` (checked in this process), or a case file as the
      command line names it.
    options: how to run.
    watch: is told of each step.

  Returns:
    The report; a mismatch is in it, and never an exception.

  Raises:
    ParityError: the case cannot be loaded, or an option does not exist.
  """
  options = _valid(options)
  case = target if isinstance(target, case_lib.Case) else None
  name = case.name or "case" if case is not None else target
  with fulfilment.open_sides(options, case) as sides:
    return check_one(sides, name, options=options, watch=watch)


def check_files(
  targets: Sequence[str],
  *,
  options: Optional[options_lib.Options] = None,
  watch: Optional[options_lib.Watcher] = None,
) -> Tuple[report_lib.Report, ...]:
  """Checks several case files, which share their processes.

  Args:
    targets: `path` or `path:NAME` each.
    options: how to run.
    watch: is told of each step.

  Returns:
    A report each, in order. With several targets a case that cannot be loaded
    is a report with the verdict `error`.

  Raises:
    ParityError: the only target cannot be loaded, or an option does not exist.
  """
  options = _valid(options)
  reports = []
  with fulfilment.open_sides(options) as sides:
    for target in targets:
      try:
        report = check_one(sides, target, options=options, watch=watch)
      except (errors.ParityError, MemoryError, OSError) as error:
        if len(targets) == 1:
          raise
        report = failed_report(target, error)
      reports.append(report)
  return tuple(reports)


def describe(
  targets: Sequence[str], *, options: Optional[options_lib.Options] = None
) -> Tuple[facts_lib.CaseFacts, ...]:
  """The facts of case files, without running them.

  Raises:
    ParityError: one cannot be loaded.
  """
  options = options or options_lib.Options()
  with fulfilment.open_sides(options) as sides:
    return tuple(sides.tf2.load(target).facts for target in targets)


def _valid(options: Optional[options_lib.Options]) -> options_lib.Options:
  """The options, or the default ones; raises where a step does not exist."""
  options = options or options_lib.Options()
  for step in options.steps:
    case_lib.check_step(step)
  return options


def failed_report(target: str, error: Exception) -> report_lib.Report:
  """The report of a case for which there is none but this error.

  Args:
    target: the case, as the command line names it.
    error: one of parity's own, or want of memory or room; any other is raised.
  """
  if not isinstance(error, errors.ParityError):
    shortage = errors.of_shortage(error)
    if shortage is None:
      raise error
    error = shortage
  parsed = case_lib.Target.from_text(target)
  return report_lib.Report(
    case=parsed.name,
    verdict="error",
    path=parsed.path,
    error=str(error),
    exit_status=error.exit_status,
  )


def applicable(
  facts: facts_lib.CaseFacts,
  steps: Sequence[str],
  *,
  checks: Sequence[check_lib.Check] = registry.CHECKS,
) -> Tuple[List[check_lib.Check], List[Skipped]]:
  """The checks to run, and those asked for or usual that do not apply."""
  chosen = tuple(steps) or facts.steps
  run, skipped = [], []
  for check_ in checks:
    if chosen and check_.name not in chosen:
      continue
    reason = check_.skip(facts)
    if reason is None:
      run.append(check_)
    elif chosen or not check_.on_request:
      skipped.append(Skipped(check_.name, reason))
  return run, skipped


def check_one(
  sides: fulfilment.Sides,
  target: str,
  *,
  options: options_lib.Options,
  watch: Optional[options_lib.Watcher] = None,
  checks: Sequence[check_lib.Check] = registry.CHECKS,
) -> report_lib.Report:
  """Checks one case with sides that are there already.

  Args:
    sides: who fulfils the Requests; either may be a golden.
    target: the case, as its sides name it.
    options: how to run.
    watch: is told of each step.
    checks: what there is to check.
  """
  start = time.perf_counter()
  loaded = fulfilment.load_both(sides, target)
  facts = loaded["tf2"].facts
  _require_same_case(loaded)
  checks, skipped = applicable(facts, options.steps, checks=checks)
  if not checks:
    reasons = "; ".join(f"{s.name}: {s.reason}" for s in skipped)
    raise errors.UsageError(f"No check applies to {facts.name}. {reasons}")
  seed = facts.seed if options.seed is None else options.seed
  plans = {check_.name: check_.plan(facts, seed) for check_ in checks}
  run = judgement.Run(sides, facts, plans, {}, watch)
  judged = early.EarlyJudgement(run, checks)
  fulfilment.fulfil_all(
    sides,
    [request for plan in plans.values() for request in plan.requests],
    case=facts.name,
    take=judged.take,
    watch=watch,
    checks=_served(plans),
  )
  results = [judged.result_of(check_) for check_ in checks]
  # Not made before: whoever kills parity while it records finds nothing left.
  with tempfile.TemporaryDirectory(prefix="parity-carried-") as folder:
    run = dataclasses.replace(run, folder=folder)
    results = [
      judgement.judge_again(run, check_, result=result)
      for check_, result in zip(checks, results)
    ]
    results = judgement.explain(run, checks, results=results)
  results += [
    report_lib.CheckResult(name=s.name, status="skip", reason=s.reason)
    for s in skipped
  ]
  results = [snippets.with_snippets(result) for result in results]
  order = list(vocabulary.CHECKS)
  results.sort(key=lambda result: order.index(result.name))
  results = consequences.settled(results)
  if options.strict:
    results = [_strict(result) for result in results]
  notes = _notes(loaded, run.answers)
  sides.tf1.release()
  sides.tf2.release()
  return report_lib.Report(
    case=facts.name,
    verdict=verdict_of(results),
    checks=tuple(results),
    tf1=loaded["tf1"].identity,
    tf2=loaded["tf2"].identity,
    path=facts.path,
    seconds=time.perf_counter() - start,
    notes=notes,
    exit_status=_exit_status(results, run.answers),
  )


def _served(
  plans: Dict[str, check_lib.Plan],
) -> Dict[request_lib.Request, List[str]]:
  """Names of the checks that each Request is for."""
  found: Dict[request_lib.Request, List[str]] = {}
  for name, plan in plans.items():
    for request in plan.requests:
      found.setdefault(request, []).append(name)
  return found


def _require_same_case(loaded: Dict[str, side_lib.Loaded]) -> None:
  """Both sides must be there, and of one case."""
  tf1, tf2 = loaded["tf1"].facts, loaded["tf2"].facts
  if tf1.name != tf2.name:
    raise errors.GoldenError(
      f"The golden is of another case: {tf1.name} is held against {tf2.name}."
      " Name the golden of this case; where it was only renamed, give the case"
      f" its former name (name={tf1.name!r})."
    )
  lacking = "tf1" if not tf1.has_tf1 else "tf2" if not tf2.has_tf2 else None
  if lacking is not None:
    raise errors.CaseError(
      f"{tf2.name} has no {lacking}, so there is nothing to check against;"
      " record it, and verify it against a golden instead."
    )


def verdict_of(results: Sequence[report_lib.CheckResult]) -> str:
  """`fail` where a check failed, else `error` where one could not run."""
  statuses = {result.status for result in results}
  for verdict in ("fail", "error"):
    if verdict in statuses:
      return verdict
  return "pass" if "pass" in statuses else "error"


def _exit_status(
  results: Sequence[report_lib.CheckResult],
  answers: Dict[request_lib.Request, fulfilment.Answer],
) -> int:
  verdict = verdict_of(results)
  if verdict != "error":
    return {"pass": 0, "fail": 1}[verdict]
  raised = [a.error.exit_status for a in answers.values() if a.error]
  return 2 if raised and all(status == 2 for status in raised) else 3


def _strict(result: report_lib.CheckResult) -> report_lib.CheckResult:
  if result.status != "pass" or not any(f.is_note for f in result.findings):
    return result
  findings = tuple(
    dataclasses.replace(finding, is_note=False) for finding in result.findings
  )
  return dataclasses.replace(result, status="fail", findings=findings)


def _notes(
  loaded: Dict[str, side_lib.Loaded],
  answers: Dict[request_lib.Request, fulfilment.Answer],
) -> Tuple[str, ...]:
  notes = [note for side in loaded.values() for note in side.notes]
  for answer in answers.values():
    if answer.recording is not None:
      notes.extend(answer.recording.notes)
  return tuple(dict.fromkeys(notes))
