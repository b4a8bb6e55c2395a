"""How is a number written so that a tired reader takes it in at once?

Every report writes its figures with these functions, so that the terminal, a
page and a message never show the same number in two ways. All text is ASCII.
"""

from __future__ import annotations

import decimal
import math
import os
from typing import List, Optional, Sequence, Tuple

from parity.records import recording as recording_lib
from parity.records import report as report_lib
from parity.records import vocabulary
from parity.records import wording

_STATUS_WORDS = {
  "equal": "bit-equal",
  "within": "within tolerance",
  "beyond": "beyond tolerance",
  "shape": "other shape",
  "dtype": "other dtype",
  "missing_reference": "not on the reference side",
  "missing_other": "not on the other side",
}

# More units in the last place than this tell of a place near zero, where they
# are tiny, rather than of a difference: a row does not show them.
FAR_ULPS = 1000

ULPS_NEAR_ZERO = (
  "ulp: units in the last place. Near zero they are so small that a harmless"
  " difference is many of them; what passes is for the tolerance to say."
)


def number(value: Optional[float], *, digits: int = 3) -> str:
  """A figure with as many significant digits as help.

  >>> number(0.0123456), number(1234567.0), number(None), number(0.0)
  ('0.0123', '1.23e+06', '?', '0')
  """
  if value is None:
    return "?"
  return f"{float(value):.{digits}g}"


def at_least(value: float, *, digits: int = 4) -> str:
  """A limit in few digits, rounded up, so that what is read still passes.

  >>> at_least(0.0123441), at_least(0.5)
  ('0.01235', '0.5')
  """
  with decimal.localcontext() as context:
    context.prec = digits
    context.rounding = decimal.ROUND_CEILING
    rounded = float(+decimal.Decimal(value))
  return number(rounded, digits=digits)


def exact(value: Optional[float]) -> str:
  """A tensor's value with the digits that tell two float32 apart."""
  return number(value, digits=9)


def ulps(value: float) -> str:
  """A distance in units in the last place.

  >>> ulps(3.0), ulps(8388608.0), ulps(float("inf"))
  ('3 ulp', '8.39e+06 ulp', 'inf ulp')
  """
  if math.isfinite(value) and value < 1e5 and value == int(value):
    return f"{int(value)} ulp"
  return f"{number(value)} ulp"


def times(value: float) -> str:
  """How large a difference is, the tolerance being 1.

  >>> times(0.00412), times(988.3), times(float("inf"))
  ('0.00412x tolerance', '988x tolerance', 'infx tolerance')
  """
  return f"{number(value)}x tolerance"


def share(part: int, whole: int, noun: str = "element") -> str:
  """How many of how many, and which percentage.

  >>> share(1, 20), share(1, 300000)
  ('1 of 20 elements (5%)', '1 of 300000 elements (<0.01%)')
  """
  text = f"{part} of {wording.count(whole, noun)}"
  if not whole:
    return text
  percent = 100.0 * part / whole
  shown = "<0.01" if 0 < percent < 0.01 else number(percent)
  return f"{text} ({shown}%)"


def seconds(value: float) -> str:
  """A duration.

  >>> seconds(0.04), seconds(12.34), seconds(754.0)
  ('0.0 s', '12.3 s', '12m 34s')
  """
  if value < 100:
    return f"{value:.1f} s"
  if value < 600:
    return f"{value:.0f} s"
  return f"{int(value) // 60}m {int(value) % 60:02d}s"


def source(text: str) -> str:
  """A source line as it can be opened from here: relative where that works.

  >>> source("no/such/file.py:3")
  'no/such/file.py:3'
  """
  if not os.path.isabs(text):
    return text
  relative = os.path.relpath(text)
  return text if relative.startswith(os.pardir) else relative


def index(place: Sequence[int]) -> str:
  """Where in a tensor.

  >>> index((2, 3)), index(())
  ('[2, 3]', 'scalar')
  """
  if not len(place):
    return "scalar"
  return "[" + ", ".join(str(i) for i in place) + "]"


def status(comparison: report_lib.Comparison) -> str:
  """What became of a pair, in words."""
  return _STATUS_WORDS.get(comparison.status, comparison.status)


