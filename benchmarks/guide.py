"""How much faster is `parity check` than the guide followed by hand?

1. Runs the guide's notebook on Inception-ResNet-v2 as it goes
   (`guide_by_hand.py`) and `parity check` on the case of the same network, each
   in a fresh process, alternately, a few times, on this machine, in one run.
2. Both do the guide's comparisons: variables; outputs and regularisation loss
   with every variable 0.001; with aligned random initialisation in inference,
   in training, and inside a Keras functional model. `parity check` compares all
   end points, initial weights and updated variables besides.
3. Prints seconds of each run, the median of each, the median of the ratios, and
   where the time goes: by cell of the notebook, by stage of each side. The two
   sides of `parity check` run at once, so each of them adds up to the whole.

A run whose comparisons do not pass ends the benchmark: its time means nothing.

  python -m benchmarks.guide --repeats 3
  python -m benchmarks.guide --by-hand-only
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any, Dict, List, Sequence, Tuple

_ROOT = pathlib.Path(__file__).resolve().parent.parent
_CASE = "testing/models/inception_resnet_v2_parity.py"

# `[ SECONDS s] CASE SIDE: STAGE (DONE of TOTAL done)`.
_PROGRESS = re.compile(r"\[ *([\d.]+) s\] \S+ (tf1|tf2): (.*) \(\d+ of \d+")

# The checks that do what the notebook does, in its order.
_CHECKS = (
  "variables_created_once",
  "variables_match",
  "constant_weights",
  "random_inference",
  "random_training",
  "random_functional",
)


@dataclasses.dataclass(frozen=True)
class Run:
  """One run of one of the two ways.

  Attributes:
    seconds: wall time of the whole process, its start included.
    parts: seconds by what was done, in order, for each process that did it.
    tensorflow: the version that ran.
    figures: what was compared, by name, in the way's own form.
  """

  seconds: float
  parts: Dict[str, Dict[str, float]]
  tensorflow: str
  figures: Dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Part:
  """A part of a run and its seconds."""

  name: str
  seconds: float


@dataclasses.dataclass(frozen=True)
class Outcome:
  """A finished process: its wall time, the JSON it wrote, what it printed."""

  seconds: float
  result: Dict[str, Any]
  printed: str


def run_by_hand() -> Run:
  """The notebook, in a fresh process."""
  outcome = _run(["-m", "benchmarks.guide_by_hand"])
  result = outcome.result
  return Run(
    seconds=outcome.seconds,
    parts={"notebook": result["seconds"]},
    tensorflow=result["tensorflow"],
    figures=result["figures"],
  )


def run_parity() -> Run:
  """`parity check` on the same network, in fresh processes."""
  steps = ",".join(_CHECKS)
  outcome = _run(["-m", "parity", "check", _CASE, "--steps", steps])
  result = outcome.result
  checks = result["checks"]
  passed = {c["name"]: c["summary"] for c in checks if c["status"] == "pass"}
  missing = [name for name in _CHECKS if name not in passed]
  if missing:
    raise SystemExit(f"parity check did not pass: {', '.join(missing)}.")
  return Run(
    seconds=outcome.seconds,
    parts=stages(outcome.printed),
    tensorflow=result["tf2"]["versions"]["tensorflow"],
    figures=passed,
  )


def _run(arguments: Sequence[str]) -> Outcome:
  """Runs a module of this repository, which writes JSON where told."""
  with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "result.json")
    command = [sys.executable, *arguments, "--json", path]
    before = time.perf_counter()
    process = subprocess.run(
      command,
      cwd=str(_ROOT),
      env=_environment(),
      stdout=subprocess.PIPE,
      stderr=subprocess.STDOUT,
      text=True,
      errors="replace",
      check=False,
    )
    seconds = time.perf_counter() - before
    if process.returncode:
      raise SystemExit(
        f"{process.stdout[-4000:]}\n{' '.join(command)} ended with"
        f" {process.returncode}."
      )
    with open(path, encoding="utf-8") as stream:
      result = json.load(stream)
  return Outcome(seconds=seconds, result=result, printed=process.stdout)


def _environment() -> Dict[str, str]:
  """This process's, quiet; modules stay compiled, as where they are used."""
  found = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", PYTHONWARNINGS="ignore")
  found.pop("PYTHONDONTWRITEBYTECODE", None)
  return found


