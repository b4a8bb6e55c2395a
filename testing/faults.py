"""Is nothing left behind, and no half of anything, wherever Ctrl-C comes?

    python -m testing.faults --interrupts 50 --seed 1

1. `parity check`, `record` and `record --update` of a small case run once
   undisturbed, which says how long each takes.
2. Each is started again and again, and gets SIGINT at a random moment of that
   time, a third of them twice, as an impatient user sends it.
3. It must end soon and leave no process (each carries a mark in its
   environment), no temporary folder, no half golden, no half report, and no
   report that says `pass` unless it is whole; of what it says, no traceback of
   parity's.

The closing line counts; the status is 1 where anything was left.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import contextlib
import dataclasses
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from typing import Iterator, List, Sequence
import uuid

from parity import errors
from parity.golden import bundle
from testing.conformance import case_files

_ROOT = pathlib.Path(os.path.abspath(__file__)).parent.parent
_MARK = "PARITY_FAULTS_MARK"
_STEPS = "--steps=variables_match,random_inference"
_COMMANDS = ("check", "record", "update")
# Until a process that was interrupted must be gone, on a busy machine.
_END_SECONDS = 60.0
# What a traceback holds that comes from parity, and not from Python's start.
_OWN = os.path.join("parity", "cli")
# Between the two signals of an impatient user.
_AGAIN_SECONDS = 0.05


@contextlib.contextmanager
def marked() -> Iterator[str]:
  """Processes that are started meanwhile carry a mark; yields it."""
  mark = uuid.uuid4().hex
  os.environ[_MARK] = mark
  try:
    yield mark
  finally:
    del os.environ[_MARK]


def processes_of(mark: str) -> List[int]:
  """Processes that carry a mark, but for this one and those to be reaped."""
  wanted = f"{_MARK}={mark}".encode()
  found: List[int] = []
  for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
    # Of one that has ended, or is another user's, there is nothing to read.
    with contextlib.suppress(OSError):
      environment = pathlib.Path(f"/proc/{pid}/environ").read_bytes()
      if pid != os.getpid() and wanted in environment.split(b"\0"):
        found.append(pid)
  return found


@dataclasses.dataclass(frozen=True)
class Trial:
  """One command that was interrupted.

  Attributes:
    command: `check`, `record` or `update`.
    moment: seconds after its start.
    signals: how many came.
    status: how it ended; negative for a signal.
    problems: what must not be, a sentence each.
  """

  command: str
  moment: float
  signals: int
  status: int
  problems: Sequence[str]

  def __str__(self) -> str:
    return (
      f"{self.command}, {self.signals} x SIGINT after {self.moment:.2f} s,"
      f" status {self.status}: {'; '.join(self.problems) or 'nothing left'}"
    )


class Place:
  """A folder of its own for one command: its case, its outputs, its TMPDIR."""

  def __init__(self, command: str, folder: str, case: str) -> None:
    self.command = command
    self.temporary = os.path.join(folder, "temporary")
    self.outputs = os.path.join(folder, "outputs")
    self.mark = uuid.uuid4().hex
    self._case = case
    for each in (self.temporary, self.outputs):
      os.mkdir(each)

  @property
  def golden(self) -> str:
    """Where the golden is to be."""
    return os.path.join(self.outputs, "golden")

  @property
  def report(self) -> str:
    """Where the report is to be."""
    return os.path.join(self.outputs, "report.json")

  def start(self) -> subprocess.Popen[bytes]:
    """Starts the command."""
    if self.command == "check":
      words = ["check", self._case, f"--json={self.report}"]
    else:
      words = ["record", self._case, f"--out={self.golden}"]
      words += ["--update"] * (self.command == "update")
    return subprocess.Popen(
      [sys.executable, "-m", "parity", *words, _STEPS],
      cwd=str(_ROOT),
      env={**os.environ, "TMPDIR": self.temporary, _MARK: self.mark},
      stdin=subprocess.DEVNULL,
      stdout=subprocess.PIPE,
      stderr=subprocess.STDOUT,
      # Those of a shell's background jobs ignore it, and would hand that on.
      preexec_fn=lambda: signal.signal(  # noqa: PLW1509
        signal.SIGINT, signal.SIG_DFL
      ),
    )

  def run(self) -> float:
    """Runs the command undisturbed; gives the seconds."""
    start = time.monotonic()
    process = self.start()
    said, _ = process.communicate()
    if process.returncode:
      raise AssertionError(said.decode("utf-8", "replace"))
    return time.monotonic() - start

  def problems(self, status: int, said: str) -> List[str]:
    """What is there and must not be, once the command has ended.

    Args:
      status: how it ended.
      said: all that it printed.
    """
    found: List[str] = []
    # Before parity's first line, Python itself tells how far it was.
    if not said.rstrip().endswith("KeyboardInterrupt") or _OWN in said:
      if status not in (0, 130, -signal.SIGINT):
        found.append(f"status {status}: {said[-300:]}")
      if "Traceback" in said:
        found.append(f"a traceback: {said[-600:]}")
    end = time.monotonic() + _END_SECONDS
    while processes_of(self.mark) and time.monotonic() < end:
      time.sleep(0.05)
    found += [f"process {pid} lives" for pid in processes_of(self.mark)]
    found += [f"{name} in TMPDIR" for name in os.listdir(self.temporary)]
    known = {"golden", "report.json", ".golden.lock"}
    found += [f"{n} is left" for n in set(os.listdir(self.outputs)) - known]
    return found + self._halves(status)

  def _halves(self, status: int) -> List[str]:
    found: List[str] = []
    if os.path.lexists(self.golden):
      try:
        recordings = bundle.read_golden(self.golden).golden.recordings
        if not recordings:
          found.append("a golden without recordings")
      except errors.GoldenError as error:
        found.append(f"half a golden: {error}")
    elif self.command == "update":
      found.append("the golden that was there is gone")
    elif self.command == "record" and status == 0:
      found.append("no golden, but status 0")
    if os.path.lexists(self.report):
      found += self._report_problems()
    elif self.command == "check" and status == 0:
      found.append("no report, but status 0")
    return found

  def _report_problems(self) -> List[str]:
    with open(self.report, encoding="utf-8") as file:
      text = file.read()
    try:
      report = json.loads(text)
    except ValueError:
      return ["half a report"]
    statuses = [check["status"] for check in report["checks"]]
    if report["verdict"] == "pass" and statuses != ["pass", "pass"]:
      return ["a report that passes and is not whole"]
    return []


def trial(place: Place, moment: float, signals: int) -> Trial:
  """Interrupts a command, and looks at what it leaves.

  Args:
    place: where it runs.
    moment: seconds after its start.
    signals: how often.
  """
  process = place.start()
  with contextlib.suppress(subprocess.TimeoutExpired):
    process.wait(moment)
  for _ in range(signals):
    process.send_signal(signal.SIGINT)
    time.sleep(_AGAIN_SECONDS)
  try:
    output, _ = process.communicate(timeout=_END_SECONDS)
  except subprocess.TimeoutExpired:
    process.kill()
    output, _ = process.communicate()
    late = [f"did not end within {_END_SECONDS:g} s"]
    return Trial(place.command, moment, signals, process.returncode, late)
  said = output.decode("utf-8", "replace")
  problems = place.problems(process.returncode, said)
  return Trial(place.command, moment, signals, process.returncode, problems)


def interrupted(
  count: int, *, seed: int, commands: Sequence[str] = _COMMANDS, jobs: int = 2
) -> Iterator[Trial]:
  """Interrupts commands at random moments, and tells what each left.

  Args:
    count: how many.
    seed: of the moments.
    commands: what to interrupt, in turn.
    jobs: how many at once.
  """
  rng = random.Random(seed)
  files = {"case.py": case_files.with_model("")}
  with contextlib.ExitStack() as stack:
    case = os.path.join(
      stack.enter_context(case_files.folder_of(files)), "case.py"
    )

    def place(command: str) -> Place:
      made = tempfile.TemporaryDirectory(prefix="parity-faults-")
      return Place(command, stack.enter_context(made), case)

    undisturbed = {name: place(name) for name in ("check", "record")}
    seconds = {name: each.run() for name, each in undisturbed.items()}
    # An update takes as long as a record.
    seconds["update"] = seconds["record"]
    pool = stack.enter_context(concurrent.futures.ThreadPoolExecutor(jobs))
    futures = []
    for number in range(count):
      command = commands[number % len(commands)]
      # Half of them late, where results are judged and written.
      first = rng.choice((0.0, 0.6))
      moment = rng.uniform(first, 1.1) * seconds[command]
      signals = rng.choice((1, 1, 2))
      made = place(command)
      if command == "update":
        shutil.copytree(undisturbed["record"].golden, made.golden)
      futures.append(pool.submit(trial, made, moment, signals))
    for future in futures:
      yield future.result()


def main(arguments: Sequence[str]) -> int:
  """The program; returns its exit status."""
  parser = argparse.ArgumentParser(
    prog="python -m testing.faults",
    description=__doc__,
    formatter_class=argparse.RawDescriptionHelpFormatter,
  )
  parser.add_argument("--interrupts", type=int, default=50)
  parser.add_argument("--seed", type=int, default=1, help="of the moments")
  parser.add_argument("--jobs", type=int, default=2, help="at once")
  chosen = parser.parse_args(arguments)
  start = time.monotonic()
  found: List[Trial] = []
  for each in interrupted(
    chosen.interrupts, seed=chosen.seed, jobs=chosen.jobs
  ):
    print(each, flush=True)
    found.append(each)
  bad = [each for each in found if each.problems]
  stopped = [each for each in found if each.status]
  print(
    f"{len(found)} interrupts, {len(stopped)} of them before the end;"
    f" {len(bad)} left something; {time.monotonic() - start:.0f} s"
  )
  return 1 if bad else 0


if __name__ == "__main__":
  sys.exit(main(sys.argv[1:]))
