"""Does one side's total loss lack a regularisation term? By its gradients.

A penalty on a variable has a value and a slope, and both must be what is
missing:

1. The gradients that differ do so along their own variable: a * w of squares,
   b * sign(w) of magnitudes, or both. All others agree.
2. The losses differ by what such penalties come to: a / 2 * sum(w * w) and
   b * sum(|w|), over all those variables.
3. Where a side records a regularisation loss of that variable and that value,
   it is told which, and whether the side that lacks the term records it too.

Certain, as far as the numbers go: 1 and 2. A variable of one or two elements
lies along anything, so one of them at least must have more.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, List, Mapping, Optional, Sequence

import numpy as np

from parity.checks import check
from parity.records import recording as recording_lib
from parity.records import report as report_lib

# How well penalties must explain a gradient, and the loss, relative to the
# difference; and what rounding may do, relative to the values themselves.
_ACCURACY = 1e-3
_ROUNDING = 3e-6
# A variable with fewer elements lies along anything.
_TELLING = 3


@dataclasses.dataclass(frozen=True)
class Penalty:
  """What a difference of gradients says of a variable.

  Attributes:
    variable: its tf1-side name.
    squares: the factor of the sum of its squares.
    magnitudes: the factor of the sum of its magnitudes.
    value: what they come to, above zero where tf1 has the term.
    is_telling: whether so many elements cannot agree by chance.
  """

  variable: str
  squares: float
  magnitudes: float
  value: float
  is_telling: bool

  @property
  def text(self) -> str:
    """The penalty in a message."""
    parts = [
      f"{abs(factor):.4g} times the sum of its {what}"
      for factor, what in (
        (self.squares, "squares"),
        (self.magnitudes, "magnitudes"),
      )
      if factor
    ]
    return f"{abs(self.value):.6g} for {self.variable} ({' and '.join(parts)})"


def penalty_of(
  name: str,
  weights: np.ndarray,
  *,
  tf1: Optional[np.ndarray],
  tf2: Optional[np.ndarray],
) -> Optional[Penalty]:
  """The penalty whose slope lies between two gradients; None for none.

  >>> w = np.array([1.0, -2.0, 0.5, 3.0])
  >>> found = penalty_of("w", w, tf1=1 + 0.2 * w, tf2=np.ones(4))
  >>> round(found.squares, 6), found.magnitudes
  (0.1, 0.0)

  Args:
    name: of the variable.
    weights: the value at which both gradients are.
    tf1: tf1's gradient; None is zero.
    tf2: the port's.
  """
  w = np.asarray(weights, np.float64).reshape(-1)
  left, right = (
    np.zeros_like(w) if g is None else np.asarray(g, np.float64).reshape(-1)
    for g in (tf1, tf2)
  )
  if not w.size or left.shape != w.shape or right.shape != w.shape:
    return None
  slope = left - right
  allowed = _ACCURACY * float(np.linalg.norm(slope)) + _ROUNDING * float(
    np.linalg.norm(left) + np.linalg.norm(right)
  )
  if not np.isfinite(allowed):
    return None
  bases: List[List[np.ndarray]] = [[w], [np.sign(w)]]
  if w.size >= 2 * _TELLING:
    bases.append([w, np.sign(w)])
  for basis in bases:
    columns = np.stack(basis, axis=1)
    factors = np.linalg.lstsq(columns, slope, rcond=None)[0]
    if float(np.linalg.norm(columns @ factors - slope)) > allowed:
      continue
    squares = float(factors[0]) / 2 if basis[0] is w else 0.0
    magnitudes = float(factors[-1]) if basis[-1] is not w else 0.0
    value = squares * float(w @ w) + magnitudes * float(np.abs(w).sum())
    return Penalty(name, squares, magnitudes, value, w.size >= _TELLING)
  return None


def explain(
  evidence: check.Evidence,
  loss: report_lib.Comparison,
  gradients: Sequence[report_lib.Comparison],
) -> Optional[report_lib.Finding]:
  """A finding where penalties are all that lies between two losses.

  Args:
    evidence: both sides, with loss and gradients.
    loss: the losses, compared.
    gradients: the gradients, compared.
  """
  tf1, tf2 = evidence.tf1, evidence.tf2
  names = [each.name for each in gradients if not each.is_match]
  if loss.is_match or not names or tf1.loss is None or tf2.loss is None:
    return None
  weights = _shared_weights(tf1, tf2)
  left, right = _by_name(tf1), _by_name(tf2)
  found: List[Penalty] = []
  for name in names:
    if name not in weights:
      return None
    penalty = penalty_of(
      name, weights[name], tf1=left.get(name), tf2=right.get(name)
    )
    if penalty is None:
      return None
    found.append(penalty)
  ours, theirs = (
    float(np.asarray(x, np.float64).reshape(-1)[0])
    for x in (tf1.loss, tf2.loss)
  )
  gap = ours - theirs
  total = sum(penalty.value for penalty in found)
  allowed = _ACCURACY * abs(gap) + _ROUNDING * (abs(ours) + abs(theirs))
  if not any(p.is_telling for p in found) or not abs(gap - total) <= allowed:
    return None
  return _finding(evidence, found, loss)


def _by_name(recording: recording_lib.Recording) -> Dict[str, np.ndarray]:
  return {
    g.variable: g.value for g in recording.gradients if g.value is not None
  }


def _shared_weights(
  tf1: recording_lib.Recording, tf2: recording_lib.Recording
) -> Dict[str, np.ndarray]:
  """Initial values that both sides have and that are the same."""
  theirs = {v.tf1_name: v.initial for v in tf2.variables}
  found: Dict[str, np.ndarray] = {}
  for variable in tf1.variables:
    value, other = variable.initial, theirs.get(variable.tf1_name)
    if value is None or other is None or value.shape != other.shape:
      continue
    if value.dtype.kind == "f" and np.allclose(value, other, 1e-5, 1e-6):
      found[variable.tf1_name] = value
  return found


def _finding(
  evidence: check.Evidence,
  found: Sequence[Penalty],
  loss: report_lib.Comparison,
) -> report_lib.Finding:
  is_of_tf1 = sum(penalty.value for penalty in found) > 0
  who, other = ("tf1", "the port") if is_of_tf1 else ("the port", "tf1")
  told = ", ".join(penalty.text for penalty in found[:3])
  told += f" and {len(found) - 3} more" if len(found) > 3 else ""
  places = [
    _place(recording, found[0].variable)
    for recording in (evidence.tf1, evidence.tf2)
  ]
  return report_lib.Finding(
    cause="regularization",
    message=(
      f"The total loss of {who} holds a regularisation term that {other} lacks:"
      f" {told}. The loss and the gradients differ by just that."
      f"{_recorded(evidence, found, is_of_tf1=is_of_tf1)}"
    ),
    hint=(
      "Add tf.add_n(port.losses) to the port's loss: outside of a TF1 graph"
      " tf.losses.get_regularization_loss() and the collection"
      " REGULARIZATION_LOSSES are empty."
      if is_of_tf1
      else "Leave the term out of the port's loss, or add tf1's collection"
      " REGULARIZATION_LOSSES to tf1's (tf.losses.get_total_loss does)."
    ),
    where=report_lib.Where(
      variable=found[0].variable, output="loss", tf1=places[0], tf2=places[1]
    ),
    max_abs=loss.max_abs,
    max_rel=loss.max_rel,
    max_ulp=loss.max_ulp,
    details=tuple(penalty.text for penalty in found),
  )


def _recorded(
  evidence: check.Evidence, found: Sequence[Penalty], *, is_of_tf1: bool
) -> str:
  """A sentence on who records these terms as regularisation losses."""
  ours = _are_recorded(evidence.tf1, found)
  theirs = _are_recorded(evidence.tf2, found)
  if ours and theirs:
    return (
      " Both sides record it among their regularisation losses; only"
      f" {'tf1' if is_of_tf1 else 'the port'} adds it to its loss."
    )
  if not ours and not theirs:
    return (
      " Neither side records a regularisation loss of that value: the penalty"
      " is written into the loss, or weighs more on one side."
    )
  return (
    " It is recorded among the regularisation losses of"
    f" {'tf1' if ours else 'the port'} alone."
  )


def _are_recorded(
  recording: recording_lib.Recording, found: Sequence[Penalty]
) -> bool:
  """Whether each penalty is the value of a recorded regularisation loss."""
  values: Dict[str, List[float]] = {}
  for loss in recording.losses:
    value = float(np.asarray(loss.value, np.float64).reshape(-1)[0])
    values.setdefault(loss.variable or "", []).append(value)
  return all(_is_recorded(values, penalty) for penalty in found)


def _is_recorded(
  values: Mapping[str, Sequence[float]], penalty: Penalty
) -> bool:
  near = (*values.get(penalty.variable, ()), *values.get("", ()))
  wanted = abs(penalty.value)
  return any(abs(value - wanted) <= 1e-2 * wanted for value in near)


def _place(
  recording: recording_lib.Recording, variable: str
) -> report_lib.Place:
  """Where a side asks for a penalty on a variable, or makes the variable."""
  for loss in recording.losses:
    if loss.variable == variable:
      return report_lib.Place(op=loss.name, source=loss.source)
  source = next(
    (v.source for v in recording.variables if v.tf1_name == variable), None
  )
  return report_lib.Place(source=source)
