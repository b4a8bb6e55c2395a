"""How are numbers of things put into words? Everywhere alike."""

from __future__ import annotations


def count(number: int, noun: str) -> str:
  """A count with its noun in the right number.

  >>> count(1, "check"), count(1114, "variable")
  ('1 check', '1114 variables')
  """
  return f"{number:d} {noun}" + ("" if number == 1 else "s")
