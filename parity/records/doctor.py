"""What can an environment do, and how is what it cannot do mended?"""

from __future__ import annotations

import dataclasses
from typing import Tuple

DOCTOR_STATUSES: Tuple[str, ...] = ("ok", "warn", "missing")


@dataclasses.dataclass(frozen=True)
class DoctorLine:
  """One thing that was looked at.

  Attributes:
    subject: what was looked at, such as `tf_keras`.
    status: `ok`; `warn` where some cases cannot run or numbers may differ;
      `missing` where no case can run without it.
    found: what there is, such as its version.
    advice: what to do about it; empty for `ok`.
  """

  subject: str
  status: str
  found: str
  advice: str = ""

  def __post_init__(self) -> None:
    if self.status not in DOCTOR_STATUSES:
      raise ValueError(
        f"DoctorLine status must be one of {', '.join(DOCTOR_STATUSES)},"
        f" found {self.status!r}."
      )
