"""Tests of parity.cli.main: what a prompt gets back."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import time

from absl.testing import absltest
from absl.testing import parameterized

from parity import errors
from parity.cli import main
from parity.cli import services as services_lib
from testing import fakes

_ROOT = os.path.dirname(
  os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
)


def _run(*argv, check_files=None):
  """Exit status, standard output and standard error of a command line."""
  services = services_lib.Services(check_files=check_files or _pass)
  out, err = io.StringIO(), io.StringIO()
  with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
    status = main.main(argv, services=services)
  return status, out.getvalue(), err.getvalue()


def _pass(targets, *, options, watch):
  del targets, options, watch
  return (fakes.make_report(),)


def _raise(error):
  def check_files(targets, *, options, watch):
    del targets, options, watch
    raise error

  return check_files


class UsageTest(parameterized.TestCase):
  @parameterized.parameters(
    (("chek", "a.py"), "no command 'chek'; did you mean 'check'?"),
    (
      ("check", "a.py", "--stric"),
      "no flag '--stric'; did you mean '--strict'?",
    ),
    (("check", "a.py", "--tmeout=3"), "did you mean '--timeout'?"),
    (("--verson",), "no flag '--verson'; did you mean '--version'?"),
    (("check",), "required: FILE[:NAME]; see `parity check --help`."),
    (("check", "a.py", "--steps", "gradient"), "did you mean 'gradients'?"),
    (("check", "a.py", "--seed", "x"), "a seed is a whole number"),
    (("check", "a.py", "--timeout", "0"), "a number of seconds above 0"),
    (("check", "a.py", "--numerics", "loose"), "invalid choice: 'loose'"),
    (("check", "a.py", "-q", "-v"), "not allowed with"),
    (("doctor", "a.py"), "takes no argument 'a.py'"),
  )
  def test_bad_usage_is_one_sentence_and_2(self, argv, told):
    status, out, err = _run(*argv)
    self.assertEqual(status, 2)
    self.assertEqual(out, "")
    self.assertStartsWith(err, "parity: ")
    self.assertIn(told, err)
    self.assertLen(err.splitlines(), 1)

  def test_no_command_shows_the_help_and_2(self):
    status, out, err = _run()
    self.assertEqual((status, out), (2, ""))
    self.assertIn("usage: parity", err)

  def test_help_has_an_example_and_0(self):
    for argv in (("--help",), ("check", "--help"), ("doctor", "-h")):
      status, out, err = _run(*argv)
      self.assertEqual((status, err), (0, ""), argv)
      self.assertIn("example:\n  parity ", out)

  def test_version_is_a_line_and_0(self):
    status, out, err = _run("--version")
    self.assertEqual((status, err), (0, ""))
    self.assertRegex(out, r"^parity \S.*\n$")

  def test_help_fits_80_columns(self):
    for argv in (("--help",), ("check", "--help"), ("doctor", "--help")):
      for line in _run(*argv)[1].splitlines():
        self.assertLessEqual(len(line), 80, line)


class ErrorsTest(absltest.TestCase):
  def test_an_error_of_ours_is_a_sentence_and_its_status(self):
    for error in (errors.CaseError("No a.py."), errors.WorkerError("It died.")):
      status, _, err = _run("check", "a.py", "-v", check_files=_raise(error))
      self.assertEqual(status, error.exit_status)
      self.assertEqual(err, f"parity: {error}\n")

  def test_a_bug_of_ours_is_3_and_its_traceback_needs_asking(self):
    bug = _raise(ZeroDivisionError("ours"))
    status, _, err = _run("check", "a.py", check_files=bug)
    self.assertEqual(status, 3)
    self.assertIn("this is a bug in parity: ZeroDivisionError: ours", err)
    self.assertNotIn("Traceback", err)
    self.assertIn("Traceback", _run("check", "a.py", "-v", check_files=bug)[2])

  def test_an_interrupt_is_130(self):
    status, _, err = _run(
      "check", "a.py", check_files=_raise(KeyboardInterrupt())
    )
    self.assertEqual((status, err), (130, "parity: interrupted\n"))


class ProcessTest(absltest.TestCase):
  """What can only be seen from outside the process."""

  def _python(self, *argv, **settings):
    return subprocess.run(
      [sys.executable, *argv],
      cwd=_ROOT,
      capture_output=True,
      text=True,
      check=False,
      **settings,
    )

  def test_help_loads_nothing_that_is_slow(self):
    code = (
      "import sys\n"
      "from parity.cli import main\n"
      "status = main.main(['--help'])\n"
      "slow = {'numpy', 'rich', 'tensorflow', 'safetensors', 'absl',"
      " 'jinja2', 'asyncio', 'parity.runner'}\n"
      "print('loaded:', sorted(slow & set(sys.modules)), status)\n"
    )
    start = time.perf_counter()
    done = self._python("-c", code)
    seconds = time.perf_counter() - start
    print(f"parity --help took {seconds:.2f} s, the interpreter's start in it")
    self.assertEqual(done.stdout.splitlines()[-1], "loaded: [] 0", done.stderr)

  def test_python_dash_m_ends_with_the_status(self):
    done = self._python("-m", "parity", "check", "a.py", "--steps", "nothing")
    self.assertEqual(done.returncode, 2)
    self.assertIn("There is no check 'nothing'", done.stderr)

  def test_a_reader_that_goes_away_is_no_traceback(self):
    code = (
      "import sys\n"
      "from parity.cli import main\n"
      "from parity.cli import services\n"
      "from testing import fakes\n"
      "def check_files(targets, *, options, watch):\n"
      "  return tuple(fakes.make_report() for _ in range(2000))\n"
      "given = services.Services(check_files=check_files)\n"
      "sys.exit(main.main(['check', 'a.py', '-q'], services=given))\n"
    )
    command = (
      f'"{sys.executable}" -c "$CODE" | head -1; echo ${{PIPESTATUS[0]}}'
    )
    done = subprocess.run(
      ["bash", "-c", command],
      cwd=_ROOT,
      env={**os.environ, "CODE": code},
      capture_output=True,
      text=True,
      check=False,
    )
    self.assertEqual(done.stdout.splitlines()[-1], "141", done.stderr)
    self.assertEqual(done.stderr, "")

  def test_a_name_that_the_encoding_lacks_is_escaped(self):
    code = (
      "from parity.cli import main\n"
      "from parity.cli import services\n"
      "from testing import fakes\n"
      "def check_files(targets, *, options, watch):\n"
      "  return (fakes.make_report(case='netz\\u00e9'),)\n"
      "given = services.Services(check_files=check_files)\n"
      "main.main(['check', 'a.py'], services=given)\n"
    )
    done = self._python(
      "-c", code, env={**os.environ, "PYTHONIOENCODING": "ascii"}
    )
    self.assertIn("PASS  netz\\xe9: ", done.stdout, done.stderr)


if __name__ == "__main__":
  absltest.main()
