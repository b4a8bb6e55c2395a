"""Tests of parity.report.terminal."""

from __future__ import annotations

import io

from absl.testing import absltest
from absl.testing import parameterized
from rich import console as rich_console

from parity.records import report as report_lib
from parity.records import vocabulary
from parity.report import terminal
from testing import fakes

_NAMES = tuple(vocabulary.CHECKS)


def _plain(report, *, width=80, verbosity=0):
  stream = io.StringIO()
  console = terminal.make_console(stream, width=width)
  terminal.print_report(report, console=console, verbosity=verbosity)
  return stream.getvalue().splitlines()


def _failing():
  """A report as a bad day makes it: one root cause in three checks."""
  finding = fakes.make_finding(
    "constant",
    message="The residual scale is 0.17 on the tf1 side and 0.18 in the port;"
    " every later end point follows from that.",
    where=fakes.make_where(output="1/Mixed_5b"),
  )
  failed = [
    fakes.make_check(
      name,
      "fail",
      findings=(finding,),
      comparisons=(fakes.make_comparison("1/Mixed_5b", "beyond"),),
    )
    for name in _NAMES[3:6]
  ]
  passed = [fakes.make_check(name) for name in _NAMES[:3]]
  return fakes.make_report(*passed, *failed, command="parity check f.py")


class LayoutTest(parameterized.TestCase):
  @parameterized.product(width=(80, 120), verbosity=(-1, 0, 1, 2))
  def test_no_line_is_wider_than_the_terminal(self, width, verbosity):
    for report in (fakes.make_report(), _failing()):
      for line in _plain(report, width=width, verbosity=verbosity):
        self.assertLessEqual(len(line), width, line)
        self.assertEqual(line, line.encode("ascii").decode())

  def test_a_failing_report_fits_one_screen(self):
    self.assertLessEqual(len(_plain(_failing())), 30)

  def test_a_hundred_findings_still_fit_a_screen_and_are_counted(self):
    findings = tuple(
      fakes.make_finding(
        "variable_missing",
        message=f"layer_{number} is not in the port.",
        where=report_lib.Where(variable=f"layer_{number}"),
      )
      for number in range(100)
    )
    report = fakes.make_report(
      fakes.make_check("variables_match", "fail", findings=findings)
    )
    brief = _plain(report)
    self.assertLessEqual(len(brief), 45)
    self.assertIn("... 89 more findings, see -v", brief)
    self.assertIn(
      "100. variable_missing", "\n".join(_plain(report, verbosity=1))
    )

  def test_rows_line_up_whatever_the_figures(self):
    checks = [
      fakes.make_check(_NAMES[0], seconds=754.0),
      fakes.make_check(_NAMES[1], "fail", seconds=0.0),
      fakes.make_check(_NAMES[2], "error", reason="reason " * 30),
      fakes.make_check(_NAMES[3], comparisons=(), summary="word " * 30),
    ]
    lines = _plain(fakes.make_report(*checks))
    head = next(n for n, line in enumerate(lines) if line.startswith("check "))
    for line in lines[head : head + 5]:
      self.assertLen(line, 80)


