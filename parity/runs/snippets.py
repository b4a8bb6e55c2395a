"""Which lines stand around a finding's source? Read once, while they are there.

A page or a log is often read where the code is not, so the report carries the
lines with it. Only Python files are read: a golden from elsewhere may name any
file as its source, and must not get another's text into a report.
"""

from __future__ import annotations

import dataclasses
import io
import os
import re
import tokenize
from typing import Dict, List, Optional

from parity.records import report as report_lib

_BEFORE = 5
_AFTER = 5
_MOST_BYTES = 2 << 20
# No file of that size has more lines; `isdigit` is true of superscripts, too.
_LINE = re.compile(r"[0-9]{1,7}\Z")


def with_snippets(result: report_lib.CheckResult) -> report_lib.CheckResult:
  """The result, its findings with the lines around their places."""
  if not result.findings:
    return result
  files: Dict[str, List[str]] = {}
  return dataclasses.replace(
    result,
    findings=tuple(_completed(finding, files) for finding in result.findings),
  )


def _completed(
  finding: report_lib.Finding, files: Dict[str, List[str]]
) -> report_lib.Finding:
  places = [
    dataclasses.replace(place, snippet=around(place.source, files=files))
    for place in (finding.where.tf1, finding.where.tf2)
  ]
  where = dataclasses.replace(finding.where, tf1=places[0], tf2=places[1])
  return dataclasses.replace(finding, where=where)


def around(
  source: Optional[str], *, files: Optional[Dict[str, List[str]]] = None
) -> Optional[report_lib.Snippet]:
  """The lines around a source line.

  Args:
    source: `file:line`.
    files: lines by file that were read already; more are added.

  Returns:
    The snippet; None where the file cannot be read or has no such line.
  """
  path, _, number = (source or "").rpartition(":")
  if not path.endswith(".py") or not _LINE.match(number):
    return None
  files = {} if files is None else files
  if path not in files:
    files[path] = _lines_of(path)
  lines, line = files[path], int(number)
  if not 1 <= line <= len(lines):
    return None
  first = max(line - _BEFORE, 1)
  return report_lib.Snippet(first, tuple(lines[first - 1 : line + _AFTER]))


def _lines_of(path: str) -> List[str]:
  """A file's lines; none where it is no ordinary Python file."""
  try:
    if not os.path.isfile(path) or os.path.getsize(path) > _MOST_BYTES:
      return []
    with open(path, "rb") as file:
      content = file.read()
  except OSError:
    return []
  try:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
  except SyntaxError:
    encoding = "utf-8"
  return content.decode(encoding, "replace").splitlines()
