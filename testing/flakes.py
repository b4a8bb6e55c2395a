"""Does a right port ever fail, or a model ever give other numbers?

    python -m testing.flakes --runs 200 --digests 50
    python -m testing.flakes --runs 20 --digests 0 --seed 7
    python -m testing.flakes --runs 0 --digests 50 --models 'lstm*' '*dropout*'

1. A run checks all cases of the public benchmark that must pass, in two
   processes whose thread counts are drawn anew, while every core is kept busy
   by a process that counts. One that does not pass is a false alarm.
2. Each model of the zoo is recorded again and again with the numerics `strict`,
   both sides, in a new process every few times. The digest covers every tensor
   and every fact of the recording, but for its seconds; two are one too many.

The closing lines count; the status is 1 where anything differed.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import fnmatch
import hashlib
import json
import os
import pathlib
import random
import subprocess
import sys
import time
from typing import Dict, Iterator, List, Mapping, Optional, Sequence

from parity import recorder
from parity.golden import manifest
from parity.golden import tensors
from parity.records import golden as golden_lib
from parity.records import options as options_lib
from parity.records import vocabulary
from parity.runs import fulfilment
from testing.bugs import expectations
from testing.bugs import score

_ZOO = pathlib.Path(os.path.abspath(__file__)).parent / "models"
_THREADS = (
  "TF_NUM_INTRAOP_THREADS",
  "TF_NUM_INTEROP_THREADS",
  "OMP_NUM_THREADS",
)
_MOST_THREADS = 8
_REPEATS_A_PROCESS = 5
_BUSY = (
  "import os\np = os.getppid()\nwhile os.getppid() == p: sum(range(10**6))"
)


@contextlib.contextmanager
def busy_cores(count: Optional[int] = None) -> Iterator[None]:
  """Keeps cores busy; a process each, which ends with this one.

  Args:
    count: how many; None for all.
  """
  command = [sys.executable, "-S", "-c", _BUSY]
  started = [
    subprocess.Popen(command) for _ in range(count or os.cpu_count() or 1)
  ]
  try:
    yield
  finally:
    for process in started:
      process.kill()
      process.wait()


@contextlib.contextmanager
def environment(values: Mapping[str, Optional[str]]) -> Iterator[None]:
  """Sets environment variables, None for none, and puts back what was there."""
  before = {name: os.environ.get(name) for name in values}
  _set(values)
  try:
    yield
  finally:
    _set(before)


def _set(values: Mapping[str, Optional[str]]) -> None:
  for name, value in values.items():
    if value is None:
      os.environ.pop(name, None)
    else:
      os.environ[name] = value


def drawn_threads(rng: random.Random) -> Dict[str, str]:
  """Thread counts for one run's processes."""
  return {name: str(rng.randint(1, _MOST_THREADS)) for name in _THREADS}


def right_cases(patterns: Sequence[str] = ()) -> List[expectations.Expectation]:
  """The public benchmark's cases that must pass."""
  found = expectations.find(patterns or ["public/*"])
  return [case for case in found if case.verdict == "pass"]


def alarms_of(
  cases: Sequence[expectations.Expectation], threads: Mapping[str, str]
) -> List[str]:
  """Runs the cases once; a line for each that does not pass.

  Args:
    cases: those that must pass.
    threads: thread counts of the processes.
  """
  found: List[str] = []
  with environment(dict(threads)):
    for case, report in zip(cases, score.reports(cases)):
      if report.verdict != "pass":
        checks = [c.name for c in report.checks if c.status != "pass"]
        found.append(
          f"{case.name}: {report.verdict} {checks} {report.error or ''}"
          f" with {dict(threads)}"
        )
  return found


def zoo(patterns: Sequence[str] = ()) -> List[pathlib.Path]:
  """Case files of the zoo, or those of these names; the broken ones too."""
  found = sorted(_ZOO.glob("*_parity.py"))
  if not patterns:
    return found
  return [
    path
    for path in found
    if any(
      fnmatch.fnmatch(path.stem[: -len("_parity")], one) for one in patterns
    )
  ]