def stages(printed: str) -> Dict[str, Dict[str, float]]:
  r"""Seconds of each stage of each side, from the lines of progress.

  >>> lines = [
  ...   "[   2.0 s] net tf1: graph, inference (0 of 2 done)",
  ...   "[   9.5 s] net tf1: graph, training (1 of 2 done)",
  ...   "[  19.0 s] net tf1: done (2 of 2 done)",
  ... ]
  >>> stages("\n".join(lines))["tf1"]["graph, training"]
  9.5
  """
  found: Dict[str, Dict[str, float]] = {}
  before: Dict[str, Tuple[str, float]] = {}
  for line in printed.splitlines():
    match = _PROGRESS.match(line)
    if match is None:
      continue
    now, side, stage = float(match[1]), match[2], match[3]
    name, began = before.get(side, ("start and import", 0.0))
    parts = found.setdefault(side, {})
    # Two runs may carry the same words; each stage counts.
    parts[name] = parts.get(name, 0.0) + now - began
    before[side] = (stage, now)
  return found


def machine() -> str:
  """One line on what the figures were measured on."""
  available = getattr(os, "sched_getaffinity", None)
  cores = len(available(0)) if available else os.cpu_count()
  model = "unknown processor"
  try:
    with open("/proc/cpuinfo", encoding="utf-8") as stream:
      names = [line for line in stream if line.startswith("model name")]
    model = names[0].partition(":")[2].strip() if names else model
  except OSError:
    pass
  python = ".".join(str(part) for part in sys.version_info[:3])
  return f"{cores} cores, {model}, Python {python}"


def parts_of(runs: Sequence[Run], process: str) -> List[Part]:
  """Median seconds of each part of one process, and of what they leave."""
  names = list(runs[0].parts[process])
  parts = [
    Part(n, statistics.median(run.parts[process].get(n, 0.0) for run in runs))
    for n in names
  ]
  rest = statistics.median(
    run.seconds - sum(run.parts[process].values()) for run in runs
  )
  return [*parts, Part("the rest", rest)]


def print_runs(name: str, runs: Sequence[Run]) -> None:
  """The seconds of one way, their median, and where they go."""
  each = ", ".join(f"{run.seconds:.1f}" for run in runs)
  median = statistics.median(run.seconds for run in runs)
  print(f"\n{name}: median {median:.1f} s of {each}")
  for process in runs[0].parts:
    for part in parts_of(runs, process):
      share = part.seconds / median
      print(f"  {part.seconds:7.1f} s {share:4.0%}  {process}: {part.name}")


def main(arguments: Sequence[str]) -> None:
  """Runs both ways alternately and prints what came of it."""
  parser = argparse.ArgumentParser(
    description="Times `parity check` against the guide followed by hand."
  )
  parser.add_argument("--repeats", type=int, default=3)
  parser.add_argument(
    "--by-hand-only", action="store_true", help="only the notebook"
  )
  flags = parser.parse_args(arguments)
  if flags.repeats < 1:
    parser.error("--repeats must be at least 1")

  by_hand: List[Run] = []
  ours: List[Run] = []
  for i in range(flags.repeats):
    by_hand.append(run_by_hand())
    print(f"run {i + 1}, by hand: {by_hand[-1].seconds:.1f} s", flush=True)
    if not flags.by_hand_only:
      ours.append(run_parity())
      print(f"run {i + 1}, parity: {ours[-1].seconds:.1f} s", flush=True)

  print(f"\n{machine()}, TensorFlow {by_hand[0].tensorflow}")
  print_runs("by hand", by_hand)
  print("\nby hand, figures (tf1, tf2):")
  for name, figure in by_hand[-1].figures.items():
    print(f"  {name}: {', '.join(f'{number:.9g}' for number in figure)}")
  if ours:
    print_runs("parity check", ours)
    ratios = sorted(a.seconds / b.seconds for a, b in zip(by_hand, ours))
    print(
      f"\nparity check is {statistics.median(ratios):.2f} times faster"
      f" (median of {len(ratios)}; {ratios[0]:.2f} to {ratios[-1]:.2f})."
    )


if __name__ == "__main__":
  main(sys.argv[1:])
