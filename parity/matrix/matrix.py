"""Is it the same model in every cell? Each cell against one reference.

1. The tf1 side runs once, in the reference cell.
2. Each cell runs its side in a process of its own, all cases in it, so that
   TensorFlow is imported once a cell; as many cells at once as memory and cores
   allow.
3. Each is judged as `parity check` judges two sides, and explained: the
   reference stays there to be asked for more.

A cell that cannot run a case is an entry that says why, and stops no other.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import os
import threading
import time
from typing import Any, Callable, Dict, List, Optional, Sequence, Set, Tuple

from parity import errors
from parity import runner
from parity.checks import registry
from parity.environments import places
from parity.matrix import reference as reference_lib
from parity.records import matrix as matrix_lib
from parity.records import options as options_lib
from parity.runs import fulfilment
from parity.sides import golden_side
from parity.sides import side as side_lib

# What a process with TensorFlow and a model of the usual size takes.
_BYTES_A_CELL = 2 << 30
_SIDES = {"tf1": ("tf1",), "tf2": ("tf2",), "both": ("tf2", "tf1")}

# Makes the side that does the work in a cell: place, side's name, options.
MakeSide = Callable[[places.Place, str, options_lib.Options], side_lib.Side]


def run(
  targets: Sequence[str],
  *,
  cells: Sequence[places.Place],
  reference: places.Place,
  side: str = "tf2",
  options: Optional[options_lib.Options] = None,
  jobs: Optional[int] = None,
  watch: Optional[options_lib.Watcher] = None,
  make_side: Optional[MakeSide] = None,
) -> matrix_lib.Matrix:
  """Runs cases in cells, and judges each against the reference.

  Args:
    targets: case files, as the command line names them.
    cells: where to run.
    reference: whose tf1 side is the reference.
    side: `tf2` for the port, `tf1` for the legacy side itself, or `both`.
    options: how to run; interpreters and cells in it are replaced.
    jobs: how many cells at once; None for what memory and cores allow.
    watch: is told of each step, as of the side `CELL SIDE`.
    make_side: makes a side; None for a worker process.

  Returns:
    The matrix; a mismatch is in it, and never an exception.

  Raises:
    UsageError: nothing is left to run.
  """
  start = time.perf_counter()
  options = options or options_lib.Options()
  pairs, left_out = _pairs(cells, reference, side)
  if not pairs:
    reasons = "; ".join(f"{out.cell}: {out.reason}" for out in left_out)
    raise errors.UsageError(f"No cell is left to run in. {reasons}".rstrip())
  make_side = make_side or _worker
  with contextlib.ExitStack() as stack:
    doers: List[side_lib.Side] = []
    stack.callback(_close, doers)
    source = make_side(reference, "tf1", options)
    doers.append(source)
    shared = reference_lib.Reference(source)
    teller = _Teller(watch, reference.name)

    def work(pair: _Pair) -> Tuple[matrix_lib.Entry, ...]:
      doer = make_side(pair.place, pair.side, options)
      doers.append(doer)
      try:
        return _in_cell(targets, pair, shared, doer, options, teller)
      finally:
        doer.close()

    number = jobs or default_jobs(len(pairs))
    pool = stack.enter_context(concurrent.futures.ThreadPoolExecutor(number))
    futures = [pool.submit(work, pair) for pair in pairs]
    try:
      found = [future.result() for future in futures]
    except BaseException:
      for future in futures:
        future.cancel()
      # Else leaving the pool would wait for what still runs.
      _close(doers)
      raise
  by_case = [entry for row in zip(*found) for entry in row]
  identity = next((e.report.tf1 for e in by_case if e.report.tf1), None)
  return matrix_lib.Matrix(
    reference=reference.name,
    entries=tuple(by_case),
    left_out=tuple(left_out),
    seconds=time.perf_counter() - start,
    identity=identity,
  )


def default_jobs(number: int, *, free: Optional[int] = None) -> int:
  """How many cells may run at once beside the reference.

  Args:
    number: how many there are.
    free: bytes of free memory; None for what the machine says.
  """
  free = _free_memory() if free is None else free
  cores = len(os.sched_getaffinity(0))
  room = free // _BYTES_A_CELL - 1
  return max(1, min(number, cores, room))


def _free_memory() -> int:
  try:
    with open("/proc/meminfo", encoding="ascii") as file:
      for line in file:
        if line.startswith("MemAvailable:"):
          return int(line.split()[1]) * 1024
  except OSError:
    pass
  return 3 * _BYTES_A_CELL


@dataclasses.dataclass(frozen=True)
class _Pair:
  """A side in a cell."""

  place: places.Place
  side: str


def _pairs(
  cells: Sequence[places.Place], reference: places.Place, side: str
) -> Tuple[List[_Pair], List[matrix_lib.LeftOut]]:
  """What is to run where, and what is not."""
  if side not in _SIDES:
    raise errors.UsageError(
      f"A matrix has the sides {', '.join(_SIDES)}, not {side!r}."
    )
  pairs: List[_Pair] = []
  left_out: List[matrix_lib.LeftOut] = []
  for name in _SIDES[side]:
    for place in cells:
      if name == "tf1" and place.name == reference.name:
        reason = "its tf1 side is the reference"
      elif name == "tf2" and not place.has_tf2:
        reason = "TensorFlow 1 has no tf2 side"
      else:
        pairs.append(_Pair(place, name))
        continue
      left_out.append(matrix_lib.LeftOut(place.name, reason))
  return pairs, left_out


def _worker(
  place: places.Place, side: str, options: options_lib.Options
) -> side_lib.Side:
  settings: Dict[str, Any] = {
    f"{side}_python": place.python,
    f"{side}_cell": place.name,
  }
  changed = dataclasses.replace(options, **settings)
  return fulfilment.make_side(side, changed)


def _close(doers: Sequence[side_lib.Side]) -> None:
  for doer in list(doers):
    doer.close()


def _in_cell(
  targets: Sequence[str],
  pair: _Pair,
  shared: reference_lib.Reference,
  doer: side_lib.Side,
  options: options_lib.Options,
  teller: _Teller,
) -> Tuple[matrix_lib.Entry, ...]:
  """All cases in one cell."""
  other, checks = doer, registry.CHECKS
  if pair.side == "tf1":
    other = golden_side.RoleSide(doer, own="tf1", role="tf2")
    checks = golden_side.checks_within("tf1", registry.CHECKS)
  sides = fulfilment.Sides(shared.view(), other)
  entries: List[matrix_lib.Entry] = []
  for target in targets:
    try:
      report = runner.check_one(
        sides,
        target,
        options=options,
        watch=teller.of(pair),
        checks=checks,
      )
    except (errors.ParityError, MemoryError, OSError) as error:
      report = runner.failed_report(target, error)
    entries.append(
      matrix_lib.Entry(
        target, pair.place.name, pair.side, pair.place.gates, report
      )
    )
  return tuple(entries)


class _Teller:
  """Tells a watcher in which cell a step is taken, the reference's once."""

  def __init__(
    self, watch: Optional[options_lib.Watcher], reference: str
  ) -> None:
    self._watch = watch
    self._reference = reference
    self._told: Set[Tuple[str, str]] = set()
    self._lock = threading.Lock()

  def of(self, pair: _Pair) -> Optional[options_lib.Watcher]:
    """A watcher for one cell."""
    watch = self._watch
    if watch is None:
      return None

    def tell(step: options_lib.Progress) -> None:
      label = f"{pair.place.name} {pair.side}"
      if step.side == "tf1":
        label = f"{self._reference} reference"
        key = (step.case, step.stage)
        with self._lock:
          if key in self._told:
            return
          self._told.add(key)
      assert watch is not None
      watch(dataclasses.replace(step, side=label))

    return tell
