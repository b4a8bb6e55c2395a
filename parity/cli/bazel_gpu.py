"""Is a model the same on a GPU? What the GPU tests of `//parity:defs.bzl` run.

1. Ask the cell's TensorFlow, in a process of its own, for a GPU. Without one
   the test could not run, and says why; it never passes.
2. Record the side on the CPU, with every GPU hidden from it.
3. Verify it on the GPU twice, with TF32 off and on, by the case's tolerance.
4. Look where each of them ran: TensorFlow goes on without a GPU that it cannot
   use, and what it then gives proves nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from typing import Callable, Dict, Iterator, List, Optional, Sequence
import xml.etree.ElementTree as ElementTree

from parity.cli import bazel
from parity.cli import environment
from parity.cli import failure
from parity.cli import main as main_lib
from parity.report import junit

# What hides every GPU from CUDA, and what NVIDIA's libraries do about TF32.
ON_CPU = {"CUDA_VISIBLE_DEVICES": "-1"}
TF32 = {
  "off": {"NVIDIA_TF32_OVERRIDE": "0"},
  "on": {"NVIDIA_TF32_OVERRIDE": "1"},
}
Run = Callable[[Sequence[str]], int]


def verify(
  cases: Sequence[str],
  argv: Sequence[str],
  *,
  side: str,
  run: Run = main_lib.main,
  lacking: Optional[Callable[[], Optional[str]]] = None,
) -> int:
  """Verifies this shard's cases on the GPU; the exit status of the test.

  Args:
    cases: paths of case files.
    argv: what was typed after the target.
    side: `tf1` or `tf2`.
    run: runs a command line.
    lacking: says why there is no GPU; None for asking TensorFlow.
  """
  chosen = bazel.of_this_shard(cases, os.environ)
  if not chosen:
    return failure.PASS  # More shards than cases: the others run them.
  reason = (lacking or without_gpu)()
  if reason is not None:
    message = f"could not run on a GPU: {reason}"
    sys.stderr.write(f"parity: {message}\n")
    _write_result([_problem(case, message) for case in chosen])
    return failure.ERROR
  status, suites = failure.PASS, []
  with tempfile.TemporaryDirectory() as folder:
    for place, case in enumerate(chosen):
      runs = _Runs(case, argv, side, run, os.path.join(folder, str(place)))
      status = max(status, runs.all())
      suites += runs.suites
  _write_result(suites)
  return status


def without_gpu() -> Optional[str]:
  """Why the cell's TensorFlow sees no GPU; None where it sees one."""
  asked = subprocess.run(
    [sys.executable, "-m", "parity.tf.gpus"],
    env=environment.variables(),
    stdin=subprocess.DEVNULL,
    capture_output=True,
    text=True,
    check=False,
  )
  lines = asked.stdout.split("\n")
  answer = next((line for line in lines if line.startswith('["')), None)
  if answer is None:
    last = asked.stderr.strip().split("\n")[-1]
    return f"TensorFlow cannot be asked for one ({last})."
  version, is_built, count = json.loads(answer)
  if count:
    return None
  if not is_built:
    return f"TensorFlow {version} is a build without CUDA."
  return (
    f"TensorFlow {version} sees none; `parity doctor` lists what it sees, and"
    " CUDA_VISIBLE_DEVICES may hide one."
  )


class _Runs:
  """The recording and the verifications of one case."""

  def __init__(
    self, case: str, argv: Sequence[str], side: str, run: Run, folder: str
  ) -> None:
    self.suites: List[ElementTree.Element] = []
    self._case = case
    self._argv = argv
    self._side = side
    self._run = run
    self._folder = folder
    os.makedirs(folder)

  def all(self) -> int:
    """Runs them; the worst exit status."""
    golden = os.path.join(self._folder, "golden")
    print(f"{self._case}: recorded on the CPU", flush=True)
    command = ["record", self._case, "--out", golden, "--side", self._side]
    with _switched(ON_CPU):
      status = self._run([*command, "--numerics", "strict"])
    if status:
      self._tell("could not be recorded on the CPU; above is why")
      return status
    device = device_of_golden(golden)
    if device != "cpu":
      self._tell(f"was to be recorded on the CPU, and was on {device}")
      return failure.ERROR
    return max(self._verify(golden, word) for word in TF32)

  def _verify(self, golden: str, word: str) -> int:
    """Verifies with TF32 off or on."""
    print(f"{self._case}: verified on the GPU, TF32 {word}", flush=True)
    stem = f"{os.path.splitext(os.path.basename(self._case))[0]}_tf32_{word}"
    outputs = os.environ.get("TEST_UNDECLARED_OUTPUTS_DIR", self._folder)
    files = {
      form: os.path.join(outputs, f"{stem}.{form}")
      for form in ("html", "json", "junit")
    }
    command = ["verify", self._case, "--golden", golden, "--side", self._side]
    for form, path in files.items():
      command += [f"--{form}", path]
    with _switched(TF32[word]):
      status = self._run([*command, *self._argv])
    if os.path.isfile(files["junit"]):
      for suite in ElementTree.parse(files["junit"]).getroot():
        suite.set("name", f"{suite.get('name')} TF32 {word}")
        self.suites.append(suite)
    else:
      self._tell(f"TF32 {word}: gave no report; above is why")
      return status or failure.ERROR
    device = device_of_report(files["json"], self._side)
    if status == failure.PASS and device in (None, "cpu"):
      self._tell(f"TF32 {word}: was to run on a GPU, and ran on {device}")
      return failure.ERROR
    return status

  def _tell(self, message: str) -> None:
    """Says what went wrong, here and in the test's result."""
    sys.stderr.write(f"parity: {self._case}: {message}\n")
    self.suites.append(_problem(self._case, message))


def device_of_golden(golden: str) -> str:
  """Where a golden was recorded."""
  from parity.golden import bundle

  return bundle.read_golden(golden).golden.identity.device


def device_of_report(path: str, side: str) -> Optional[str]:
  """Where a side of a report ran, None where it did not."""
  with open(path, encoding="utf-8") as file:
    identity = json.load(file).get(side)
  return None if identity is None else str(identity["device"])


@contextlib.contextmanager
def _switched(variables: Dict[str, str]) -> Iterator[None]:
  """Sets variables, which the processes of the sides inherit."""
  before = dict(os.environ)
  os.environ.update(variables)
  try:
    yield
  finally:
    os.environ.clear()
    os.environ.update(before)


def _problem(case: str, message: str) -> ElementTree.Element:
  """A suite that says why a case gave no verdict."""
  told = junit.test_case(case, "gpu", seconds=0.0, tag="error", why=message)
  return junit.suite(f"parity.{case}", [told], seconds=0.0)


def _write_result(suites: Sequence[ElementTree.Element]) -> None:
  """Writes the test's result where Bazel looks for it."""
  path = os.environ.get("XML_OUTPUT_FILE")
  if path is not None:
    with open(path, "w", encoding="utf-8") as file:
      file.write(junit.to_text(suites, name="parity on a GPU"))
