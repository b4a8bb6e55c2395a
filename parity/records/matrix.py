"""What do the cells come to, each held against the reference?"""

from __future__ import annotations

import dataclasses
from typing import Dict, List, Optional, Tuple

from parity.records import recording as recording_lib
from parity.records import report as report_lib


@dataclasses.dataclass(frozen=True)
class Entry:
  """One case on one side in one cell.

  Attributes:
    target: the case, as it was named.
    cell: the cell's name.
    side: which side ran there.
    gates: whether a failure there fails the matrix; else it is a warning.
    report: what it came to against the reference; there the reference is `tf1`
      and the cell `tf2`, whichever side ran.
  """

  target: str
  cell: str
  side: str
  gates: bool
  report: report_lib.Report

  @property
  def column(self) -> str:
    """The cell, and the side where it is not the port's."""
    return self.cell if self.side == "tf2" else f"{self.cell} {self.side}"

  @property
  def tensorflow(self) -> Optional[str]:
    """The version that ran there, None where nothing did."""
    identity = self.report.tf2
    return identity.versions.get("tensorflow") if identity else None


@dataclasses.dataclass(frozen=True)
class LeftOut:
  """A cell that was not asked, and why."""

  cell: str
  reason: str


@dataclasses.dataclass(frozen=True)
class Matrix:
  """All cases in all cells.

  Attributes:
    reference: the name of the cell whose tf1 side all are held against.
    entries: case by case in the order asked for, in it cell by cell.
    left_out: cells that were not asked.
    seconds: wall time.
    identity: where the reference ran; None where it did not.
  """

  reference: str
  entries: Tuple[Entry, ...]
  left_out: Tuple[LeftOut, ...] = ()
  seconds: float = 0.0
  identity: Optional[recording_lib.Identity] = None

  @property
  def cases(self) -> Tuple[Tuple[Entry, ...], ...]:
    """The entries of each case."""
    found: Dict[str, List[Entry]] = {}
    for entry in self.entries:
      found.setdefault(entry.target, []).append(entry)
    return tuple(tuple(entries) for entries in found.values())

  @property
  def gating(self) -> Tuple[Entry, ...]:
    """The entries that decide the verdict."""
    return tuple(entry for entry in self.entries if entry.gates)

  @property
  def warnings(self) -> Tuple[Entry, ...]:
    """The entries that did not pass, and do not gate."""
    return tuple(
      entry
      for entry in self.entries
      if not entry.gates and entry.report.verdict != "pass"
    )

  @property
  def verdict(self) -> str:
    """`error` where a gating cell could not run, else `fail`, else `pass`.

    Without a gating cell nothing was gated, which is no error.
    """
    verdicts = {entry.report.verdict for entry in self.gating}
    for verdict in ("error", "fail"):
      if verdict in verdicts:
        return verdict
    return "pass" if self.entries else "error"
