"""How good is parity on the benchmark?

`python -m testing.bugs.score [PATTERN...]` runs each case of `testing/bugs`,
all in the same two processes, and prints for each and in sum: whether the bug
was detected (verdict), the right check failed first, the cause is right, the
place is named, false alarms, and seconds. It ends with status 1 below the bar:
every verdict and check right, 95 % of the causes and places, no false alarm. A
case whose check parity does not have yet is listed as owed, and counts for
nothing.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import Iterable, Iterator, List, Sequence

from parity import runner
from parity.checks import registry
from parity.records import options as options_lib
from parity.records import report as report_lib
from parity.runs import fulfilment
from testing.bugs import expectations
from testing.bugs import grading

_SECONDS_A_REQUEST = 120.0


def is_owed(case: expectations.Expectation) -> bool:
  """Whether the check that must fail is not there yet."""
  there = {check.name for check in registry.CHECKS}
  return case.check is not None and case.check not in there


def reports(
  cases: Iterable[expectations.Expectation],
) -> Iterator[report_lib.Report]:
  """Runs cases, a report each, in two processes that all of them share."""
  options = options_lib.Options(timeout=_SECONDS_A_REQUEST)
  with fulfilment.open_sides(options) as sides:
    for case in cases:
      yield runner.check_one(sides, str(case.path), options=options)


def _mark(is_right: bool) -> str:
  return "yes" if is_right else "NO"


def line_of(grade: grading.Grade) -> str:
  """A case in one line."""
  cause = "exact" if grade.is_cause_exact else _mark(grade.is_cause_right)
  return (
    f"{'ok ' if grade.is_right else 'BAD'} {grade.expectation.name:<28}"
    f" verdict {_mark(grade.is_verdict_right):<3}"
    f" check {_mark(grade.is_check_right):<3}"
    f" cause {'yes' if cause == 'yes' else cause:<5}"
    f" place {_mark(grade.is_place_right):<3}"
    f" alarms {len(grade.false_alarms)}"
    f" {grade.seconds:5.1f} s"
  )


def lines_of_wrong(
  grade: grading.Grade, report: report_lib.Report
) -> List[str]:
  """What was expected and found, for a case with something wrong."""
  expected = grade.expectation
  wanted = f"{expected.cause} {list(expected.accept)} {list(expected.where)}"
  lines = [
    f"expected {expected.verdict} {expected.check} {wanted}",
    f"found    {grade.verdict} {grade.check} {list(grade.causes)}",
  ]
  if grade.false_alarms:
    lines.append(f"false alarms: {', '.join(grade.false_alarms)}")
  if grade.missing:
    lines.append(f"did not fail: {', '.join(grade.missing)}")
  lines += [f"error: {error}" for error in grade.errors]
  for check in report.checks:
    lines += [f"{check.name}: {f.cause}: {f.message}" for f in check.findings]
  return [f"      {line}" for line in lines]


def summary_of(score: grading.Score) -> List[str]:
  """The sum, in lines."""
  bugs = max(score.bugs, 1)
  return [
    f"{score.cases} cases, {score.bugs} of them bugs, {score.seconds:.1f} s",
    f"verdict {score.verdicts} of {score.cases}",
    f"check   {score.checks} of {score.cases}",
    f"cause   {score.causes} of {score.bugs} ({score.causes / bugs:.0%})",
    f"exactly {score.exact} of {score.bugs} ({score.exact / bugs:.0%})",
    f"place   {score.places} of {score.bugs} ({score.places / bugs:.0%})",
    f"false alarms {score.alarms}",
  ]


def run(
  cases: Sequence[expectations.Expectation], *, is_verbose: bool = False
) -> grading.Score:
  """Runs cases, prints a line each, and sums up."""
  grades = []
  for case, report in zip(cases, reports(cases)):
    grade = grading.grade(case, report)
    grades.append(grade)
    print(line_of(grade), flush=True)
    if is_verbose or not grade.is_right:
      print("\n".join(lines_of_wrong(grade, report)), flush=True)
  return grading.total(grades)


def main(arguments: Sequence[str]) -> int:
  """The program; returns its exit status."""
  parser = argparse.ArgumentParser(description=__doc__)
  parser.add_argument("patterns", nargs="*", help="names of cases, e.g. a_*")
  parser.add_argument("-v", "--verbose", action="store_true")
  chosen = parser.parse_args(arguments)
  # TensorFlow's own talk drowns the lines.
  os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
  try:
    cases = expectations.find(chosen.patterns)
  except ValueError as error:
    parser.error(str(error))
  owed = [case for case in cases if is_owed(case)]
  score = run(
    [case for case in cases if not is_owed(case)],
    is_verbose=chosen.verbose,
  )
  for case in owed:
    print(f"owed {case.name}: parity has no check {case.check} yet")
  print("\n".join(summary_of(score)))
  return 0 if score.is_enough else 1


if __name__ == "__main__":
  sys.exit(main(sys.argv[1:]))
