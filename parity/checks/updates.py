"""Do the same updates run on both sides? Moving averages and their like.

Certain: a variable that moves on one side and stays on the other was not
updated there. Where the outputs agree that is a missing update; where they do
not, that side ran the inference branch of the layer that owns the variable.
Where both moved and the moves differ by one constant factor, the rates differ.
"""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence, Set, Tuple

import numpy as np

from parity.checks import check
from parity.records import recording as recording_lib
from parity.records import report as report_lib

# A factor is constant when every element has it to this relative accuracy.
_FACTOR_ACCURACY = 1e-2


def constant_ratio(
  reference: Optional[np.ndarray], other: Optional[np.ndarray]
) -> Optional[float]:
  """The factor k with other = k * reference everywhere; None without one."""
  if reference is None or other is None or reference.shape != other.shape:
    return None
  left = np.asarray(reference, np.float64).reshape(-1)
  right = np.asarray(other, np.float64).reshape(-1)
  power = float(np.dot(left, left))
  if left.size < 2 or power == 0.0 or not np.isfinite(power):
    return None
  ratio = float(np.dot(left, right)) / power
  residual = float(np.linalg.norm(right - ratio * left))
  if abs(ratio) < 1e-6 or residual > _FACTOR_ACCURACY * abs(ratio) * power**0.5:
    return None
  return ratio


def _moved(variable: recording_lib.VariableRecord) -> Optional[np.ndarray]:
  if variable.initial is None or variable.final is None:
    return None
  if variable.initial.dtype.kind not in "fiu":
    return None
  if variable.initial is variable.final:
    return np.zeros(variable.shape)
  return np.asarray(variable.final, np.float64) - np.asarray(
    variable.initial, np.float64
  )


def moved_names(recording: recording_lib.Recording) -> Set[str]:
  """tf1-side names of the variables that a run changed."""
  found = set()
  for variable in recording.variables:
    moved = _moved(variable) if variable.tracked else None
    if moved is not None and np.any(moved):
      found.add(variable.tf1_name)
  return found


def _pair(
  evidence: check.Evidence, name: str
) -> Tuple[recording_lib.VariableRecord, recording_lib.VariableRecord]:
  left = next(v for v in evidence.tf1.variables if v.tf1_name == name)
  right = next(v for v in evidence.tf2.variables if v.tf1_name == name)
  return left, right


def _still(evidence: check.Evidence, name: str) -> Optional[str]:
  """The side on which the variable stayed although it moved on the other."""
  left, right = _pair(evidence, name)
  moves = [_moved(left), _moved(right)]
  if moves[0] is None or moves[1] is None:
    return None
  stayed = [not np.any(move) for move in moves]
  if stayed == [True, False]:
    return "tf1"
  return "tf2" if stayed == [False, True] else None


def explain_branch(
  evidence: check.Evidence, final: Sequence[report_lib.Comparison]
) -> Optional[report_lib.Finding]:
  """A finding where a layer of one side ran its inference branch.

  To be asked where outputs differ: the first variable that moved on one side
  only belongs to that layer.
  """
  for comparison in final:
    side = _still(evidence, comparison.name)
    if side is not None:
      left, right = _pair(evidence, comparison.name)
      layer = comparison.name.rpartition("/")[0]
      return report_lib.Finding(
        cause="training_flag",
        message=(
          f"{layer} runs its inference branch on the {side} side: its outputs"
          f" differ in training, and {comparison.name} is not updated there."
        ),
        hint=(
          "Pass training=training to that layer; compat.v1.layers take"
          " training=False where nothing is passed."
        ),
        where=report_lib.Where(
          variable=comparison.name,
          tf1=report_lib.Place(scope=layer, source=left.source),
          tf2=report_lib.Place(scope=layer, source=right.source),
        ),
        max_abs=comparison.max_abs,
        max_rel=comparison.max_rel,
        max_ulp=comparison.max_ulp,
      )
  return None


def explain_updates(
  evidence: check.Evidence, final: Sequence[report_lib.Comparison]
) -> List[report_lib.Finding]:
  """Findings for variables that differ after the updates, outputs being equal.

  One for all that one side does not update, one for each other factor of the
  rate, one for what remains.
  """
  groups: Dict[Tuple[str, str], List[report_lib.Comparison]] = {}
  for comparison in final:
    if not comparison.is_match:
      kind = _kind(evidence, comparison.name)
      groups.setdefault(kind, []).append(comparison)
  return [_finding(evidence, kind, found) for kind, found in groups.items()]


def _kind(evidence: check.Evidence, name: str) -> Tuple[str, str]:
  side = _still(evidence, name)
  if side is not None:
    return ("still", side)
  left, right = _pair(evidence, name)
  ratio = constant_ratio(_moved(left), _moved(right))
  return ("rate", f"{ratio:.3g}") if ratio is not None else ("other", "")


def _finding(
  evidence: check.Evidence,
  kind: Tuple[str, str],
  found: Sequence[report_lib.Comparison],
) -> report_lib.Finding:
  first = found[0]
  left, right = _pair(evidence, first.name)
  names = ", ".join(c.name for c in found[:3])
  names += f" and {len(found) - 3} more" if len(found) > 3 else ""
  what, detail = kind
  if what == "still" and not evidence.tf1.request.training:
    cause = "update_missing"
    who = "in the port" if detail == "tf1" else "on tf1"
    message = (
      f"The outputs agree, but {names} is updated at inference {who}, and not"
      f" on the {detail} side."
    )
    hint = "Update it in training only: guard the assignment with `training`."
  elif what == "still":
    cause = "update_missing"
    message = (
      f"The outputs agree, but {names} is not updated on the {detail} side."
    )
    hint = (
      "TF2 runs no UPDATE_OPS: assign in the port what tf1 puts into that"
      " collection."
      if detail == "tf2"
      else "Put the tf1 update into UPDATE_OPS, or drop it in the port."
    )
  elif what == "rate":
    cause = "constant"
    message = (
      f"The outputs agree, but the update of {names} is {detail} times as large"
      " in the port as on tf1: another momentum or decay."
    )
    hint = (
      "Pass tf1's momentum or decay to the port's layer: the defaults differ"
      " (tf.layers and Keras 0.99, slim 0.999)."
    )
  else:
    cause = "unknown"
    message = f"The outputs agree, but {names} differs after the updates."
    hint = "Compare what the two sides assign to it."
  return report_lib.Finding(
    cause=cause,
    message=message,
    hint=hint,
    where=report_lib.Where(
      variable=first.name,
      tf1=report_lib.Place(source=left.source),
      tf2=report_lib.Place(source=right.source),
    ),
    max_abs=first.max_abs,
    max_rel=first.max_rel,
    max_ulp=first.max_ulp,
    details=tuple(c.name for c in found),
  )
