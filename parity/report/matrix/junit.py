"""How does any CI show a matrix? As JUnit XML: a test case a cell and check.

A suite a cell, a class a case, a test a check. What fails in a cell that does
not gate is `skipped` with its message, or every CI would take it for red.
"""

from __future__ import annotations

from typing import Dict, List, Sequence
import xml.etree.ElementTree as ElementTree

from parity.records import matrix as matrix_lib
from parity.report import junit
from parity.report.matrix import squares


def matrix_to_junit(matrix: matrix_lib.Matrix) -> str:
  """The matrix as XML text."""
  columns: Dict[str, List[matrix_lib.Entry]] = {}
  for entry in matrix.entries:
    columns.setdefault(entry.column, []).append(entry)
  suites = [_suite(column, entries) for column, entries in columns.items()]
  return junit.to_text(suites, name="parity matrix")


def _suite(
  column: str, entries: Sequence[matrix_lib.Entry]
) -> ElementTree.Element:
  cases: List[ElementTree.Element] = []
  for entry in entries:
    names = squares.check_names([entry]) or ("case",)
    cases += [_case(column, entry, name) for name in names]
  seconds = sum(entry.report.seconds for entry in entries)
  suite = junit.suite(f"parity.{column}", cases, seconds=seconds)
  version = squares.tensorflow(entries)
  if version:
    properties = ElementTree.Element("properties")
    ElementTree.SubElement(
      properties, "property", name="tensorflow", value=version
    )
    suite.insert(0, properties)
  return suite


def _case(
  column: str, entry: matrix_lib.Entry, name: str
) -> ElementTree.Element:
  check = squares.check_of(entry, name)
  status = check.status if check else entry.report.verdict
  why = squares.reason(entry, name) or status
  tag = junit.tag_of(status)
  if tag in ("failure", "error") and not entry.gates:
    tag, why = "skipped", f"warning, does not gate: {why}"
  return junit.test_case(
    f"{entry.report.case}.{column}",
    name,
    seconds=check.seconds if check else entry.report.seconds,
    tag=tag,
    why=why,
  )
