r"""What may reach a terminal of text that comes from a model or a stranger?

Names of outputs and variables, messages, goldens: any of them may hold what
steers a terminal (colours, titles, moves), turns the order of letters about
(CVE-2021-42574), or begins a line like a command to GitHub's runner. All that
is escaped, so that it can be seen; plain text stays as it is.

>>> printable("net/fc"), printable("a\x1b[31m"), printable("a\nb")
('net/fc', 'a\\x1b[31m', 'a\\nb')
"""

from __future__ import annotations

import re
from typing import Iterable, List, Match

# Control characters but the tab, separators of lines, and marks of direction.
_STEERING = re.compile(
  "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)
# See ActionCommand of actions/runner: blanks before it do not matter, and the
# older form may stand anywhere.
_COMMAND = re.compile(r"^\s*(?=::)|#(?=#\[)")


def printable(text: str) -> str:
  """One line of text in which nothing steers a terminal."""
  return _STEERING.sub(_escaped, text)


def lines(texts: Iterable[str]) -> List[str]:
  r"""Lines of a log in which nothing steers a terminal or a runner.

  Args:
    texts: lines; what stands in one stays in one.

  >>> lines(["ok: a::b", "  ::add-mask::x"])
  ['ok: a::b', '  \\::add-mask::x']
  """
  return [
    _COMMAND.sub(lambda found: found[0] + "\\", printable(text))
    for text in texts
  ]


def _escaped(found: Match[str]) -> str:
  return found[0].encode("unicode_escape").decode("ascii")
