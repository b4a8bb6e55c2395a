"""What is the verdict, and why? Comparisons, findings, check results, reports.

`parity.report.json` writes a Report as CASE.md's schema `parity.report/1`.
"""

from __future__ import annotations

import dataclasses
from typing import Optional, Tuple

from parity.records import dataflow
from parity.records import recording as recording_lib


@dataclasses.dataclass(frozen=True)
class Comparison:
  """One pair of tensors, compared.

  Attributes:
    kind: `output`, `loss`, `initial`, `final`, `gradient`, `slot`.
    name: path of the output or tf1-side name of the variable.
    status: `equal` (bit for bit), `within` or `beyond` the tolerance, `shape`,
      `dtype`, `missing_reference`, `missing_other`.
    reference_shape, other_shape: None where that partner is missing.
    reference_dtype, other_dtype: None where that partner is missing.
    elements: how many were compared.
    mismatched: how many are beyond the tolerance.
    max_abs: largest |other - reference|.
    max_rel: largest |other - reference| / |reference| where that is not 0.
    max_ulp: largest distance in units in the last place.
    rms: root mean square of the difference.
    times_tolerance: largest |other - reference| / allowed; 1 just passes.
    passing_atol: the smallest atol that would pass, rtol as it is.
    worst_index: place of the largest `times_tolerance`.
    worst_reference, worst_other: the two values there.
    worst_allowed: the difference allowed there.
    reference_nonfinite, other_nonfinite: counts of NaN, +inf, -inf.
    ulp_histogram: how many elements have distance 0, 1, 2-3, 4-7, ... ulp.
    order: place in the reference's execution order, -1 unknown.
    reference_head, other_head: the first values of an output or a loss, at
      most five, for people to see; empty for other kinds.
  """

  kind: str
  name: str
  status: str
  reference_shape: Optional[Tuple[int, ...]] = None
  other_shape: Optional[Tuple[int, ...]] = None
  reference_dtype: Optional[str] = None
  other_dtype: Optional[str] = None
  elements: int = 0
  mismatched: int = 0
  max_abs: Optional[float] = None
  max_rel: Optional[float] = None
  max_ulp: Optional[float] = None
  rms: Optional[float] = None
  times_tolerance: Optional[float] = None
  passing_atol: Optional[float] = None
  worst_index: Optional[Tuple[int, ...]] = None
  worst_reference: Optional[float] = None
  worst_other: Optional[float] = None
  worst_allowed: Optional[float] = None
  reference_nonfinite: Tuple[int, int, int] = (0, 0, 0)
  other_nonfinite: Tuple[int, int, int] = (0, 0, 0)
  ulp_histogram: Tuple[int, ...] = ()
  order: int = -1
  reference_head: Tuple[float, ...] = ()
  other_head: Tuple[float, ...] = ()

  @property
  def is_match(self) -> bool:
    """Whether the pair is equal or within the tolerance."""
    return self.status in ("equal", "within")


@dataclasses.dataclass(frozen=True)
class Snippet:
  """The user's lines around a source line.

  Attributes:
    first: number of the first of them, 1-based.
    lines: as they stand in the file, without newlines.
  """

  first: int
  lines: Tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Place:
  """A place on one side; what is not known is None."""

  op: Optional[str] = None
  op_type: Optional[str] = None
  scope: Optional[str] = None
  source: Optional[str] = None
  snippet: Optional[Snippet] = None


@dataclasses.dataclass(frozen=True)
class Where:
  """Where the two sides part."""

  variable: Optional[str] = None
  output: Optional[str] = None
  tf1: Place = Place()
  tf2: Place = Place()


@dataclasses.dataclass(frozen=True)
class Finding:
  """One root cause.

  Attributes:
    cause: a word of `vocabulary.CAUSES`.
    message: what, in one or a few sentences.
    hint: what to do.
    where: the first place of parting.
    max_abs, max_rel, max_ulp: the figures there.
    details: further lines for those who ask (`-v`), such as a diff.
    is_note: the check passes in spite of it (rounding).
    neighbourhood: the ops around it, where both sides were traced.
    is_proved: a trial showed that the output agrees once this is mended.
    times_noise: how many times the noise of its rounding the output differs.
    pattern: how the results differ there: a layout, a factor, one channel.
    issues: what is publicly known of it, such as `tensorflow#44038: ...`.
  """

  cause: str
  message: str
  hint: Optional[str] = None
  where: Where = Where()
  max_abs: Optional[float] = None
  max_rel: Optional[float] = None
  max_ulp: Optional[float] = None
  details: Tuple[str, ...] = ()
  is_note: bool = False
  neighbourhood: Optional[dataflow.Neighbourhood] = None
  is_proved: bool = False
  times_noise: Optional[float] = None
  pattern: Optional[str] = None
  issues: Tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class VariableFacts:
  """A variable as one side has it."""

  name: str
  shape: Tuple[int, ...]
  dtype: str
  trainable: bool
  source: Optional[str] = None


@dataclasses.dataclass(frozen=True)
class VariableDifference:
  """A variable that is not the same on both sides.

  Attributes:
    status: `missing` in the port, `extra` in the port, `renamed` (probably),
      or the property that differs: `shape`, `dtype`, `trainable`.
    tf1: as the tf1 side has it.
    tf2: as the port has it.
    reason: why two names are taken for one variable.
  """

  status: str
  tf1: Optional[VariableFacts] = None
  tf2: Optional[VariableFacts] = None
  reason: Optional[str] = None


@dataclasses.dataclass(frozen=True)
class CheckResult:
  """One row of the report.

  Attributes:
    name: a word of `vocabulary.CHECKS`.
    status: a word of `vocabulary.STATUSES`.
    seconds: of recording and judging; work that checks share counts once.
    findings: one a root cause.
    comparisons: every pair compared.
    summary: what was compared and the worst figure, in one line.
    notes: limits of this check on this case, one sentence each.
    reason: why it was skipped, or could not run.
    depth: how far apart the sides are op by op, where both were traced.
    variables: the variables that are not the same on both sides.
  """

  name: str
  status: str
  seconds: float = 0.0
  findings: Tuple[Finding, ...] = ()
  comparisons: Tuple[Comparison, ...] = ()
  summary: str = ""
  notes: Tuple[str, ...] = ()
  reason: Optional[str] = None
  depth: Tuple[dataflow.DepthPoint, ...] = ()
  variables: Tuple[VariableDifference, ...] = ()


@dataclasses.dataclass(frozen=True)
class Report:
  """What a case came to.

  Attributes:
    case: the case's name.
    verdict: `pass`, `fail` or `error`.
    checks: in the contract's order.
    tf1, tf2: where each side ran; None where it did not.
    path: the case file.
    seconds: wall time.
    notes: what the reader must know, one sentence each.
    error: why there is no verdict, for `error` without a check to blame.
    command: the command that reproduces this report.
    exit_status: with which the command line ends, had it this report alone.
  """

  case: str
  verdict: str
  checks: Tuple[CheckResult, ...] = ()
  tf1: Optional[recording_lib.Identity] = None
  tf2: Optional[recording_lib.Identity] = None
  path: Optional[str] = None
  seconds: float = 0.0
  notes: Tuple[str, ...] = ()
  error: Optional[str] = None
  command: Optional[str] = None
  exit_status: int = 0
