"""Does the suite notice one mutation? Tried in a copy of the tree.

1. The tree is copied once; a mutation is written into the copy and taken out of
   it again. The checkout is only read.
2. The tests that need no TensorFlow run in a fork of this process, which has
   NumPy and absltest loaded: in their order, until one fails. A fork that takes
   more processor time than the limit, or waits for long, is stopped; that is
   noticed too.
3. What they let live is given to some cases of the benchmark. Noticed is what
   the suite would not let pass for any case: a wrong verdict, a wrong check, or
   a false alarm. The first one ends it.

A mutated module's time of change is new each time, so that no compiled file of
another mutant is taken for it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
import traceback
from typing import List, NoReturn, Optional, Sequence
import unittest
import warnings

from absl import flags
from absl.testing import absltest  # noqa: F401  # Loaded before the forks.
import numpy  # noqa: F401

from testing.mutants import importers
from testing.mutants import mutations

_COPIED = ("docs", "parity", "testing", "third_party", "pyproject.toml")
_MOST_PROCESSOR_SECONDS = 60
_MOST_SECONDS = 240.0
_MOST_BYTES = 6 << 30
_BENCHMARK_SECONDS = 900.0
_WRONG = re.compile(r"verdict NO|check NO|alarms [1-9]|^Traceback")

KILLED = "killed"
TIMEOUT = "timeout"
SURVIVED = "survived"


@dataclasses.dataclass(frozen=True)
class Trial:
  """What became of a mutation.

  Attributes:
    mutation: it.
    outcome: `killed`, `timeout` or `survived`.
    killer: the test or case that noticed it, or in which time ran out.
    stage: `beside`, `package`, `importing` or `benchmark`.
    seconds: wall time.
  """

  mutation: mutations.Mutation
  outcome: str
  killer: str = ""
  stage: str = ""
  seconds: float = 0.0


@dataclasses.dataclass(frozen=True)
class _Ended:
  """How a run of tests ended."""

  outcome: str
  killer: str = ""


class Tree:
  """A copy of the tree, in which mutations are tried.

  Args:
    root: the checkout.
    folder: an empty folder for the copy.
    cases: patterns of the benchmark's cases for what the tests let live.
  """

  def __init__(
    self, root: pathlib.Path, folder: pathlib.Path, *, cases: Sequence[str] = ()
  ) -> None:
    self._folder = folder
    self._cases = tuple(cases)
    self._changes = 0
    for name in _COPIED:
      if (root / name).is_dir():
        skipped = shutil.ignore_patterns("__pycache__")
        shutil.copytree(root / name, folder / name, ignore=skipped)
      else:
        shutil.copy2(root / name, folder / name)
    self._importers = importers.Importers(folder)

  def tests_of(self, path: str) -> List[str]:
    """Names of the test modules that look at a module, nearest first."""
    return self._importers.tests_of(path)

  def run_tests(self, tests: Sequence[str]) -> str:
    """The first test that fails, or in which time runs out; "" if none."""
    return self._in_fork(tests).killer

  def run_cases(self) -> str:
    """The first case of the benchmark that is judged wrongly; "" if none."""
    return self._on_benchmark().killer

  def trial(self, mutation: mutations.Mutation) -> Trial:
    """Tries a mutation."""
    began = time.monotonic()
    path = self._folder / mutation.path
    source = path.read_text(encoding="utf-8")
    tests = self.tests_of(mutation.path)
    try:
      self._write(path, mutation.applied(source))
      ended = self._in_fork(tests) if tests else _Ended(SURVIVED)
      if ended.outcome == SURVIVED and self._cases:
        ended = self._on_benchmark()
    finally:
      self._write(path, source)
    stage = "" if ended.outcome == SURVIVED else _stage(mutation, ended.killer)
    seconds = time.monotonic() - began
    return Trial(mutation, ended.outcome, ended.killer, stage, seconds)

  def _write(self, path: pathlib.Path, text: str) -> None:
    self._changes += 1
    path.write_text(text, encoding="utf-8")
    changed = time.time() + 2 * self._changes
    os.utime(str(path), (changed, changed))

  def _in_fork(self, tests: Sequence[str]) -> _Ended:
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
      os.close(reading)
      _run_and_exit(self._folder, tests, writing)
    os.close(writing)
    status = _wait(child, _MOST_SECONDS)
    with os.fdopen(reading, "rb") as said:
      lines = said.read().decode(errors="replace").splitlines()
    last = lines[-1] if lines else "?"
    if status is None or os.WIFSIGNALED(status):
      is_limit = status is None or os.WTERMSIG(status) == signal.SIGXCPU
      return _Ended(TIMEOUT if is_limit else KILLED, last)
    if os.WEXITSTATUS(status) == 0:
      return _Ended(SURVIVED)
    return _Ended(KILLED, last)

  def _on_benchmark(self) -> _Ended:
    environment = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3")
    environment.setdefault("TF_USE_LEGACY_KERAS", "1")
    environment.pop("PYTHONPATH", None)
    process = subprocess.Popen(
      [sys.executable, "-m", "testing.bugs.score", *self._cases],
      cwd=str(self._folder),
      env=environment,
      stdin=subprocess.DEVNULL,
      stdout=subprocess.PIPE,
      stderr=subprocess.STDOUT,
      text=True,
      errors="replace",
      start_new_session=True,
    )
    began = time.monotonic()
    ended = _Ended(SURVIVED)
    is_whole = False
    assert process.stdout is not None
    for line in process.stdout:
      is_whole = is_whole or line.startswith("verdict ")
      if _WRONG.search(line):
        ended = _Ended(KILLED, f"benchmark: {' '.join(line.split())}")
        break
      if time.monotonic() - began > _BENCHMARK_SECONDS:
        ended = _Ended(TIMEOUT, "benchmark")
        break
    if ended.outcome == SURVIVED and not is_whole:
      ended = _Ended(KILLED, "benchmark: it died")
    with contextlib.suppress(ProcessLookupError):
      os.killpg(process.pid, signal.SIGKILL)
    process.stdout.close()
    process.wait()
    return ended


def _stage(mutation: mutations.Mutation, killer: str) -> str:
  """Which kind of test noticed a mutation."""
  module = mutation.path[: -len(".py")].replace("/", ".")
  if killer.startswith("benchmark"):
    return "benchmark"
  if killer.startswith(f"{module}_test"):
    return "beside"
  is_inside = (
    killer.split(" ", maxsplit=1)[0].rpartition(".")[0]
    == (module.rpartition(".")[0])
  )
  return "package" if is_inside else "importing"


def _wait(child: int, limit: float) -> Optional[int]:
  """The status of a child, None where it was stopped for its time."""
  began = time.monotonic()
  pause = 0.005
  while time.monotonic() - began < limit:
    ended, status = os.waitpid(child, os.WNOHANG)
    if ended:
      return status
    time.sleep(pause)
    pause = min(0.1, 1.5 * pause)
  os.killpg(child, signal.SIGKILL)
  os.waitpid(child, 0)
  return None


def _run_and_exit(
  folder: pathlib.Path, tests: Sequence[str], writing: int
) -> NoReturn:
  """The fork: runs tests, writes their names, and ends with 1 at a failure."""
  status = 1
  try:
    os.setpgid(0, 0)
    limit = _MOST_PROCESSOR_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
      os.dup2(nothing, stream)
    sys.stdout = sys.stderr = io.StringIO()
    os.chdir(str(folder))
    _forget_the_checkout(folder)
    flags.FLAGS(["mutants"])
    warnings.simplefilter("default")
    warnings.filterwarnings("error", module=r"parity(\.|$)")
    status = 0 if all(_passes(name, writing) for name in tests) else 1
  except BaseException:  # noqa: BLE001  # No fork may go on as its parent.
    os.write(writing, traceback.format_exc().encode())
  finally:
    os._exit(status)


def _forget_the_checkout(folder: pathlib.Path) -> None:
  """From here on, `parity` and `testing` are the copy's."""
  for name in list(sys.modules):
    if name.split(".")[0] in ("parity", "testing"):
      del sys.modules[name]
  sys.path[:] = [str(folder)] + [p for p in sys.path if _is_package_path(p)]


def _is_package_path(path: str) -> bool:
  return bool(path) and not os.path.isdir(os.path.join(path, "parity"))


def _passes(module: str, writing: int) -> bool:
  """Whether a test module passes; what fails first is written."""
  os.write(writing, f"{module}\n".encode())
  suite = unittest.TestLoader().loadTestsFromName(module)
  result = unittest.TestResult()
  result.failfast = True
  suite.run(result)
  wrong = [test for test, _ in result.failures + result.errors]
  if result.wasSuccessful():
    return True
  name = str(wrong[0]).split(" ")[0] if wrong else "?"
  os.write(writing, f"{module} {name}\n".encode())
  return False
