r"""How does a person see that the work goes on?

On a terminal the case, and below it one live line a side: what it runs and for
which check, how far it is, how long it has taken and about how long it will
take; all vanish when the work is done. Elsewhere one plain line a stage, with
the seconds since the start, so that a log shows where time went and where a
hanging run hangs. Both are watchers of the pipeline and may be called from
several threads.

The time left is what the stages of a side took so far, times those that are
left: a rough word, since stages are unlike, and given only after the first.

>>> import io
>>> from parity.report import terminal
>>> stream = io.StringIO()
>>> with watching(terminal.make_console(stream)) as watch:
...   watch(options_lib.Progress("net", "tf1", "graph, training", 1, 4))
>>> stream.getvalue().split("s] ")[1]
'net tf1: graph, training (1 of 4 done)\n'
"""

from __future__ import annotations

import contextlib
import threading
import time
from typing import Callable, Dict, Iterator, Optional, Tuple

from rich import console as rich_console
from rich import markup as rich_markup
from rich import progress as rich_progress
from rich import table as rich_table

from parity.records import options as options_lib
from parity.report import figures
from parity.report import printable


@contextlib.contextmanager
def watching(
  console: rich_console.Console, *, clock: Callable[[], float] = time.monotonic
) -> Iterator[options_lib.Watcher]:
  """A watcher for as long as the work lasts, live where the console can.

  Args:
    console: where to show it; the error stream's, so that reports stay clean.
    clock: seconds since some moment.

  Yields:
    A callable that takes a Progress.
  """
  if not console.is_terminal or console.is_dumb_terminal:
    yield PlainWatcher(console, clock=clock)
    return
  live = rich_progress.Progress(
    rich_progress.SpinnerColumn(spinner_name="line", finished_text=" "),
    rich_progress.TextColumn(
      "{task.description}",
      table_column=rich_table.Column(
        ratio=1, no_wrap=True, overflow="ellipsis"
      ),
    ),
    rich_progress.TextColumn("{task.fields[count]}", table_column=_fixed(7)),
    rich_progress.TimeElapsedColumn(table_column=_fixed(7)),
    rich_progress.TextColumn("{task.fields[left]}", table_column=_fixed(0)),
    console=console,
    transient=True,
    expand=True,
  )
  with live:
    yield LiveWatcher(live, clock=clock)


def _fixed(width: int) -> rich_table.Column:
  """A column that is never cut in favour of the description."""
  return rich_table.Column(no_wrap=True, min_width=width, justify="right")


class _Pace:
  """How long the stages of each side take.

  Sides work at once, and a case after another, so each has its own pace.
  """

  def __init__(self, clock: Callable[[], float]) -> None:
    self._clock = clock
    self._starts: Dict[Tuple[str, str], Tuple[float, int]] = {}

  def left(self, step: options_lib.Progress) -> Optional[float]:
    """About how many seconds a side still needs; None before it is known."""
    now = self._clock()
    start, before = self._starts.setdefault(
      (step.case, step.side), (now, step.done)
    )
    done = step.done - before
    if done < 1 or step.done >= step.total:
      return None
    return (now - start) / done * (step.total - step.done)


def _in_words(seconds: Optional[float]) -> str:
  if seconds is None:
    return ""
  return f"about {figures.seconds(max(float(round(seconds)), 1.0))} left"


def _stage(step: options_lib.Progress) -> str:
  return printable.printable(
    ": ".join(part for part in (", ".join(step.checks), step.stage) if part)
  )


class LiveWatcher:
  """Keeps a live line for the case, and one for each side below it."""

  def __init__(
    self,
    live: rich_progress.Progress,
    *,
    clock: Callable[[], float] = time.monotonic,
  ) -> None:
    self._live = live
    self._headings: Dict[str, rich_progress.TaskID] = {}
    self._tasks: Dict[str, Dict[str, rich_progress.TaskID]] = {}
    self._pace = _Pace(clock)
    self._lock = threading.Lock()

  def __call__(self, step: options_lib.Progress) -> None:
    """Moves the side's line on."""
    total = max(step.total, step.done)
    with self._lock:
      left = _in_words(self._pace.left(step))
      self._live.update(
        self._line(step.case, step.side),
        description=rich_markup.escape(f"{step.side:<6} {_stage(step)}"),
        completed=step.done,
        total=total,
        count=f"{step.done} of {total}",
        left=left,
      )

  def _line(self, case: str, side: str) -> rich_progress.TaskID:
    """The line of a side, below that of its case; a side is at one case."""
    for other in list(self._tasks):
      if other != case and side in self._tasks[other]:
        self._live.remove_task(self._tasks[other].pop(side))
        if set(self._tasks[other]) <= {"driver"}:
          self._end(other)
    if case not in self._tasks:
      self._headings[case] = self._add(
        rich_markup.escape(printable.printable(case))
      )
      self._tasks[case] = {}
    lines = self._tasks[case]
    if side not in lines:
      lines[side] = self._add("")
    return lines[side]

  def _add(self, text: str) -> rich_progress.TaskID:
    return self._live.add_task(text, count="", left="")

  def _end(self, case: str) -> None:
    for task in (self._headings.pop(case), *self._tasks.pop(case).values()):
      self._live.remove_task(task)


class PlainWatcher:
  """Prints one line a stage."""

  def __init__(
    self, console: rich_console.Console, *, clock: Callable[[], float]
  ) -> None:
    self._console = console
    self._clock = clock
    self._start = clock()
    self._pace = _Pace(clock)
    self._lock = threading.Lock()

  def __call__(self, step: options_lib.Progress) -> None:
    """Prints the step's line."""
    passed = self._clock() - self._start
    with self._lock:
      left = _in_words(self._pace.left(step))
      text = (
        f"[{passed:6.1f} s] {step.case} {step.side}: {_stage(step)}"
        f" ({step.done} of {max(step.total, step.done)} done"
        f"{', ' + left if left else ''})"
      )
      self._console.print(
        printable.lines([text])[0],
        soft_wrap=True,
        highlight=False,
        markup=False,
        emoji=False,
      )
