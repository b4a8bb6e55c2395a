"""Is a report right about a case? Its verdict, check, cause and place."""

from __future__ import annotations

import dataclasses
from typing import Sequence, Tuple

from parity.records import report as report_lib
from testing.bugs import expectations

# How much of the cases must be right about the cause, and about the place.
ENOUGH = 0.95


@dataclasses.dataclass(frozen=True)
class Grade:
  """How a report did on one case.

  Attributes:
    expectation: what was expected.
    verdict: the report's.
    check: the first check that failed, `none` for none.
    causes: of that check's findings.
    is_verdict_right: the bug is detected, or the correct port passes.
    is_check_right: the first failing check is the expected one.
    is_cause_exact: a finding has the expected cause.
    is_cause_right: a finding has it, or one that the case accepts.
    is_place_right: a finding's place or message names the place.
    are_others_found: further root causes are found as well.
    false_alarms: checks that failed and must not, or `verdict` for a correct
      port that does not pass.
    missing: checks that should have failed as well.
    errors: checks that could not run, and why.
    seconds: wall time.
  """

  expectation: expectations.Expectation
  verdict: str
  check: str
  causes: Tuple[str, ...]
  is_verdict_right: bool
  is_check_right: bool
  is_cause_exact: bool
  is_cause_right: bool
  is_place_right: bool
  are_others_found: bool
  false_alarms: Tuple[str, ...]
  missing: Tuple[str, ...]
  errors: Tuple[str, ...]
  seconds: float

  @property
  def is_right(self) -> bool:
    """Whether nothing is to be said against the report."""
    return (
      self.is_verdict_right
      and self.is_check_right
      and self.is_cause_right
      and self.is_place_right
      and self.are_others_found
      and not self.false_alarms
      and not self.errors
    )


def grade(
  expectation: expectations.Expectation, report: report_lib.Report
) -> Grade:
  """Grades a report."""
  failed = [check for check in report.checks if check.status == "fail"]
  first = failed[0] if failed else None
  findings = first.findings if first is not None else ()
  causes = tuple(finding.cause for finding in findings)
  everywhere = {f.cause for check in failed for f in check.findings}
  names = {check.name for check in failed}
  allowed = {
    expectation.check,
    *expectation.also_fail,
    *expectation.may_fail,
  }
  alarms = tuple(check.name for check in failed if check.name not in allowed)
  if not expectation.is_bug and report.verdict != "pass" and not alarms:
    alarms = ("verdict",)
  accepted = {expectation.cause, *expectation.accept}
  errors = tuple(
    f"{check.name}: {check.reason}"
    for check in report.checks
    if check.status == "error"
  ) + ((report.error,) if report.error else ())
  return Grade(
    expectation=expectation,
    verdict=report.verdict,
    check=first.name if first is not None else "none",
    causes=causes,
    is_verdict_right=report.verdict == expectation.verdict,
    is_check_right=(first.name if first else None) == expectation.check,
    is_cause_exact=not expectation.is_bug or expectation.cause in causes,
    is_cause_right=not expectation.is_bug
    or any(cause in accepted for cause in causes),
    is_place_right=not expectation.is_bug
    or _names_place(findings, expectation.where),
    are_others_found=all(cause in everywhere for cause in expectation.others),
    false_alarms=alarms,
    missing=tuple(n for n in expectation.also_fail if n not in names),
    errors=errors,
    seconds=report.seconds,
  )


def _names_place(
  findings: Sequence[report_lib.Finding], places: Sequence[str]
) -> bool:
  """Whether a finding's `where` or message holds one of the words."""
  text = " ".join(f"{f.where} {f.message}" for f in findings).lower()
  return any(place.lower() in text for place in places)


@dataclasses.dataclass(frozen=True)
class Score:
  """How often reports were right, over cases.

  Attributes:
    cases: how many.
    bugs: how many of them have something to find.
    verdicts: reports with the right verdict.
    checks: reports with the right first failing check.
    exact: bugs whose cause is the expected one.
    causes: bugs whose cause is it or an accepted one.
    places: bugs whose place is named.
    alarms: reports with a check that must not fail.
    wrong: names of the cases with anything wrong.
    seconds: wall time of all.
  """

  cases: int
  bugs: int
  verdicts: int
  checks: int
  exact: int
  causes: int
  places: int
  alarms: int
  wrong: Tuple[str, ...]
  seconds: float

  @property
  def is_enough(self) -> bool:
    """Whether the bar is met."""
    return (
      self.cases > 0
      and self.verdicts == self.cases
      and self.checks == self.cases
      and self.causes >= ENOUGH * self.bugs
      and self.places >= ENOUGH * self.bugs
      and self.alarms == 0
    )


def total(grades: Sequence[Grade]) -> Score:
  """Sums up."""
  bugs = [g for g in grades if g.expectation.is_bug]
  return Score(
    cases=len(grades),
    bugs=len(bugs),
    verdicts=sum(g.is_verdict_right for g in grades),
    checks=sum(g.is_check_right for g in grades),
    exact=sum(g.is_cause_exact for g in bugs),
    causes=sum(g.is_cause_right for g in bugs),
    places=sum(g.is_place_right for g in bugs),
    alarms=sum(bool(g.false_alarms) for g in grades),
    wrong=tuple(g.expectation.name for g in grades if not g.is_right),
    seconds=sum(g.seconds for g in grades),
  )
