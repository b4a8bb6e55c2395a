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

import concurrent.futures
import contextlib
import dataclasses
import tempfile
import time
from typing import (
  Any,
  Callable,
  Dict,
  Iterator,
  List,
  Optional,
  Sequence,
  Tuple,
)

from parity import carrying
from parity import case as case_lib
from parity import errors
from parity import sides as sides_lib
from parity.checks import check as check_lib
from parity.checks import registry
from parity.checks import same_inputs
from parity.explain import explainer
from parity.records import facts as facts_lib
from parity.records import options as options_lib
from parity.records import recording as recording_lib
from parity.records import report as report_lib
from parity.records import request as request_lib
from parity.records import vocabulary


@dataclasses.dataclass(frozen=True, eq=False)
class Sides:
  """Who fulfils the Requests of a run."""

  tf1: sides_lib.Side
  tf2: sides_lib.Side

  def of(self, name: str) -> sides_lib.Side:
    """The side of a name."""
    return self.tf1 if name == "tf1" else self.tf2


@dataclasses.dataclass(frozen=True, eq=False)
class Answer:
  """A Recording, or why there is none."""

  recording: Optional[recording_lib.Recording] = None
  error: Optional[errors.ParityError] = None
  seconds: float = 0.0


@dataclasses.dataclass(frozen=True, eq=False)
class Skipped:
  """A check that does not apply, and why."""

  name: str
  reason: str


@contextlib.contextmanager
def open_sides(
  options: options_lib.Options, case: Optional[case_lib.Case] = None
) -> Iterator[Sides]:
  """Makes both sides, and ends them whatever happens."""
  made = [make_side(name, options, case=case) for name in vocabulary.SIDES]
  try:
    yield Sides(*made)
  finally:
    for side in made:
      side.close()


def make_side(
  name: str,
  options: options_lib.Options,
  *,
  case: Optional[case_lib.Case] = None,
) -> sides_lib.Side:
  """A side that runs TensorFlow; whoever asked for it closes it."""
  if options.isolate and case is None:
    return sides_lib.WorkerSide(name, options=options)
  return sides_lib.LocalSide(name, options=options, case=case)


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
  options = options or options_lib.Options()
  case = target if isinstance(target, case_lib.Case) else None
  name = case.name or "case" if case is not None else target
  with open_sides(options, case) as sides:
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
  options = options or options_lib.Options()
  for step in options.steps:
    case_lib.check_step(step)
  reports = []
  with open_sides(options) as sides:
    for target in targets:
      try:
        report = check_one(sides, target, options=options, watch=watch)
      except errors.ParityError as error:
        if len(targets) == 1:
          raise
        report = _failed_report(target, error)
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
  with open_sides(options) as sides:
    return tuple(sides.tf2.load(target).facts for target in targets)


def _failed_report(target: str, error: errors.ParityError) -> report_lib.Report:
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
  sides: Sides,
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
  loaded = _load(sides, target)
  facts = loaded["tf2"].facts
  _require_same_case(loaded)
  checks, skipped = applicable(facts, options.steps, checks=checks)
  if not checks:
    reasons = "; ".join(f"{s.name}: {s.reason}" for s in skipped)
    raise errors.UsageError(f"No check applies to {facts.name}. {reasons}")
  seed = facts.seed if options.seed is None else options.seed
  plans = {check_.name: check_.plan(facts, seed) for check_ in checks}
  answers = fulfil_all(
    sides,
    [request for plan in plans.values() for request in plan.requests],
    case=facts.name,
    watch=watch,
  )
  results = [
    _judge(check_, facts, plans[check_.name], answers) for check_ in checks
  ]
  with tempfile.TemporaryDirectory(prefix="parity-carried-") as folder:
    results = [
      _carried(sides, check_, facts, plans, result, answers, folder)
      for check_, result in zip(checks, results)
    ]
    results = _explained(sides, facts, plans, results, answers)
  results += [
    report_lib.CheckResult(name=s.name, status="skip", reason=s.reason)
    for s in skipped
  ]
  order = list(vocabulary.CHECKS)
  results.sort(key=lambda result: order.index(result.name))
  if options.strict:
    results = [_strict(result) for result in results]
  notes = _notes(loaded, answers)
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
    exit_status=_exit_status(results, answers),
  )


def _require_same_case(loaded: Dict[str, sides_lib.Loaded]) -> None:
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
  answers: Dict[request_lib.Request, Answer],
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


def _load(sides: Sides, target: str) -> Dict[str, sides_lib.Loaded]:
  return _both(lambda name: sides.of(name).load(target), sides)


def _both(work: Callable[[str], Any], sides: Sides) -> Dict[str, Any]:
  """Does the work for both sides; at once where they are processes."""
  if sides.tf1.is_here or sides.tf2.is_here:
    return {name: work(name) for name in vocabulary.SIDES}
  with concurrent.futures.ThreadPoolExecutor(2) as pool:
    futures = {name: pool.submit(work, name) for name in vocabulary.SIDES}
    try:
      return {name: future.result() for name, future in futures.items()}
    except errors.ParityError:
      # The other side comes to its end, and both can take the next case.
      raise
    except BaseException:
      # Ends what still runs, or leaving the pool would wait for it.
      sides.tf1.close()
      sides.tf2.close()
      raise


