"""How long does explaining a deep network take, beside the check that failed?

    python -m benchmarks.explain_ratio
    python -m benchmarks.explain_ratio --all

runs `parity check` on Inception-ResNet-v2, first with a right port and then
with one residual scale wrong by a tenth, deep in the network. What the second
run takes more than the first is what explaining takes. It is printed in
seconds, and in processor seconds of all processes, which others on the machine
change less; for each, the quotient by what the first run took. The benchmark
fails where the cause is not named with both source lines, or a process has more
memory than the limit.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time
from typing import Any, Dict, List

from benchmarks import processes

_ROOT = pathlib.Path(__file__).resolve().parent.parent

CASE = """
import dataclasses
from testing.models import inception_resnet_v2_broken_parity as broken

broken.FACTOR = {factor}
CASE = dataclasses.replace(broken.CASE, steps={steps})
"""


@dataclasses.dataclass(frozen=True)
class Run:
  """One run of the command.

  Attributes:
    seconds: wall time.
    processor: seconds of all its processes.
    report: the JSON report.
  """

  seconds: float
  processor: float
  report: Dict[str, Any]


def run(folder: str, *, factor: float, steps: str) -> Run:
  """Runs the command on a case whose residual scale is wrong by a factor."""
  case = os.path.join(folder, f"times{factor}_parity.py")
  report = os.path.join(folder, "report.json")
  pathlib.Path(case).write_text(CASE.format(factor=factor, steps=steps))
  start, used = time.perf_counter(), processes.processor_seconds()
  subprocess.run(
    [sys.executable, "-m", "parity", "check", case, "--json", report, "-q"],
    cwd=_ROOT,
    env={**os.environ, "PYTHONPATH": str(_ROOT)},
    check=False,
  )
  return Run(
    time.perf_counter() - start,
    processes.processor_seconds() - used,
    json.loads(pathlib.Path(report).read_text()),
  )


def _is_explained(report: Dict[str, Any]) -> bool:
  """Whether each finding names the constant, and its line on both sides."""
  found: List[Dict[str, Any]] = [
    finding for check in report["checks"] for finding in check["findings"]
  ]
  return bool(found) and all(
    finding["cause"] == "constant"
    and finding["where"]["tf1"]["source"]
    and finding["where"]["tf2"]["source"]
    for finding in found
  )


def main() -> int:
  """Runs the benchmark; its exit status."""
  parser = argparse.ArgumentParser(
    description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
  )
  parser.add_argument(
    "--all", action="store_true", help="all checks, not inference alone"
  )
  parser.add_argument("--limit", type=int, default=3072, help="peak, in MiB")
  flags = parser.parse_args()
  steps = "None" if flags.all else '("random_inference",)'
  with tempfile.TemporaryDirectory() as folder:
    right = run(folder, factor=1.0, steps=steps)
    wrong = run(folder, factor=1.1, steps=steps)
  peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
  for name in ("seconds", "processor"):
    check, whole = getattr(right, name), getattr(wrong, name)
    print(
      f"{name:9}  check {check:6.1f}  check that fails {whole:6.1f}"
      f"  explaining {whole - check:6.1f}, {whole / check - 1:.2f} times"
    )
  print(f"peak       {peak:6.0f} MiB in the largest process")
  if right.report["verdict"] != "pass" or not _is_explained(wrong.report):
    print("not explained")
    return 1
  return 0 if peak <= flags.limit else 1


if __name__ == "__main__":
  sys.exit(main())
