"""Tests of parity.cli.interruption."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

from absl.testing import absltest

from parity.cli import interruption


def _interrupt():
  os.kill(os.getpid(), signal.SIGINT)
  # The interpreter looks for signals between its steps.
  for _ in range(100):
    time.sleep(0)


class ObeyedOnceTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    self.addCleanup(signal.signal, signal.SIGINT, before)

  def test_the_first_interrupts_and_the_next_lets_the_cleaning_be(self):
    cleaned = []
    with self.assertRaises(KeyboardInterrupt), interruption.obeyed_once():
      try:
        _interrupt()
        self.fail("not interrupted")
      finally:
        _interrupt()
        _interrupt()
        cleaned.append(True)
    self.assertEqual(cleaned, [True])

  def test_the_handler_is_put_back(self):
    with interruption.obeyed_once():
      self.assertIsNot(
        signal.getsignal(signal.SIGINT), signal.default_int_handler
      )
    self.assertIs(signal.getsignal(signal.SIGINT), signal.default_int_handler)

  def test_a_handler_of_somebody_elses_and_another_thread_are_let_be(self):
    found = []

    def look():
      with interruption.obeyed_once():
        found.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    look()
    self.assertEqual(found, [signal.default_int_handler, signal.SIG_IGN])

  def test_a_late_one_ends_what_does_not_come_to_an_end(self):
    program = (
      "import os, signal\n"
      "from parity.cli import interruption\n"
      "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
      "interruption._CLEANING_SECONDS = 0.0\n"
      "with interruption.obeyed_once():\n"
      "  try:\n"
      "    os.kill(os.getpid(), signal.SIGINT)\n"
      "  finally:\n"
      "    while True:\n"
      "      os.kill(os.getpid(), signal.SIGINT)\n"
    )
    root = os.path.dirname(
      os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    )
    done = subprocess.run(
      [sys.executable, "-c", program], cwd=root, check=False, timeout=60
    )
    self.assertEqual(done.returncode, -signal.SIGINT)


if __name__ == "__main__":
  absltest.main()