def digest_of(golden: golden_lib.Golden) -> str:
  """A digest of every fact and tensor, but for how long it took."""
  recordings = tuple(
    dataclasses.replace(recording, notes=(), seconds=0.0)
    for recording in golden.recordings
  )
  plain = manifest.plain_golden(
    dataclasses.replace(golden, recordings=recordings)
  )
  digest = hashlib.sha256(json.dumps(plain.tree, sort_keys=True).encode())
  for key in sorted(plain.arrays):
    digest.update(key.encode())
    digest.update(tensors.stored_bytes(plain.arrays[key]))
  return digest.hexdigest()


def digests_of(path: str, side: str, *, count: int) -> List[str]:
  """Records a side of a case again and again, in `strict`.

  Args:
    path: the case file.
    side: `tf1` or `tf2`.
    count: how many times.
  """
  options = options_lib.Options(numerics="strict")
  found: List[str] = []
  # What a user sets wins over `strict`, so nothing is set.
  with environment(dict.fromkeys(_THREADS)):
    while len(found) < count:
      with contextlib.closing(fulfilment.make_side(side, options)) as doer:
        for _ in range(min(_REPEATS_A_PROCESS, count - len(found))):
          facts = doer.load(path).facts
          requests = recorder.requests_of(side, facts, options)
          recordings = tuple(doer.fulfil(request) for request in requests)
          golden = golden_lib.Golden(facts, side, recordings)
          found.append(digest_of(golden))
  return found


def run_cases(
  cases: Sequence[expectations.Expectation], *, runs: int, seed: int
) -> List[str]:
  """Runs all cases several times; the false alarms."""
  rng = random.Random(seed)
  alarms: List[str] = []
  for number in range(runs):
    began = time.monotonic()
    threads = drawn_threads(rng)
    found = alarms_of(cases, threads)
    alarms += found
    print(
      f"run {number + 1} of {runs}: {len(cases)} cases, threads"
      f" {' '.join(threads.values())}, {len(found)} alarms,"
      f" {time.monotonic() - began:.0f} s",
      *found,
      sep="\n  ",
      flush=True,
    )
  return alarms


def run_zoo(models: Sequence[pathlib.Path], *, count: int) -> List[str]:
  """Records each model several times; those with more than one digest."""
  unlike: List[str] = []
  for path in models:
    for side in vocabulary.SIDES:
      began = time.monotonic()
      found = set(digests_of(str(path), side, count=count))
      line = f"{path.stem} {side}: {count} times, {len(found)} digests"
      print(f"{line}, {time.monotonic() - began:.0f} s", flush=True)
      if len(found) != 1:
        unlike.append(line)
  return unlike


def _chosen(arguments: Sequence[str]) -> argparse.Namespace:
  parser = argparse.ArgumentParser(
    prog="python -m testing.flakes",
    description=__doc__,
    formatter_class=argparse.RawDescriptionHelpFormatter,
  )
  parser.add_argument("--runs", type=int, default=200, help="of all cases")
  parser.add_argument("--digests", type=int, default=50, help="of each model")
  parser.add_argument(
    "--models", nargs="*", default=[], help="names, as *lstm*"
  )
  parser.add_argument("--seed", type=int, default=1, help="of thread counts")
  return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
  """The program; returns its exit status."""
  chosen = _chosen(arguments)
  os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
  cases, models = right_cases(), zoo(chosen.models)
  began = time.monotonic()
  with busy_cores():
    alarms = run_cases(cases, runs=chosen.runs, seed=chosen.seed)
  unlike: List[str] = []
  if chosen.digests:
    unlike = run_zoo(models, count=chosen.digests)
  print(*alarms, *unlike, sep="\n")
  print(
    f"{chosen.runs} runs of {len(cases)} cases under load: {len(alarms)} false"
    f" alarms; {len(models)} models recorded {chosen.digests} times:"
    f" {len(unlike)} sides with more than one digest;"
    f" {time.monotonic() - began:.0f} s"
  )
  return 1 if alarms or unlike else 0


if __name__ == "__main__":
  sys.exit(main(sys.argv[1:]))