def size(comparison: report_lib.Comparison) -> float:
  """How bad a pair is: `times_tolerance`, infinite where there is no figure.

  A pair without a partner, of another shape or dtype, or with a difference that
  is no number is worse than any figure; a pair that matches without a figure
  is 0.
  """
  if comparison.status in ("equal", "within", "beyond"):
    value = comparison.times_tolerance
    if value is None:
      return 0.0 if comparison.is_match else math.inf
    return math.inf if math.isnan(value) else value
  return math.inf


def worst(
  comparisons: Sequence[report_lib.Comparison],
) -> Optional[report_lib.Comparison]:
  """The pair that is furthest from passing, the first of equals."""
  found: Optional[report_lib.Comparison] = None
  for comparison in comparisons:
    if found is None or _badness(comparison) > _badness(found):
      found = comparison
  return found


def _badness(comparison: report_lib.Comparison) -> Tuple[bool, float]:
  return (not comparison.is_match, size(comparison))


def worst_in_words(
  comparisons: Sequence[report_lib.Comparison], *, width: int = 10**6
) -> str:
  """The worst figure of a check, as much of it as fits into `width` columns.

  >>> worst_in_words(
  ...   [
  ...     report_lib.Comparison(
  ...       "output", "logits", "within", times_tolerance=0.004, max_ulp=3
  ...     )
  ...   ]
  ... )
  '0.004x tolerance, 3 ulp, 1 pair'
  """
  found = worst(comparisons)
  if found is None:
    return ""
  pairs = wording.count(len(comparisons), "pair")
  pieces: List[str]
  if all(c.status == "equal" for c in comparisons):
    pieces = ["bit-equal", pairs]
  elif found.status not in ("equal", "within", "beyond"):
    pieces = [f"{found.name}: {status(found)}"]
  else:
    pieces = [_figure(found)]
    if not found.is_match:
      pieces[0] = _join([pieces[0], f"in {found.name}"], width, " ")
    if found.max_ulp is not None and found.max_ulp <= FAR_ULPS:
      pieces.append(ulps(found.max_ulp))
    pieces.append(pairs)
  return _join(pieces, width, ", ")


def _figure(comparison: report_lib.Comparison) -> str:
  if comparison.times_tolerance is not None:
    return times(comparison.times_tolerance)
  return status(comparison)


def _join(pieces: Sequence[str], width: int, separator: str) -> str:
  text = pieces[0]
  for piece in pieces[1:]:
    if len(text) + len(separator) + len(piece) > width:
      break
    text += separator + piece
  return text


def check_in_words(check: report_lib.CheckResult, *, width: int = 10**6) -> str:
  """What a check's row says of it: why it did not run, or its worst figure."""
  if check.reason and check.status in ("skip", "error"):
    return check.reason
  if check.comparisons:
    return worst_in_words(check.comparisons, width=width)
  if check.summary:
    return check.summary
  if check.findings:
    return wording.count(len(check.findings), "finding")
  return check.reason or ""


def tally(report: report_lib.Report) -> str:
  """How many checks passed, failed, were skipped."""
  number = {
    status: sum(check.status == status for check in report.checks)
    for status in vocabulary.STATUSES
  }
  total = len(report.checks)
  if not total:
    return "no check ran"
  parts: List[str] = []
  if number["fail"]:
    parts.append(f"{number['fail']} of {wording.count(total, 'check')} failed")
  if number["error"]:
    of_all = "" if parts else f" of {wording.count(total, 'check')}"
    parts.append(f"{number['error']}{of_all} could not run")
  if not parts:
    parts.append(f"{wording.count(number['pass'], 'check')} passed")
  if number["skip"]:
    parts.append(f"{number['skip']} skipped")
  return ", ".join(parts)


def place(identity: recording_lib.Identity) -> str:
  """Where a side ran, in one line."""
  names = (
    ("tensorflow", "TensorFlow"),
    ("tf_keras", "tf_keras"),
    ("keras", "Keras"),
    ("python", "Python"),
    ("numpy", "NumPy"),
  )
  parts = [
    f"{shown} {identity.versions[name]}"
    for name, shown in names
    if identity.versions.get(name)
  ]
  parts.append(identity.device)
  if identity.numerics != "default":
    parts.append(f"numerics {identity.numerics}")
  return f"{identity.cell}: " + ", ".join(parts)
