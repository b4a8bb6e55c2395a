"""With which status does the command end, and what does it say?

| status | meaning |
| --- | --- |
| 0 | every case passes |
| 1 | a case fails |
| 2 | bad usage or bad input |
| 3 | a check itself could not run, or parity has a bug |
| 130 | interrupted |
| 141 | the reader of the output went away |

Of several cases the highest status counts: an error leaves unknown what was
asked, and a gate must not take it for an answer.
"""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING, Sequence, TextIO

from parity import errors
from parity.report import printable

if TYPE_CHECKING:
  from parity.records import report as report_lib

PASS, FAIL, USAGE, ERROR, INTERRUPTED, CLOSED = 0, 1, 2, 3, 130, 141

_STATUS_OF_VERDICT = {"pass": PASS, "fail": FAIL, "error": ERROR}
_DEPENDENCIES = ("absl", "jinja2", "numpy", "rich", "safetensors")


def status_of_reports(reports: Sequence[report_lib.Report]) -> int:
  """The exit status for reports: the worst one's; none: 3."""
  if not reports:
    return ERROR
  return max(_status_of(report) for report in reports)


def _status_of(report: report_lib.Report) -> int:
  """A report's own status; never 0 for one that does not pass."""
  return report.exit_status or _STATUS_OF_VERDICT[report.verdict]


def tell(error: BaseException, *, stream: TextIO, verbose: bool) -> int:
  """Says what went wrong, and gives the exit status.

  A mistake that a user can act on is one sentence. Anything else is a bug of
  ours and says so; its traceback is shown to whoever asked for more.

  Args:
    error: what was raised.
    stream: where to say it.
    verbose: whether to show the traceback of a bug.
  """
  if isinstance(error, KeyboardInterrupt):
    stream.write("parity: interrupted\n")
    return INTERRUPTED
  if isinstance(error, ModuleNotFoundError):
    package = (error.name or "").split(".")[0]
    if package in _DEPENDENCIES:
      error = errors.EnvironmentProblem(
        f"{package} is not installed in {sys.executable}, and parity needs it;"
        " `pip install tf-parity` brings it."
      )
  error = errors.of_shortage(error) or error
  if isinstance(error, errors.ParityError):
    shown = printable.lines(f"parity: {error}".split("\n"))
    stream.write("\n".join(shown) + "\n")
    return error.exit_status
  if verbose:
    stream.write(
      "".join(
        traceback.format_exception(type(error), error, error.__traceback__)
      )
    )
  text = printable.printable(" ".join(str(error).split()))
  stream.write(f"parity: this is a bug in parity: {type(error).__name__}")
  stream.write(f": {text}\n" if text else "\n")
  if not verbose:
    stream.write("parity: run again with -v for what to send with a report.\n")
  return ERROR
