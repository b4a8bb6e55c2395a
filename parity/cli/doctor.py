"""`parity doctor`: what can this environment do, and how is it mended?

It needs neither rich nor NumPy, since they may be what is missing. Exit status
0 where cases can be checked here, 3 where something that every case needs is
missing.
"""

from __future__ import annotations

import argparse
import shutil
import textwrap
from typing import Any, List, Sequence

from parity.cli import failure
from parity.cli import services as services_lib
from parity.records import doctor as doctor_lib
from parity.records import options as options_lib

_DESCRIPTION = """\
Looks at Python, TensorFlow, Keras, TF-Slim, the numerics switches and the
devices as a side's process finds them, and says how to mend what is wrong."""

_EPILOG = """\
exit status: 0 cases can be checked here, 3 they cannot

example:
  parity doctor"""


def add_parser(commands: Any) -> None:
  """Adds the command to the command line."""
  commands.add_parser(
    "doctor",
    help="say what this environment can do, and how to mend it",
    description=_DESCRIPTION,
    epilog=_EPILOG,
  )


def run(arguments: argparse.Namespace, services: services_lib.Services) -> int:
  """Prints a line a subject and gives the exit status."""
  del arguments  # The command has none of its own.
  found = services.explain_environment(options=options_lib.Options())
  width = min(shutil.get_terminal_size().columns, 100)
  for line in text_lines(found, width=width):
    print(line)
  if not found or any(line.status == "missing" for line in found):
    return failure.ERROR
  return failure.PASS


def text_lines(
  found: Sequence[doctor_lib.DoctorLine], *, width: int
) -> List[str]:
  """The lines to print: a row a subject, its advice below it, a last word."""
  name_width = max([len(line.subject) for line in found] + [8])
  lines: List[str] = []
  for line in found:
    word = line.status if line.status == "ok" else line.status.upper()
    lead = f"{word:<7}  {line.subject:<{name_width}}  "
    lines += _wrapped(line.found, lead, len(lead), width)
    if line.advice:
      lines += _wrapped(
        line.advice, " " * len(lead) + "-> ", len(lead) + 3, width
      )
  return [*lines, "", *_wrapped(_last_word(found), "", 2, width)]


def _wrapped(text: str, lead: str, hanging: int, width: int) -> List[str]:
  return textwrap.wrap(
    text,
    width=max(width, hanging + 20),
    initial_indent=lead,
    subsequent_indent=" " * hanging,
    break_long_words=False,
    break_on_hyphens=False,
  ) or [lead.rstrip()]


def _last_word(found: Sequence[doctor_lib.DoctorLine]) -> str:
  missing = [line.subject for line in found if line.status == "missing"]
  warned = [line.subject for line in found if line.status == "warn"]
  if not found:
    return "Nothing could be found out about this environment."
  if missing:
    return f"No case can be checked here: {', '.join(missing)}."
  if warned:
    return f"Cases can be checked here, within limits: {', '.join(warned)}."
  return "Cases can be checked here."