def fulfil_all(
  sides: Sides,
  requests: Sequence[request_lib.Request],
  *,
  case: str,
  watch: Optional[options_lib.Watcher] = None,
) -> Dict[request_lib.Request, Answer]:
  """Has each side fulfil its Requests in order, equal ones once."""
  wanted = list(dict.fromkeys(requests))

  def work(name: str) -> Dict[request_lib.Request, Answer]:
    own = [request for request in wanted if request.side == name]
    found: Dict[request_lib.Request, Answer] = {}
    for place, request in enumerate(own):
      if watch is not None:
        watch(options_lib.Progress(case, name, stage(request), place, len(own)))
      found[request] = _answer(sides.of(name), request)
    if watch is not None:
      watch(options_lib.Progress(case, name, "done", len(own), len(own)))
    return found

  both = _both(work, sides)
  return {**both["tf1"], **both["tf2"]}


def _answer(side: sides_lib.Side, request: request_lib.Request) -> Answer:
  start = time.perf_counter()
  try:
    recording = side.fulfil(request)
  except errors.ParityError as error:
    return Answer(error=error, seconds=time.perf_counter() - start)
  return Answer(recording=recording, seconds=time.perf_counter() - start)


def stage(request: request_lib.Request) -> str:
  """A Request in a few words, for whoever watches."""
  weights = {
    "initial": "random weights",
    "constant": "constant weights",
    "carried": "carried weights",
  }.get(request.weights, f"{request.weights} weights")
  phase = "training" if request.training else "inference"
  return f"{request.mode}, {weights}, {phase}"


def _judge(
  check_: check_lib.Check,
  facts: facts_lib.CaseFacts,
  plan: check_lib.Plan,
  answers: Dict[request_lib.Request, Answer],
) -> report_lib.CheckResult:
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
    evidence = check_lib.Evidence(facts, plan, recordings)  # type: ignore
    result = _same_inputs(check_.name, evidence) or check_.judge(evidence)
  recorded = max(answers[request].seconds for request in plan.requests)
  for request in plan.requests:
    # Work that checks share counts for the first of them.
    answers[request] = dataclasses.replace(answers[request], seconds=0.0)
  return dataclasses.replace(
    result, seconds=recorded + time.perf_counter() - start
  )


def _carried(
  sides: Sides,
  check_: check_lib.Check,
  facts: facts_lib.CaseFacts,
  plans: Dict[str, check_lib.Plan],
  result: report_lib.CheckResult,
  answers: Dict[request_lib.Request, Answer],
  folder: str,
) -> report_lib.CheckResult:
  """Judges again, with tf1's numbers, what random streams kept from a result."""
  plan = plans[check_.name]
  if result.status != "error" or any(answers[r].error for r in plan.requests):
    return result
  start = time.perf_counter()
  recordings = {r: answers[r].recording for r in plan.requests}
  evidence = check_lib.Evidence(facts, plan, recordings)  # type: ignore
  try:
    found = carrying.judge_again(
      check_, evidence, ask=_asker(sides, answers), folder=folder
    )
  except errors.ParityError as error:
    reason = f"{result.reason}; nor can the reference's be given: {error}"
    return dataclasses.replace(result, reason=reason)
  if found is None:
    return result
  plans[check_.name] = found.evidence.plan
  for request, recording in found.evidence.recordings.items():
    answers[request] = Answer(recording=recording)
  seconds = result.seconds + time.perf_counter() - start
  return dataclasses.replace(found.result, seconds=seconds)


def _asker(
  sides: Sides, answers: Dict[request_lib.Request, Answer]
) -> carrying.Ask:
  """Records what is not there yet."""

  def ask(request: request_lib.Request) -> recording_lib.Recording:
    if request not in answers:
      answers[request] = _answer(sides.of(request.side), request)
    answer = answers[request]
    if answer.error is not None:
      raise answer.error
    assert answer.recording is not None
    return answer.recording

  return ask


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


def _explained(
  sides: Sides,
  facts: facts_lib.CaseFacts,
  plans: Dict[str, check_lib.Plan],
  results: Sequence[report_lib.CheckResult],
  answers: Dict[request_lib.Request, Answer],
) -> List[report_lib.CheckResult]:
  """Replaces `unknown` by the cause at the op where the sides part."""
  probes = explainer.Probes(
    ask=_asker(sides, answers), replay=sides.tf2.replay
  )
  explained: Dict[str, report_lib.CheckResult] = {}
  for result in sorted(results, key=_explaining_order):
    earlier = explained.get(_SAME_COMPUTATION.get(result.name, ""))
    if earlier is not None and _has_unknown(result) and earlier.findings:
      found = _inherit(result, earlier)
    else:
      found = _explain(result, facts, plans[result.name], probes)
    explained[result.name] = found
  return [explained[result.name] for result in results]


# A check that fails where an earlier one failed on the same computation carries
# its findings: tracing it again would say the same.
_SAME_COMPUTATION = {
  "constant_weights": "random_inference",
  "random_functional": "random_training",
}


def _explaining_order(result: report_lib.CheckResult) -> bool:
  return result.name in _SAME_COMPUTATION


def _has_unknown(result: report_lib.CheckResult) -> bool:
  return any(finding.cause == "unknown" for finding in result.findings)


def _inherit(
  result: report_lib.CheckResult, earlier: report_lib.CheckResult
) -> report_lib.CheckResult:
  known = [f for f in result.findings if f.cause != "unknown"]
  findings = tuple(known + list(earlier.findings))
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


def _notes(
  loaded: Dict[str, sides_lib.Loaded],
  answers: Dict[request_lib.Request, Answer],
) -> Tuple[str, ...]:
  notes = [note for side in loaded.values() for note in side.notes]
  for answer in answers.values():
    if answer.recording is not None:
      notes.extend(answer.recording.notes)
  return tuple(dict.fromkeys(notes))
