"""What changes where one golden takes the place of another?"""

from __future__ import annotations

import dataclasses
from typing import Optional, Tuple

from parity.records import report as report_lib
from parity.records import request as request_lib


@dataclasses.dataclass(frozen=True)
class RecordingChange:
  """What changes in one recording.

  Attributes:
    request: which.
    comparisons: of every tensor; those that are not `equal` change.
    remarks: what else changes, one sentence each.
  """

  request: request_lib.Request
  comparisons: Tuple[report_lib.Comparison, ...] = ()
  remarks: Tuple[str, ...] = ()

  @property
  def changed(self) -> Tuple[report_lib.Comparison, ...]:
    """The tensors that are not the same bit for bit."""
    return tuple(c for c in self.comparisons if c.status != "equal")


@dataclasses.dataclass(frozen=True)
class Changes:
  """What changes in a golden.

  Attributes:
    recordings: those that both hold.
    added: Requests that only the new one holds.
    removed: Requests that only the old one holds.
    identity: how the places differ where the two were recorded.
    unreadable: why the old one could not be read; then nothing is compared.
  """

  recordings: Tuple[RecordingChange, ...] = ()
  added: Tuple[request_lib.Request, ...] = ()
  removed: Tuple[request_lib.Request, ...] = ()
  identity: Tuple[str, ...] = ()
  unreadable: Optional[str] = None

  @property
  def are_none(self) -> bool:
    """Whether both hold the same, wherever they were recorded."""
    return self.unreadable is None and not (
      self.added
      or self.removed
      or any(r.changed or r.remarks for r in self.recordings)
    )
