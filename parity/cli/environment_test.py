"""Tests of parity.cli.environment, with probes that end as real ones may."""

from __future__ import annotations

import sys

from absl.testing import absltest

from parity.cli import environment
from parity.records import options as options_lib

_PYTHON_LINE = (
  'print(\'parity.doctor {"subject": "Python", "status": "ok", "found": "3",'
  ' "advice": ""}\', flush=True)\n'
)


def _examine(code, *, timeout=60.0):
  return environment.examine(
    options=options_lib.Options(),
    timeout=timeout,
    command=(sys.executable, "-c", "import os, sys, time\n" + code),
  )


class ExamineTest(absltest.TestCase):
  def test_lines_are_read_whatever_else_is_printed(self):
    found = _examine(
      "print('hello')\n" + _PYTHON_LINE + "print('parity.doctor done')"
    )
    self.assertEqual([line.subject for line in found], ["Python"])

  def test_a_crash_is_a_line_that_keeps_what_was_found_before(self):
    found = _examine(
      _PYTHON_LINE
      + "sys.stderr.write('Illegal instruction\\n'); sys.stderr.flush()\n"
      + "os.abort()"
    )
    self.assertEqual([line.subject for line in found], ["Python", "probe"])
    self.assertEqual(found[-1].status, "missing")
    self.assertIn("was killed by SIGABRT", found[-1].found)
    self.assertIn("after it had looked at Python", found[-1].found)
    self.assertIn("Illegal instruction", found[-1].found)
    self.assertIn("Importing TensorFlow ends the process", found[-1].advice)

  def test_a_silent_end_is_a_line(self):
    (found,) = _examine("sys.exit(0)")
    self.assertEqual(found.status, "missing")
    self.assertIn("ended with status 0", found.found)

  def test_a_probe_that_hangs_is_stopped(self):
    found = _examine(_PYTHON_LINE + "time.sleep(60)", timeout=2.0)
    self.assertEqual([line.subject for line in found], ["Python", "probe"])
    self.assertIn("did not end within 2 s", found[-1].found)

  def test_an_interpreter_that_is_not_there_is_a_line(self):
    (found,) = environment.examine(
      options=options_lib.Options(tf2_python="/nowhere/python")
    )
    self.assertEqual(found.status, "missing")
    self.assertIn("/nowhere/python does not start", found.found)


if __name__ == "__main__":
  absltest.main()
