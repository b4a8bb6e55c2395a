"""What does one compared pair look like, in full, as text?

One block a tensor: its name and verdict, how many elements are beyond the
tolerance, the worst of them with its place, both values and what was allowed,
the largest differences, NaN and infinities of each side, and the smallest atol
that would pass. Plain ASCII; nothing is computed here that the Comparison does
not hold. It names the sides as it is told: a golden's are not `tf1` and `tf2`.
"""

from __future__ import annotations

from typing import List, Optional, Sequence, Tuple

from parity.records import report as report_lib
from parity.records import wording
from parity.report import figures

_LABEL = 10


def block_lines(
  comparison: report_lib.Comparison,
  *,
  reference: str = "tf1",
  other: str = "tf2",
) -> Tuple[str, ...]:
  r"""The lines of a pair's block, the first one alone where all is well.

  >>> print(
  ...   "\n".join(
  ...     block_lines(
  ...       report_lib.Comparison("output", "logits", "equal", elements=20)
  ...     )
  ...   )
  ... )
  output logits | bit-equal | 20 elements
  """
  head = [f"{comparison.kind} {comparison.name}", figures.status(comparison)]
  lines: List[str] = []
  if comparison.status in ("equal", "within", "beyond"):
    head.append(_elements(comparison))
    lines += _figures(comparison, reference, other)
  else:
    lines += _partners(comparison, reference, other)
  lines += _nonfinite(comparison, reference, other)
  return (" | ".join(head), *tuple(lines))


def block_text(
  comparison: report_lib.Comparison,
  *,
  reference: str = "tf1",
  other: str = "tf2",
) -> str:
  """The block as one string, without a newline at its end."""
  return "\n".join(block_lines(comparison, reference=reference, other=other))


def worst_element(
  comparison: report_lib.Comparison, reference: str, other: str
) -> Optional[str]:
  """The worst element: place, both values, what was allowed, times that."""
  if comparison.worst_index is None:
    return None
  text = (
    f"{figures.index(comparison.worst_index)}"
    f" {reference} {figures.exact(comparison.worst_reference)},"
    f" {other} {figures.exact(comparison.worst_other)}"
  )
  if comparison.worst_allowed is not None:
    text += f", allowed {figures.number(comparison.worst_allowed)}"
  if comparison.times_tolerance is not None:
    text += f" ({figures.number(comparison.times_tolerance)}x)"
  return text


def _elements(comparison: report_lib.Comparison) -> str:
  if comparison.mismatched:
    part = figures.share(comparison.mismatched, comparison.elements)
    return f"{part} beyond"
  return wording.count(comparison.elements, "element")


def _figures(
  comparison: report_lib.Comparison, reference: str, other: str
) -> List[str]:
  lines: List[str] = []
  if comparison.status == "equal":
    return lines
  worst = worst_element(comparison, reference, other)
  if worst is not None:
    lines.append(_line("worst", worst))
  largest = largest_differences(
    comparison.max_abs, comparison.max_rel, comparison.max_ulp
  )
  if comparison.rms is not None:
    largest.append(f"rms {figures.number(comparison.rms)}")
  if largest:
    lines.append(_line("largest", ", ".join(largest)))
  if comparison.status == "beyond" and comparison.passing_atol is not None:
    atol = figures.at_least(comparison.passing_atol)
    lines.append(_line("would pass", f"atol={atol}, rtol as it is"))
  return lines


def largest_differences(
  max_abs: Optional[float], max_rel: Optional[float], max_ulp: Optional[float]
) -> List[str]:
  """The three figures of a difference, those that are known."""
  found: List[str] = []
  if max_abs is not None:
    found.append(f"abs {figures.number(max_abs)}")
  if max_rel is not None:
    found.append(f"rel {figures.number(max_rel)}")
  if max_ulp is not None:
    found.append(figures.ulps(max_ulp))
  return found


def _partners(
  comparison: report_lib.Comparison, reference: str, other: str
) -> List[str]:
  sides = (
    (reference, comparison.reference_shape, comparison.reference_dtype),
    (other, comparison.other_shape, comparison.other_dtype),
  )
  return [_line(side, _kind(shape, dtype)) for side, shape, dtype in sides]


def _kind(shape: Optional[Sequence[int]], dtype: Optional[str]) -> str:
  if shape is None and dtype is None:
    return "missing"
  dims = "?" if shape is None else ", ".join(str(d) for d in shape)
  return f"{dtype or '?'} [{dims}]"


def _nonfinite(
  comparison: report_lib.Comparison, reference: str, other: str
) -> List[str]:
  tallies = (comparison.reference_nonfinite, comparison.other_nonfinite)
  if not any(map(any, tallies)):
    return []
  return [
    _line(
      "not finite",
      "; ".join(
        f"{side} {nan} NaN, {positive} +inf, {negative} -inf"
        for side, (nan, positive, negative) in zip((reference, other), tallies)
      ),
    )
  ]


def _line(label: str, text: str) -> str:
  return f"  {label:<{_LABEL}}  {text}"