class ContentTest(absltest.TestCase):
  def test_the_verdict_is_the_last_line(self):
    self.assertEqual(
      _plain(fakes.make_report())[-1],
      "PASS  my_model: 2 checks passed, 12.3 s",
    )
    failing = _plain(fakes.make_report(fakes.make_check(status="fail")))
    self.assertEqual(failing[-1], "FAIL  my_model: 1 of 1 check failed, 12.3 s")

  def test_a_cause_that_three_checks_met_is_told_once(self):
    text = "\n".join(_plain(_failing()))
    self.assertEqual(text.count("The residual scale"), 1)
    self.assertIn(
      "1. constant  in random_inference, also in random_training,"
      " random_functional",
      text,
    )

  def test_a_row_has_check_status_figure_and_time(self):
    text = _plain(fakes.make_report(fakes.make_check(_NAMES[3])))
    (row,) = [line for line in text if line.startswith(_NAMES[3])]
    self.assertEqual(
      " ".join(row.split()),
      "random_inference pass 0.00404x tolerance, 3 ulp, 1 pair 1.2 s",
    )

  def test_a_reason_that_has_no_room_in_its_row_is_told_below(self):
    reason = "the port is a callable, and only a Keras layer can be embedded"
    report = fakes.make_report(
      fakes.make_check(_NAMES[4]),
      fakes.make_check(_NAMES[5], "skip", reason=reason),
    )
    text = " ".join(" ".join(_plain(report)).split())
    self.assertIn(f"skip: random_functional: {reason}", text)
    short = fakes.make_report(fakes.make_check(_NAMES[5], "skip"))
    self.assertNotIn("skip: random", "\n".join(_plain(short)))

  def test_what_broke_every_check_is_told_once_with_its_lines(self):
    reason = "The process of the tf2 side died.\nIts last output:\n  killed"
    report = fakes.make_report(
      *[fakes.make_check(name, "error", reason=reason) for name in _NAMES[:3]]
    )
    text = _plain(report)
    self.assertIn("    killed", text)
    self.assertLen([line for line in text if "Its last output:" in line], 1)
    self.assertLen(_plain(report, verbosity=-1), 2)

  def test_one_line_that_breaks_several_checks_is_told_once(self):
    frame = "\n  /home/me/net.py:7 in call: x = x[key]"
    reasons = [f"The port raised, training={t}.{frame}" for t in (False, True)]
    report = fakes.make_report(
      fakes.make_check(_NAMES[0], "error", reason=reasons[0]),
      fakes.make_check(_NAMES[1], "error", reason=reasons[1]),
      fakes.make_check(
        _NAMES[2], "error", reason=reasons[1].replace(":7", ":8")
      ),
    )
    text = "\n".join(_plain(report))
    self.assertEqual(text.count("net.py:7 in call"), 1)
    self.assertEqual(text.count("net.py:8 in call"), 1)
    brief = _plain(report, verbosity=-1)
    self.assertLen(brief, 3)
    self.assertStartsWith(brief[0], "  error: /home/me/net.py:7: The port")
    told = "\n".join(_plain(report, verbosity=1))
    self.assertEqual(told.count("net.py:7 in call"), 2)

  def test_of_a_long_reason_the_line_that_raised_stays(self):
    reason = (
      "The port raised.\n" + "word\n" * 40 + "  /home/me/net.py:7 in call"
    )
    report = fakes.make_report(
      fakes.make_check(_NAMES[0], "error", reason=reason)
    )
    text = _plain(report)
    self.assertIn("    /home/me/net.py:7 in call", text)
    self.assertLess(len(text), 30)

  def test_an_error_without_a_check_is_told_with_its_lines(self):
    report = report_lib.Report(
      case="net", verdict="error", error='tf1 raised:\n  File "m.py", line 3'
    )
    for verbosity in (-1, 0):
      lines = _plain(report, verbosity=verbosity)
      self.assertIn('  File "m.py", line 3', lines)
      self.assertEqual(lines[-1], "ERROR net: no check ran, 0.0 s")

  def test_a_rounding_note_does_not_look_like_a_failure(self):
    check = fakes.make_check(
      findings=(fakes.make_finding("rounding", is_note=True),)
    )
    text = "\n".join(_plain(fakes.make_report(check)))
    self.assertIn("1. rounding  note  in random_inference", text)
    self.assertNotIn("FAIL", text)

  def test_a_note_that_several_checks_made_is_told_once(self):
    report = fakes.make_report(
      *[fakes.make_check(name, notes=("Tiny values.",)) for name in _NAMES[2:4]]
    )
    text = _plain(report)
    self.assertIn(
      "note    constant_weights, random_inference: Tiny values.", text
    )

  def test_every_pair_is_shown_with_two_v(self):
    report = fakes.make_report(
      fakes.make_check(comparisons=(fakes.make_comparison("a", "equal"),))
    )
    self.assertIn(
      "  output a | bit-equal | 20 elements", _plain(report, verbosity=2)
    )
    self.assertNotIn("bit-equal | 20", "\n".join(_plain(report, verbosity=1)))

  def test_quiet_is_a_line_a_finding_and_the_verdict(self):
    lines = _plain(_failing(), verbosity=-1)
    self.assertLen(lines, 2)
    self.assertStartsWith(
      lines[0], "  constant ported/model.py:20 1/Mixed_5b: The residual"
    )
    self.assertStartsWith(lines[1], "FAIL  my_model")

  def test_quiet_still_says_why_a_check_could_not_run(self):
    report = fakes.make_report(fakes.make_check(status="error"))
    self.assertIn("worker was killed", _plain(report, verbosity=-1)[0])

  def test_two_sides_in_two_cells_have_a_line_each(self):
    report = fakes.make_report(tf1=fakes.make_identity(cell="tf1.15"))
    text = _plain(report)
    self.assertStartsWith(text[1], "tf1     tf1.15: TensorFlow")
    self.assertTrue(any(line.startswith("tf2     tf2.21:") for line in text))
    same = _plain(fakes.make_report())
    self.assertStartsWith(same[1], "both    tf2.21:")

  def test_names_are_never_read_as_markup(self):
    report = fakes.make_report(case="net[bold]:smile:[/]")
    self.assertStartsWith(_plain(report)[0], "net[bold]:smile:[/]")


class ColourTest(absltest.TestCase):
  def _coloured(self, **settings):
    stream = io.StringIO()
    console = rich_console.Console(
      file=stream,
      force_terminal=True,
      width=80,
      color_system="standard",
      **settings,
    )
    terminal.print_report(_failing(), console=console)
    return stream.getvalue()

  def test_a_terminal_gets_colour_and_the_same_lines(self):
    text = self._coloured(no_color=False)
    self.assertIn("\x1b[1;37;41mFAIL\x1b[0m", text)
    plain = rich_console.Console(file=io.StringIO(), width=80)
    plain.print(terminal.rich_text.Text.from_ansi(text), soft_wrap=True, end="")
    self.assertEqual(plain.file.getvalue().splitlines(), _plain(_failing()))

  def test_no_color_has_no_colour_codes(self):
    text = self._coloured(no_color=True)
    self.assertNotRegex(text, r"\x1b\[[0-9;]*(3[0-7]|4[0-7])m")

  def test_a_pipe_gets_no_escape_at_all(self):
    self.assertNotIn("\x1b", "\n".join(_plain(_failing())))


if __name__ == "__main__":
  absltest.main()
