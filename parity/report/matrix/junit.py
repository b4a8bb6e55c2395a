"""How does any CI show a matrix? As JUnit XML: a test case a cell and check.

A suite a cell, a class a case, a test a check. What fails in a cell that does
not gate is `skipped` with its message, or every CI would take it for red.
"""

from __future__ import annotations

import re
from typing import Dict, List, Optional, Sequence
import xml.etree.ElementTree as ElementTree

from parity.records import matrix as matrix_lib
from parity.report.matrix import squares

# What XML 1.0 cannot hold, not even escaped.
_FORBIDDEN = re.compile(
  "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_MESSAGE = 200


def matrix_to_junit(matrix: matrix_lib.Matrix) -> str:
  """The matrix as XML text."""
  root = ElementTree.Element("testsuites", name="parity matrix")
  columns: Dict[str, List[matrix_lib.Entry]] = {}
  for entry in matrix.entries:
    columns.setdefault(entry.column, []).append(entry)
  for column, entries in columns.items():
    root.append(_suite(column, entries))
  return (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    + ElementTree.tostring(root, encoding="unicode")
    + "\n"
  )


def _suite(
  column: str, entries: Sequence[matrix_lib.Entry]
) -> ElementTree.Element:
  cases: List[ElementTree.Element] = []
  for entry in entries:
    names = squares.check_names([entry]) or ("case",)
    cases += [_case(column, entry, name) for name in names]
  kinds = [child.tag for case in cases for child in case]
  suite = ElementTree.Element(
    "testsuite",
    name=f"parity.{column}",
    tests=str(len(cases)),
    failures=str(kinds.count("failure")),
    errors=str(kinds.count("error")),
    skipped=str(kinds.count("skipped")),
    time=f"{sum(entry.report.seconds for entry in entries):.3f}",
  )
  version = squares.tensorflow(entries)
  if version:
    properties = ElementTree.SubElement(suite, "properties")
    ElementTree.SubElement(
      properties, "property", name="tensorflow", value=version
    )
  suite.extend(cases)
  return suite


def _case(
  column: str, entry: matrix_lib.Entry, name: str
) -> ElementTree.Element:
  check = squares.check_of(entry, name)
  case = ElementTree.Element(
    "testcase",
    classname=f"{_text(entry.report.case)}.{column}",
    name=name,
    time=f"{check.seconds if check else entry.report.seconds:.3f}",
  )
  status = check.status if check else entry.report.verdict
  why = squares.reason(entry, name)
  tag = {"fail": "failure", "error": "error", "skip": "skipped"}.get(status)
  if tag in ("failure", "error") and not entry.gates:
    tag, why = "skipped", f"warning, does not gate: {why or status}"
  if tag is not None:
    _add(case, tag, why or status)
  return case


def _add(case: ElementTree.Element, tag: str, why: Optional[str]) -> None:
  text = _text(why or "")
  first = text.partition("\n")[0][:_MESSAGE]
  child = ElementTree.SubElement(case, tag, message=first)
  if tag != "skipped":
    child.text = text


def _text(text: str) -> str:
  return _FORBIDDEN.sub("?", text)
