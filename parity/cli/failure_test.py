"""Tests of parity.cli.failure."""

from __future__ import annotations

import errno
import io

from absl.testing import absltest
from absl.testing import parameterized

from parity import errors
from parity.cli import failure
from testing import fakes


def _raise(error):
  raise error


def _told(error, *, verbose=False):
  """The exit status and what was said, of an error as it is raised."""
  stream = io.StringIO()
  try:
    _raise(error)
  except BaseException as raised:  # noqa: BLE001
    status = failure.tell(raised, stream=stream, verbose=verbose)
  return status, stream.getvalue()


class StatusTest(parameterized.TestCase):
  @parameterized.parameters(
    (("pass", "pass"), 0),
    (("pass", "fail"), 1),
    (("fail", "error"), 3),
    ((), 3),
  )
  def test_the_worst_of_several_counts(self, verdicts, status):
    reports = [fakes.make_report(verdict=verdict) for verdict in verdicts]
    self.assertEqual(failure.status_of_reports(reports), status)

  def test_a_report_may_know_its_status_better(self):
    bad_input = fakes.make_report(verdict="error", exit_status=2)
    self.assertEqual(failure.status_of_reports([bad_input]), 2)

  def test_a_report_that_does_not_pass_never_ends_with_0(self):
    report = fakes.make_report(verdict="fail", exit_status=0)
    self.assertEqual(failure.status_of_reports([report]), 1)


class TellTest(absltest.TestCase):
  def test_every_error_of_ours_is_its_sentence_and_its_status(self):
    for name, error_class in vars(errors).items():
      if not isinstance(error_class, type):
        continue
      status, text = _told(error_class("Name a case."), verbose=True)
      self.assertEqual(status, error_class.exit_status, name)
      self.assertEqual(text, "parity: Name a case.\n", name)

  def test_anything_else_is_a_bug_of_ours(self):
    status, text = _told(KeyError("weights"))
    self.assertEqual(status, 3)
    self.assertStartsWith(
      text, "parity: this is a bug in parity: KeyError: 'weights'\n"
    )
    self.assertNotIn("Traceback", text)

  def test_a_bug_shows_its_traceback_on_request(self):
    _, text = _told(KeyError("weights"), verbose=True)
    self.assertIn("Traceback (most recent call last)", text)
    self.assertIn("this is a bug in parity", text)

  def test_a_package_that_parity_needs_is_named_with_what_to_do(self):
    status, text = _told(
      ModuleNotFoundError("No module named 'rich.text'", name="rich.text")
    )
    self.assertEqual(status, 3)
    self.assertIn("rich is not installed", text)
    self.assertIn("pip install tf-parity", text)

  def test_any_other_module_that_is_not_there_is_a_bug(self):
    _, text = _told(
      ModuleNotFoundError("No module named 'parity.x'", name="parity.x")
    )
    self.assertIn("this is a bug", text)

  def test_want_of_memory_is_no_bug(self):
    status, text = _told(MemoryError("Unable to allocate 32 GiB"), verbose=True)
    self.assertEqual(status, 3)
    self.assertIn("no memory left (Unable to allocate 32 GiB). Check", text)
    self.assertNotIn("bug", text)
    self.assertIn("no memory left. Check", _told(MemoryError())[1])

  def test_want_of_room_is_no_bug(self):
    full = OSError(errno.ENOSPC, "No space left on device", "x.json")
    status, text = _told(full, verbose=True)
    self.assertEqual(status, 3)
    self.assertIn("x.json cannot be written: No space left on device.", text)
    self.assertNotIn("bug", text)
    self.assertIn("bug in parity", _told(OSError(errno.EIO, "I/O error"))[1])

  def test_what_an_error_quotes_steers_no_terminal(self):
    _, text = _told(errors.CaseError("no case\n a\x1b[31m\n::error ::b"))
    self.assertEqual(text, "parity: no case\n a\\x1b[31m\n\\::error ::b\n")
    self.assertIn("KeyError: '\\x1b[31m'", _told(KeyError("\x1b[31m"))[1])

  def test_an_interrupt_is_a_word(self):
    self.assertEqual(
      _told(KeyboardInterrupt(), verbose=True),
      (130, "parity: interrupted\n"),
    )


if __name__ == "__main__":
  absltest.main()
