"""How does any CI show a report? As JUnit XML: a suite a case, a test a check.

A check that fails carries its findings as text, with the user's lines; what was
skipped says why. A case that could not be loaded is one test with an error.
"""

from __future__ import annotations

import re
from typing import List, Optional, Sequence
import xml.etree.ElementTree as ElementTree

from parity.records import report as report_lib

# What XML 1.0 cannot hold, not even escaped.
_FORBIDDEN = re.compile(
  "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_MESSAGE = 200
_TAGS = {"fail": "failure", "error": "error", "skip": "skipped"}


def reports_to_junit(reports: Sequence[report_lib.Report]) -> str:
  """Reports as XML text."""
  suites = [_suite(report) for report in reports]
  return to_text(suites, name="parity check")


def to_text(suites: Sequence[ElementTree.Element], *, name: str) -> str:
  """Suites as a document."""
  root = ElementTree.Element("testsuites", name=name)
  root.extend(suites)
  return (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    + ElementTree.tostring(root, encoding="unicode")
    + "\n"
  )


def suite(
  name: str,
  cases: Sequence[ElementTree.Element],
  *,
  seconds: float,
) -> ElementTree.Element:
  """A suite, with the counts of its tests."""
  kinds = [child.tag for case in cases for child in case]
  made = ElementTree.Element(
    "testsuite",
    name=text(name),
    tests=str(len(cases)),
    failures=str(kinds.count("failure")),
    errors=str(kinds.count("error")),
    skipped=str(kinds.count("skipped")),
    time=f"{seconds:.3f}",
  )
  made.extend(cases)
  return made


def test_case(
  classname: str,
  name: str,
  *,
  seconds: float,
  tag: Optional[str],
  why: str,
) -> ElementTree.Element:
  """A test.

  Args:
    classname: what CIs group by.
    name: of the test.
    seconds: how long it took.
    tag: `failure`, `error`, `skipped`, or None where it passed.
    why: the first line is its message; a skip shows no more than that.
  """
  case = ElementTree.Element(
    "testcase",
    classname=text(classname),
    name=text(name),
    time=f"{seconds:.3f}",
  )
  if tag is not None:
    why = text(why)
    child = ElementTree.SubElement(
      case, tag, message=why.partition("\n")[0][:_MESSAGE]
    )
    if tag != "skipped":
      child.text = why
  return case


def tag_of(status: str) -> Optional[str]:
  """The element that says what became of a test; None where it passed."""
  return _TAGS.get(status)


def text(value: str) -> str:
  """Text without what XML cannot hold."""
  return _FORBIDDEN.sub("?", value)


def _suite(report: report_lib.Report) -> ElementTree.Element:
  cases: List[ElementTree.Element] = [
    test_case(
      report.case,
      check.name,
      seconds=check.seconds,
      tag=tag_of(check.status),
      why=_why(check),
    )
    for check in report.checks
  ]
  if not cases or report.error:
    cases.append(
      test_case(
        report.case,
        "case",
        seconds=report.seconds,
        tag=tag_of(report.verdict),
        why=report.error or report.verdict,
      )
    )
  return suite(f"parity.{report.case}", cases, seconds=report.seconds)


def _why(check: report_lib.CheckResult) -> str:
  if check.reason and check.status in ("skip", "error"):
    return check.reason
  told: List[str] = []
  for found in check.findings:
    if found.is_note:
      continue
    told.append(f"{found.cause}: {found.message}")
    for side, place in (("tf1", found.where.tf1), ("tf2", found.where.tf2)):
      if place.source:
        told.append(f"  {side} {place.source}")
    if found.hint:
      told.append(f"  hint: {found.hint}")
  return "\n".join(told) or check.summary or check.status
