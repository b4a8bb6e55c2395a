r"""How does a person see that the work goes on?

On a terminal one live line a side: the case, the stage, how far it is, how long
it has taken; it vanishes when the work is done. Elsewhere one plain line a
stage, with the seconds since the start, so that a log shows where time went and
where a hanging run hangs. Both are watchers of the pipeline and may be called
from several threads.

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
from typing import Callable, Dict, Iterator

from rich import console as rich_console
from rich import markup as rich_markup
from rich import progress as rich_progress

from parity.records import options as options_lib


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
    rich_progress.SpinnerColumn(spinner_name="line"),
    rich_progress.TextColumn("{task.description}"),
    rich_progress.TextColumn("{task.completed:.0f} of {task.total:.0f}"),
    rich_progress.TimeElapsedColumn(),
    console=console,
    transient=True,
  )
  with live:
    yield LiveWatcher(live)


class LiveWatcher:
  """Keeps one live line for each side."""

  def __init__(self, live: rich_progress.Progress) -> None:
    self._live = live
    self._tasks: Dict[str, rich_progress.TaskID] = {}
    self._lock = threading.Lock()

  def __call__(self, step: options_lib.Progress) -> None:
    """Moves the side's line on."""
    text = rich_markup.escape(f"{step.case}  {step.side}  {step.stage}")
    total = max(step.total, step.done)
    with self._lock:
      if step.side not in self._tasks:
        self._tasks[step.side] = self._live.add_task(text, total=total)
      self._live.update(
        self._tasks[step.side],
        description=text,
        completed=step.done,
        total=total,
      )


class PlainWatcher:
  """Prints one line a stage."""

  def __init__(
    self, console: rich_console.Console, *, clock: Callable[[], float]
  ) -> None:
    self._console = console
    self._clock = clock
    self._start = clock()
    self._lock = threading.Lock()

  def __call__(self, step: options_lib.Progress) -> None:
    """Prints the step's line."""
    passed = self._clock() - self._start
    text = (
      f"[{passed:6.1f} s] {step.case} {step.side}: {step.stage}"
      f" ({step.done} of {max(step.total, step.done)} done)"
    )
    with self._lock:
      self._console.print(
        text, soft_wrap=True, highlight=False, markup=False, emoji=False
      )
