"""What is told of regularisation losses that do not agree?"""

from __future__ import annotations

from typing import Optional, Sequence, Tuple

from parity.checks import check
from parity.compare import losses as losses_lib
from parity.records import recording as recording_lib
from parity.records import report as report_lib

_LOSSES = "regularisation losses"


def explain(
  evidence: check.Evidence, losses: losses_lib.LossComparison
) -> report_lib.Finding:
  """The finding.

  Args:
    evidence: both sides.
    losses: their regularisation losses, compared; the totals differ.
  """
  tf1, tf2 = evidence.tf1.losses, evidence.tf2.losses
  pair = next(iter(losses.differing), None)
  left = pair.reference if pair else _first(losses.unmatched_reference)
  right = pair.other if pair else _first(losses.unmatched_other)
  named = left or right
  about = ""
  if losses.repeated and not pair and not left:
    named = losses.repeated[0].reference
    about = f"; the port counts {named.variable or named.name} again"
  elif left and right and not pair:
    names = [each.variable or each.name for each in (left, right)]
    about = f"; {names[0]} on tf1 and {names[1]} in the port have no partner"
  elif named:
    about = f"; the first that differs is {named.variable or named.name}"
  known = [x.variable for x in (left, right, named) if x and x.variable]
  scaled = ""
  factor = losses.common_factor
  if factor is not None and (len(tf1) > 1 or 1e-4 < abs(factor) < 1e4):
    # Of one loss that is next to nothing any other is some multiple.
    name = losses.factor_name or f"{factor:.6g}"
    scaled = f" Each of the port's is {name} times tf1's."
  return report_lib.Finding(
    cause="regularization",
    message=(
      f"The outputs agree, the {_LOSSES} do not: {losses.reference_total:.9g}"
      f" from {len(tf1)} losses on tf1, {losses.other_total:.9g} from"
      f" {len(tf2)} in the port{about}.{scaled}"
    ),
    hint=(
      "Compare the regularizers: tf.nn.l2_loss, slim and contrib halve the sum"
      " of squares, tf.keras.regularizers.l2 does not; and each side must"
      " penalise the same variables."
    ),
    where=report_lib.Where(
      variable=known[0] if known else None,
      output=_LOSSES,
      tf1=_loss_place(left),
      tf2=_loss_place(right),
    ),
    max_abs=losses.total.max_abs,
    max_rel=losses.total.max_rel,
    max_ulp=losses.total.max_ulp,
    details=_loss_lines("tf1", tf1) + _loss_lines("tf2", tf2),
  )


def _first(
  losses: Sequence[recording_lib.LossRecord],
) -> Optional[recording_lib.LossRecord]:
  return losses[0] if losses else None


def _loss_place(
  loss: Optional[recording_lib.LossRecord],
) -> report_lib.Place:
  if loss is None:
    return report_lib.Place()
  return report_lib.Place(
    op=loss.name, scope=loss.name.rpartition("/")[0] or None, source=loss.source
  )


def _loss_lines(
  side: str, losses: Sequence[recording_lib.LossRecord]
) -> Tuple[str, ...]:
  return tuple(
    f"{side}: {loss.name} = {float(loss.value):.9g}" for loss in losses
  )
