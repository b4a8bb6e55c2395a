"""How is `parity` run without being installed? As `python -m parity`.

Ctrl-C is told in a word while a command runs. Before it does, while modules are
imported, and behind it, the signal just ends the process, without a traceback.
"""

from __future__ import annotations

import signal
import sys


def run() -> int:
  """Runs the command line; returns the exit status."""
  before = signal.getsignal(signal.SIGINT)
  is_usual = before is signal.default_int_handler
  if is_usual:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
  from parity.cli import main

  if is_usual:
    signal.signal(signal.SIGINT, before)
  status = main.main()
  if is_usual:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
  return status


if __name__ == "__main__":
  sys.exit(run())
