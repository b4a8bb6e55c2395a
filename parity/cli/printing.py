"""How do lines reach standard output? With nothing in them that steers it."""

from __future__ import annotations

from typing import Iterable

from parity.report import printable


def print_lines(texts: Iterable[str]) -> None:
  """Prints lines; what of a model's would steer the terminal is escaped."""
  for line in printable.lines(texts):
    print(line)
