"""Tests of parity.report.progress."""

from __future__ import annotations

import dataclasses
import doctest
import io
import threading

from absl.testing import absltest
from rich import console as rich_console

from parity.records import options as options_lib
from parity.report import progress
from parity.report import terminal


def _step(side="tf1", stage="graph, training", done=1, total=4):
  return options_lib.Progress("net[0]", side, stage, done, total)


class PlainTest(absltest.TestCase):
  def test_a_line_a_stage_with_the_time_since_the_start(self):
    stream = io.StringIO()
    times = iter([10.0, 10.5, 10.5, 73.25, 73.25])
    console = terminal.make_console(stream)
    with progress.watching(console, clock=lambda: next(times)) as watch:
      watch(_step())
      watch(_step("tf2", "eager, a very long stage " + "x" * 80, 5, 4))
    self.assertEqual(
      stream.getvalue().splitlines(),
      [
        "[   0.5 s] net[0] tf1: graph, training (1 of 4 done)",
        "[  63.2 s] net[0] tf2: eager, a very long stage "
        + "x" * 80
        + " (5 of 5 done)",
      ],
    )

  def test_checks_and_the_time_left_are_told(self):
    stream = io.StringIO()
    now = [0.0]
    console = terminal.make_console(stream)
    with progress.watching(console, clock=lambda: now[0]) as watch:
      for done in range(4):
        watch(dataclasses.replace(_step(done=done), checks=("gradients",)))
        now[0] += 10.0
    shown = stream.getvalue().splitlines()
    self.assertEndsWith(
      shown[0], "tf1: gradients: graph, training (0 of 4 done)"
    )
    self.assertEndsWith(shown[1], "(1 of 4 done, about 30.0 s left)")
    self.assertEndsWith(shown[3], "(3 of 4 done, about 10.0 s left)")

  def test_lines_of_two_threads_do_not_mix(self):
    stream = io.StringIO()
    with progress.watching(terminal.make_console(stream)) as watch:

      def work(side):
        for done in range(50):
          watch(_step(side, done=done, total=50))

      threads = [
        threading.Thread(target=work, args=(side,)) for side in ("tf1", "tf2")
      ]
      for thread in threads:
        thread.start()
      for thread in threads:
        thread.join()
    lines = stream.getvalue().splitlines()
    self.assertLen(lines, 100)
    for line in lines:
      self.assertRegex(line, r"^\[ .* s\] net\[0\] tf[12]: .* of 50 done.*\)$")

  def test_examples_of_the_docstrings(self):
    self.assertEqual(doctest.testmod(progress).failed, 0)


class LiveTest(absltest.TestCase):
  def test_a_line_a_side_that_vanishes(self):
    stream = io.StringIO()
    console = rich_console.Console(
      file=stream, force_terminal=True, width=80, _environ={"TERM": "xterm"}
    )
    with progress.watching(console) as watch:
      self.assertIsInstance(watch, progress.LiveWatcher)
      watch(_step())
      watch(_step("tf2", "eager"))
      watch(_step(done=2, total=6))
    shown = stream.getvalue()
    self.assertIn("net[0]", shown)
    self.assertIn("tf1    graph, training", shown)
    self.assertIn("tf2    eager", shown)
    self.assertIn("2 of 6", shown)
    self.assertIn("\x1b[2K", shown)

  def test_a_side_is_shown_at_one_case_and_others_at_theirs(self):
    stream = io.StringIO()
    console = rich_console.Console(
      file=stream, force_terminal=True, width=80, _environ={"TERM": "xterm"}
    )
    with progress.watching(console) as watch:
      watch(_step("tf2.8 tf2", "slow"))
      watch(_step("tf2.12 tf2", "of the first"))
      watch(_step("driver", "explaining"))
      watch(dataclasses.replace(_step("tf2.12 tf2", "on"), case="second"))
      stream.truncate(0)
      stream.seek(0)
      watch._live.refresh()
      both = stream.getvalue()
      watch(dataclasses.replace(_step("tf2.8 tf2", "on"), case="second"))
      stream.truncate(0)
      stream.seek(0)
      watch._live.refresh()
      second = stream.getvalue()
    for part in ("net[0]", "tf2.8 tf2 slow", "second", "tf2.12 tf2 on"):
      self.assertIn(part, both)
    self.assertNotIn("of the first", both)
    self.assertIn("tf2.8 tf2 on", second)
    for part in ("net[0]", "slow", "explaining"):
      self.assertNotIn(part, second)

  def test_a_name_steers_no_terminal(self):
    stream = io.StringIO()
    console = rich_console.Console(
      file=stream, force_terminal=True, width=80, _environ={"TERM": "xterm"}
    )
    step = dataclasses.replace(_step(stage="a\x1b]0;s"), case="c\x1b]0;n")
    with progress.watching(console) as watch:
      watch(step)
    self.assertNotIn("\x1b]0;", stream.getvalue())
    self.assertIn("c\\x1b]0;n", stream.getvalue())
    self.assertIn("a\\x1b]0;s", stream.getvalue())

  def test_a_long_line_is_cut_before_its_figures(self):
    stream = io.StringIO()
    console = rich_console.Console(
      file=stream, force_terminal=True, width=60, _environ={"TERM": "xterm"}
    )
    with progress.watching(console) as watch:
      watch(_step(stage="x" * 100))
    self.assertIn("1 of 4", stream.getvalue())
    self.assertIn("0:00:00", stream.getvalue())

  def test_a_dumb_terminal_gets_plain_lines(self):
    console = rich_console.Console(
      file=io.StringIO(), force_terminal=True, _environ={"TERM": "dumb"}
    )
    with progress.watching(console) as watch:
      self.assertIsInstance(watch, progress.PlainWatcher)


if __name__ == "__main__":
  absltest.main()
