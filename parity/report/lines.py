"""How is text laid out in a given width, so that no terminal re-wraps it?

Words are never broken: a path or a name stays whole, so that it can be copied,
even where it is longer than the line. Ellipses are three ASCII dots.
"""

from __future__ import annotations

import textwrap
from typing import List, Optional

LABEL_WIDTH = 8


def wrapped(
  text: str,
  *,
  width: int,
  indent: str = "",
  hanging: Optional[str] = None,
  limit: Optional[int] = None,
  tail: int = 0,
) -> List[str]:
  r"""Wraps text, keeping its own line breaks.

  Args:
    text: one or several lines.
    width: of the whole line, with its indent.
    indent: in front of the first line.
    hanging: in front of the others; None for as many blanks as `indent`.
    limit: at most so many lines, one of them then saying how many are left
      out; None for all.
    tail: how many of the lines that are kept are the last ones: below an
      exception stands the line that raised it.

  >>> wrapped("one two three four five", width=20, indent="- ")
  ['- one two three four', '  five']
  >>> wrapped("1\n2\n3\n4\n5", width=40, limit=3, tail=1)
  ['1', '... (3 more lines, see -v)', '5']
  """
  if hanging is None:
    hanging = " " * len(indent)
  lines: List[str] = []
  for line in text.splitlines() or [""]:
    stripped = line.lstrip()
    own = " " * (len(line) - len(stripped))
    lines += textwrap.wrap(
      stripped,
      width=max(width, 20),
      initial_indent=(hanging if lines else indent) + own,
      subsequent_indent=hanging + own,
      break_long_words=False,
      break_on_hyphens=False,
    ) or [""]
  if limit is not None and len(lines) > limit:
    left = len(lines) - limit + 1
    told = f"{hanging}... ({left} more lines, see -v)"
    last = lines[len(lines) - tail :]
    lines = [*lines[: limit - 1 - tail], told, *last]
  return lines


def labelled(
  label: str,
  text: str,
  *,
  width: int,
  indent: str = "",
  limit: Optional[int] = None,
) -> List[str]:
  """Wraps text behind a label, in a column of its own.

  >>> labelled("hint", "Look here.", width=40)
  ['hint    Look here.']
  """
  return wrapped(
    text,
    width=width,
    indent=f"{indent}{label:<{LABEL_WIDTH}}",
    limit=limit,
  )


def clipped(text: str, *, width: int) -> str:
  """The text in one line of at most `width` columns.

  >>> clipped("variables_match", width=12)
  'variables...'
  """
  flat = " ".join(text.split())
  if len(flat) <= width:
    return flat
  return flat[: max(width - 3, 0)].rstrip() + "..."
