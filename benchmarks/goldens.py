"""What do goldens cost as they grow: time, and memory beyond their own files?

    python -m benchmarks.goldens 1024 4096 10240

makes, for each size in MiB, two goldens that differ by rounding, and measures
how long it takes to write one, to read it (every checksum is verified), and to
`diff` the two, each in a process of its own, with the peak of the memory that
is the process's own. The arrays are mapped from files, so that peak says what
`parity` adds to a model's own memory: it must not grow, and seconds per GiB
must not either. Making the values is told apart (`make`). Seconds are of the
clock and of the processor: the disk, and others at work, are in the former.
Three times the size must be free on the disk; all of it is removed afterwards,
also after an interrupt.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from typing import Any, Callable, Dict, Sequence

import numpy as np

from parity import verifier
from parity.golden import bundle
from parity.records import options as options_lib
from testing import fakes

_ROOT = pathlib.Path(__file__).resolve().parent.parent
_MIB = 1 << 20
# Of each variable: 16 MiB.
_ROWS, _COLUMNS = 4096, 1024
_PIECE = _ROWS * _COLUMNS


def _values(folder: str, mib: int, *, seed: int, mode: str) -> Any:
  """The arrays of a golden of so many MiB, mapped from a file of the folder."""
  shape = (max(1, mib // 16), _ROWS, _COLUMNS)
  path = os.path.join(folder, f"values-{seed}")
  return np.memmap(path, np.float32, mode, shape=shape)


def make_values(folder: str, mib: int, *, seed: int) -> None:
  """Makes the arrays; those of another seed differ by rounding."""
  values = _values(folder, mib, seed=seed, mode="w+")
  rng = np.random.RandomState(0)
  base = rng.standard_normal(_PIECE).astype(np.float32)
  moved = np.nextafter(base, np.float32(seed)).reshape(_ROWS, _COLUMNS)
  for place, value in enumerate(values):
    np.multiply(moved, np.float32(1 + place / len(values)), out=value)
  values.flush()


def make_golden(folder: str, mib: int, *, seed: int) -> Any:
  """A golden of arrays that were made."""
  values = _values(folder, mib, seed=seed, mode="r")
  variables = tuple(
    dataclasses.replace(
      fakes.make_variable(f"net/kernel_{place}", (1, 1)),
      shape=(_ROWS, _COLUMNS),
      initial=value,
      final=value,
    )
    for place, value in enumerate(values)
  )
  return fakes.make_golden(fakes.make_recording(variables=variables))


def make(folder: str, mib: int) -> None:
  """Makes the arrays of the first golden."""
  make_values(folder, mib, seed=1)


def write(folder: str, mib: int) -> None:
  """Writes the first golden; its arrays must be there."""
  golden = make_golden(folder, mib, seed=1)
  bundle.write_golden(os.path.join(folder, "one"), golden)
  os.unlink(os.path.join(folder, "values-1"))


def make_other(folder: str, mib: int) -> None:
  """Makes the arrays of the second golden."""
  make_values(folder, mib, seed=2)


def write_other(folder: str, mib: int) -> None:
  """Writes the second golden; its arrays must be there."""
  golden = make_golden(folder, mib, seed=2)
  bundle.write_golden(os.path.join(folder, "two"), golden)
  os.unlink(os.path.join(folder, "values-2"))


def read(folder: str, unused_mib: int) -> None:
  """Reads and verifies one golden."""
  bundle.read_golden(os.path.join(folder, "one"))


def diff(folder: str, unused_mib: int) -> None:
  """Compares both; every tensor must have been compared, and agree."""
  options = options_lib.Options(steps=("random_inference",))
  report = verifier.diff(
    os.path.join(folder, "one"), os.path.join(folder, "two"), options=options
  )
  compared = sum(len(check.comparisons) for check in report.checks)
  if report.verdict != "pass" or compared < 2:
    raise SystemExit(f"{report.verdict}, {compared} pairs were compared.")


WORK: Dict[str, Callable[[str, int], None]] = {
  "make": make,
  "write": write,
  "make the other": make_other,
  "write the other": write_other,
  "read": read,
  "diff": diff,
}


def own_mib() -> float:
  """The memory of this process that no file stands behind, in MiB."""
  with open("/proc/self/status", encoding="ascii") as stream:
    lines = [line for line in stream if line.startswith("RssAnon")]
  return int(lines[0].split()[1]) / 1024


def measured(work: Callable[[str, int], None], folder: str, mib: int) -> Any:
  """Seconds of a piece of work, and by how much its own memory grew, in MiB."""
  before = own_mib()
  peak = [before]
  done = threading.Event()

  def watch() -> None:
    while not done.wait(0.02):
      peak[0] = max(peak[0], own_mib())

  watcher = threading.Thread(target=watch)
  watcher.start()
  start, busy = time.perf_counter(), time.process_time()
  try:
    work(folder, mib)
  finally:
    seconds = time.perf_counter() - start
    busy = time.process_time() - busy
    done.set()
    watcher.join()
  most = max(peak[0], own_mib()) - before
  return {"seconds": seconds, "busy": busy, "mib": most}


def curve(sizes: Sequence[int], parent: str) -> None:
  """Prints a line for each size and piece of work."""
  print(
    "    size  work             seconds   s per GiB (processor)  own memory"
  )
  for mib in sizes:
    if shutil.disk_usage(parent).free < 4 * mib * _MIB:
      raise SystemExit(f"{parent} has no room for {3 * mib} MiB.")
    with tempfile.TemporaryDirectory(dir=parent, prefix="goldens-") as folder:
      for name in WORK:
        command = [sys.executable, "-m", "benchmarks.goldens", str(mib)]
        command += ["--work", name, "--folder", folder]
        text = subprocess.check_output(command, cwd=str(_ROOT), text=True)
        found = json.loads(text)
        gib = mib / 1024
        print(
          f"{mib:5d} MiB  {name:<15}{found['seconds']:8.2f} s"
          f"{found['seconds'] / gib:10.2f} ({found['busy'] / gib:.2f})"
          f"  {found['mib']:12.0f} MiB",
          flush=True,
        )


def main() -> None:
  """Runs the curve, or in a process of its own one piece of work."""
  parser = argparse.ArgumentParser(
    description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
  )
  parser.add_argument("mib", type=int, nargs="+")
  parser.add_argument("--folder", default=tempfile.gettempdir())
  parser.add_argument("--work", choices=tuple(WORK), help=argparse.SUPPRESS)
  arguments = parser.parse_args()
  if min(arguments.mib) < 16:
    parser.error("a size must be at least 16 MiB")
  if arguments.work is None:
    curve(arguments.mib, arguments.folder)
    return
  work = WORK[arguments.work]
  print(json.dumps(measured(work, arguments.folder, arguments.mib[0])))


if __name__ == "__main__":
  main()
