"""Do all tests pass in a cell? Runs each test file in its own process.

1. Find every `*_test.py`. A file that only some cells can run says so with a
   literal `CELLS_SINCE = "tf2.8"` or `CELLS_UNTIL = "tf2.15"`; it is read, not
   imported, and elsewhere the file counts as skipped.
2. Run two at a time, each with a time limit, and print one line a file.
3. Count test methods from the XML that absltest writes. A file that dies, runs
   out of time or holds no test counts as one failure: nothing passes silently.

A method that skips gives its reason, which is printed and counted.
"""

from __future__ import annotations

import ast
from concurrent import futures
import dataclasses
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
from typing import Dict, Iterable, List, Optional, Tuple
import xml.etree.ElementTree as ElementTree

from parity import cells

ROOT = pathlib.Path(os.path.abspath(__file__)).parent.parent

_FOLDERS = ("parity", "testing", "benchmarks", "examples", "docs")
_JOBS = 2
_LIMIT_SECONDS = 600.0
_TAIL_LINES = 60
_SKIP_REASON = re.compile(r"^skip: (.+)$", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Totals:
  """How many test methods passed, failed and were skipped."""

  passed: int = 0
  failed: int = 0
  skipped: int = 0

  @property
  def is_success(self) -> bool:
    """Whether something ran and nothing failed."""
    return self.failed == 0 and self.passed > 0

  def __add__(self, other: Totals) -> Totals:
    return Totals(
      self.passed + other.passed,
      self.failed + other.failed,
      self.skipped + other.skipped,
    )

  def __str__(self) -> str:
    return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


@dataclasses.dataclass(frozen=True)
class FileResult:
  """What one test file came to.

  Attributes:
    path: the file, from the root.
    totals: its methods.
    seconds: wall time.
    remark: why it was skipped, or failed as a whole.
    output: the end of what it printed, for a failure.
  """

  path: str
  totals: Totals
  seconds: float = 0.0
  remark: str = ""
  output: str = ""

  def __str__(self) -> str:
    word = "pass"
    if self.totals.failed:
      word = "FAIL"
    elif not self.totals.passed:
      word = "skip"
    remark = f"; {self.remark}" if self.remark else ""
    return f"{word} {self.seconds:6.1f} s  {self.path}: {self.totals}{remark}"


def run(
  python: str,
  *,
  cell: str,
  table: cells.Table,
  only: Tuple[str, ...] = (),
  root: pathlib.Path = ROOT,
  limit: float = _LIMIT_SECONDS,
) -> Totals:
  """Runs the test files and prints a line for each.

  Args:
    python: interpreter of the cell's environment.
    cell: the cell's name.
    table: the table of cells.
    only: files or folders to which to keep; empty for all.
    root: the folder that holds `parity` and `testing`.
    limit: seconds that one file may take.
  """
  totals = Totals()
  runnable: List[str] = []
  for path in find_tests(root, only):
    reason = reason_to_skip(root / path, cell=cell, table=table)
    if reason is None:
      runnable.append(path)
    else:
      skipped = FileResult(path, Totals(skipped=1), remark=reason)
      print(skipped, flush=True)
      totals += skipped.totals
  with futures.ThreadPoolExecutor(_JOBS) as pool:
    running = [
      pool.submit(run_file, python, path, cell=cell, root=root, limit=limit)
      for path in runnable
    ]
    for done in futures.as_completed(running):
      result = done.result()
      print(result, flush=True)
      if result.output:
        print(result.output, flush=True)
      totals += result.totals
  return totals


def find_tests(root: pathlib.Path, only: Iterable[str] = ()) -> List[str]:
  """Paths of the test files from the root, sorted.

  Raises:
    ValueError: an entry of `only` matches no test file.
  """
  found = sorted(
    path.relative_to(root).as_posix()
    for folder in _FOLDERS
    for path in (root / folder).rglob("*_test.py")
    if not _is_elsewhere(path, root)
  )
  if not only:
    return found
  kept: List[str] = []
  for wanted in only:
    prefix = wanted.rstrip("/")
    matching = [p for p in found if p == prefix or p.startswith(f"{prefix}/")]
    if not matching:
      raise ValueError(f"There is no test file at or below `{wanted}`.")
    kept.extend(path for path in matching if path not in kept)
  return kept


def _is_elsewhere(path: pathlib.Path, root: pathlib.Path) -> bool:
  """Whether a file is in another Bazel workspace, whose tests are its own."""
  inside = path.relative_to(root).parents
  return any((root / p / "MODULE.bazel").is_file() for p in inside if p.name)


def reason_to_skip(
  path: pathlib.Path, *, cell: str, table: cells.Table
) -> Optional[str]:
  """Why a cell cannot run a test file, None where it can.

  Raises:
    UsageError: the file names a cell that is not in the table.
  """
  since, until = table.names[0], table.names[-1]
  for statement in ast.parse(path.read_text(encoding="utf-8")).body:
    if isinstance(statement, ast.Assign):
      names = [t.id for t in statement.targets if isinstance(t, ast.Name)]
      if "CELLS_SINCE" in names:
        since = ast.literal_eval(statement.value)
      elif "CELLS_UNTIL" in names:
        until = ast.literal_eval(statement.value)
  if table.is_within(cell, since, until):
    return None
  return f"cell {cell} is not within {since} to {until}"


def run_file(
  python: str, path: str, *, cell: str, root: pathlib.Path, limit: float
) -> FileResult:
  """Runs one test file in its own process."""
  module = path[: -len(".py")].replace("/", ".")
  began = time.monotonic()
  with tempfile.TemporaryDirectory() as folder:
    report = os.path.join(folder, "report.xml")
    command = [python, "-m", "testing.run_module", module]
    command += [f"--xml_output_file={report}", "--test_tmpdir", folder]
    process = subprocess.Popen(
      command,
      cwd=str(root),
      env=_environment(cell),
      stdin=subprocess.DEVNULL,
      stdout=subprocess.PIPE,
      stderr=subprocess.STDOUT,
      text=True,
      errors="replace",
      start_new_session=True,
    )
    try:
      output, _ = process.communicate(timeout=limit)
      remark = ""
    except subprocess.TimeoutExpired:
      os.killpg(process.pid, signal.SIGKILL)
      output, _ = process.communicate()
      remark = f"stopped after {limit:.0f} s"
    totals = totals_from_xml(report)
  seconds = time.monotonic() - began
  if remark or totals is None:
    totals = Totals(failed=1)
    remark = remark or f"ended with status {process.returncode}, no results"
  elif process.returncode and not totals.failed:
    totals += Totals(failed=1)
    remark = f"ended with status {process.returncode}"
  elif totals == Totals():
    totals, remark = Totals(failed=1), "holds no test"
  if totals.skipped and not remark:
    remark = "; ".join(sorted(set(_SKIP_REASON.findall(output))))
  tail = _tail(output) if totals.failed else ""
  return FileResult(path, totals, seconds, remark, tail)


def _tail(output: str) -> str:
  """The end of what a test printed, less the lines of what went well."""
  lines = [
    line
    for line in output.splitlines()
    if not line.startswith(("[ RUN ", "[       OK ]"))
  ]
  return "\n".join(lines[-_TAIL_LINES:])


def _environment(cell: str) -> Dict[str, str]:
  """The environment of a test: this one, less what points elsewhere.

  TF_USE_LEGACY_KERAS must stand before TensorFlow is imported, which a test
  that imports it at its top cannot arrange; TensorFlow before 2.15 ignores it.
  PARITY_CELL says what `cell_test` must find.
  """
  environment = dict(os.environ)
  for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONSAFEPATH", "VIRTUAL_ENV"):
    environment.pop(name, None)
  environment["PARITY_CELL"] = cell
  environment.setdefault("TF_USE_LEGACY_KERAS", "1")
  environment.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
  return environment


def totals_from_xml(path: str) -> Optional[Totals]:
  """Counts the methods of a report; None where there is none."""
  try:
    root = ElementTree.parse(path).getroot()
  except (OSError, ElementTree.ParseError):
    return None
  # absltest writes a row for each subtest, and one for the method around them.
  methods: Dict[Tuple[str, str], List[Totals]] = {}
  for case in root.iter("testcase"):
    row = Totals(passed=1)
    if case.find("failure") is not None or case.find("error") is not None:
      row = Totals(failed=1)
    elif case.get("status") == "notrun" or case.find("skipped") is not None:
      row = Totals(skipped=1)
    method = case.get("name", "").split(" ")[0]
    methods.setdefault((case.get("classname", ""), method), []).append(row)
  totals = Totals()
  for rows in methods.values():
    if any(row.failed for row in rows):
      totals += Totals(failed=1)
    elif all(row.skipped for row in rows):
      totals += Totals(skipped=1)
    else:
      totals += Totals(passed=1)
  return totals
