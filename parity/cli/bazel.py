"""How does Bazel run a case? What the programs of `//parity:defs.bzl` call.

A program of that file names its cases by their paths below the runfiles, and
what to hold them against. Here that becomes the command line that a person
would type; what a test prints is what `parity check` or `verify` prints.

1. Go to the folder from which the paths go out.
2. Keep to this shard's cases.
3. Write the reports where Bazel keeps a test's outputs, and the JUnit one where
   it looks for the test's result, so that each check is told by name.
"""

from __future__ import annotations

import os
import shutil
import sys
from typing import List, Mapping, Optional, Sequence

from parity.cli import main as main_lib


def enter(program: str, *, path: str, workspace: str) -> None:
  """Makes the workspace's runfiles the current folder.

  Args:
    program: the running program's file.
    path: the program's path below the runfiles.
    workspace: the main workspace's folder there.
  """
  os.chdir(os.path.join(os.path.abspath(program)[: -len(path)], workspace))


def check(cases: Sequence[str], argv: Sequence[str]) -> int:
  """Checks the cases of this shard; the exit status is that of the test.

  Args:
    cases: paths of case files.
    argv: what was typed after the target.
  """
  chosen = of_this_shard(cases, os.environ)
  if not chosen:
    return 0  # More shards than cases: the others run them.
  return _run(["check", *chosen, *argv])


def verify(case: str, argv: Sequence[str], *, golden: str, side: str) -> int:
  """Verifies a side of a case against a golden.

  Args:
    case: path of the case file.
    argv: what was typed after the target.
    golden: the golden's folder.
    side: `tf1` or `tf2`.
  """
  return _run(["verify", case, "--golden", golden, "--side", side, *argv])


def record(case: str, argv: Sequence[str], *, out: str, side: str) -> int:
  """Records a side of a case, with the numerics of a gate between versions.

  Args:
    case: path of the case file.
    argv: what was typed after the target.
    out: the golden's folder; relative to the workspace's sources where it is
      not absolute, which takes `bazel run`.
    side: `tf1` or `tf2`.
  """
  sources = os.environ.get("BUILD_WORKSPACE_DIRECTORY")
  if not os.path.isabs(out):
    if sources is None:
      sys.stderr.write(
        f"{out} is to be written among the sources; `bazel run` does that.\n"
      )
      return 2
    out = os.path.join(sources, out)
  os.makedirs(os.path.dirname(out), exist_ok=True)
  command = ["record", case, "--out", out, "--side", side]
  return main_lib.main([*command, "--numerics", "strict", *argv])


def of_this_shard(
  cases: Sequence[str], environment: Mapping[str, str]
) -> List[str]:
  """The cases that this shard runs; tells Bazel that shards are understood.

  >>> of_this_shard(["a", "b", "c"], {})
  ['a', 'b', 'c']
  >>> shard = {"TEST_TOTAL_SHARDS": "2", "TEST_SHARD_INDEX": "1"}
  >>> of_this_shard(["a", "b", "c"], shard)
  ['b']
  """
  status = environment.get("TEST_SHARD_STATUS_FILE")
  if status:
    with open(status, "a", encoding="utf-8"):
      pass
  total = int(environment.get("TEST_TOTAL_SHARDS", "1"))
  return list(cases[int(environment.get("TEST_SHARD_INDEX", "0")) :: total])


def _run(command: Sequence[str]) -> int:
  """Runs a command that reports, with its outputs where Bazel wants them."""
  outputs = os.environ.get("TEST_UNDECLARED_OUTPUTS_DIR")
  result = os.environ.get("XML_OUTPUT_FILE")
  only = os.environ.get("TESTBRIDGE_TEST_ONLY")
  flags: List[str] = ["--steps", only] if only else []
  junit: Optional[str] = result
  if outputs:
    junit = os.path.join(outputs, "report.xml")
    for form in ("json", "html"):
      flags += [f"--{form}", os.path.join(outputs, f"report.{form}")]
  if junit:
    flags += ["--junit", junit]
  status = main_lib.main([*command, *flags])
  if outputs and result and junit and os.path.isfile(junit):
    shutil.copyfile(junit, result)
  return status
