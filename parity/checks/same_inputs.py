"""Were both sides given the same inputs? Else no comparison means anything.

Both make them from the case and its seed. They differ where `inputs` draws from
something else than its `rng`, or where a golden was recorded before the case's
inputs were changed. Certain: the arrays are compared bit by bit.
"""

from __future__ import annotations

from typing import List, Optional

import numpy as np

from parity.checks import check
from parity.compare import families
from parity.records import recording as recording_lib
from parity.records import report as report_lib


def judge(
  name: str, evidence: check.Evidence
) -> Optional[report_lib.CheckResult]:
  """An error of a check whose sides did not get the same inputs."""
  if evidence.plan.tf1 is None:
    return None
  reason = difference(evidence.tf1, evidence.tf2)
  if reason is None:
    return None
  return report_lib.CheckResult(name=name, status="error", reason=reason)


def difference(
  tf1: recording_lib.Recording, tf2: recording_lib.Recording
) -> Optional[str]:
  """Names the first input that differs; None where none does."""
  for path in sorted(set(tf1.inputs) | set(tf2.inputs)):
    for side, other in ((tf1, "tf2"), (tf2, "tf1")):
      if path not in side.inputs:
        return _sentence(f"input {path} was given to the {other} side only")
    if not _is_same(tf1.inputs[path], tf2.inputs[path]):
      return _sentence(f"input {path} is not the same on both sides")
  return None


def _sentence(what: str) -> str:
  return (
    f"{what}, so no difference here means anything. Draw `inputs` from its rng"
    " alone; a golden whose case has new inputs must be recorded again"
  )


def _is_same(left: np.ndarray, right: np.ndarray) -> bool:
  left, right = np.asarray(left), np.asarray(right)
  if left.shape != right.shape:
    return False
  if left.dtype.kind in "OSU" and right.dtype.kind in "OSU":
    return _bytes(left) == _bytes(right)
  if families.type_name(left) != families.type_name(right):
    return False
  return left.tobytes() == right.tobytes()


def _bytes(array: np.ndarray) -> List[bytes]:
  """Text as bytes; stored text comes back as such."""
  return [
    item if isinstance(item, bytes) else str(item).encode()
    for item in array.reshape(-1)
  ]
