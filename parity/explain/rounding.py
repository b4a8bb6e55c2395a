"""Is a difference only rounding? Gone in float64, and small beside the noise.

Both sides' ops are run again in float64 from the same roots. A difference that
float32 shows and float64 does not is the rounding of the float32 computation,
however large a chaotic model made it; one that float64 still shows is a
difference of the computation itself, however small. This is a proof where every
op could be run again; where one could not, nothing is called rounding. Since a
point may be special, both are held against each other at another one as well
(`elsewhere`): there all outputs must agree within the user's own tolerance.
"""

from __future__ import annotations

import dataclasses
from typing import Optional

from parity.explain import numbers
from parity.records import report as report_lib
from parity.records import tolerance as tolerance_lib
from parity.records import trace as trace_lib

# The share of the float32 difference that float64 may leave: constants that the
# two sides round to float32 by themselves stay an ulp apart.
LEFT_OVER = 0.05


@dataclasses.dataclass(frozen=True)
class Gaps:
  """How far apart an output is on the two sides.

  Attributes:
    name: the output.
    narrow: largest difference as recorded; None where it is not defined.
    wide: the same in float64.
    peak: largest magnitude on the tf1 side.
    is_proof: whether every op could be run again.
  """

  name: str
  narrow: Optional[float]
  wide: Optional[float]
  peak: float
  is_proof: bool

  @property
  def is_rounding(self) -> bool:
    """Whether the difference is proved to be rounding."""
    if not self.is_proof or self.narrow is None or self.wide is None:
      return False
    return self.wide <= LEFT_OVER * self.narrow

  def is_rounding_within(self, policy: tolerance_lib.TolerancePolicy) -> bool:
    """The same, where what float64 leaves may also be within the tolerance.

    Then the functions are the same, by the user's own measure, and what is
    beyond it is rounding.
    """
    if self.is_rounding:
      return True
    is_known = self.is_proof and self.narrow is not None
    limit = policy.for_name(self.name).allowed(self.peak)
    return is_known and self.wide is not None and self.wide <= limit


def _gap(
  left: trace_lib.TensorRecord, right: trace_lib.TensorRecord
) -> Optional[float]:
  a, b = left.value, right.value
  return None if a is None or b is None else numbers.largest_gap(a, b)


def gaps_of(
  name: str,
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  wide_tf1: trace_lib.Trace,
  wide_tf2: trace_lib.Trace,
) -> Gaps:
  """How far apart an output is, as recorded and in float64."""
  left, right = tf1.outputs[name], tf2.outputs[name]
  return Gaps(
    name=name,
    narrow=_gap(tf1.tensors[left], tf2.tensors[right]),
    wide=_gap(wide_tf1.tensors[left], wide_tf2.tensors[right]),
    peak=tf1.tensors[left].peak,
    is_proof=wide_tf1.complete and wide_tf2.complete,
  )


def finding(
  gaps: Gaps, tf1: trace_lib.Trace, tf2: trace_lib.Trace
) -> report_lib.Finding:
  """The note that a difference is rounding."""
  makers = [
    next((o for o in t.ops if t.outputs[gaps.name] in o.outputs), None)
    for t in (tf1, tf2)
  ]
  places = [
    report_lib.Place()
    if op is None
    else report_lib.Place(op.name, op.op_type, op.scope or None, op.source)
    for op in makers
  ]
  assert gaps.narrow is not None
  assert gaps.wide is not None
  return report_lib.Finding(
    cause="rounding",
    message=(
      f"{gaps.name} differs by {gaps.narrow:.3g} (of {gaps.peak:.3g}), beyond"
      " the tolerance, but it is rounding: with every op of both sides run in"
      f" float64 the difference is {gaps.wide:.1g}."
    ),
    hint=(
      "Nothing to mend. Give this output a tolerance that fits its size, or use"
      " --strict where even rounding must not differ."
    ),
    where=report_lib.Where(
      output=None if ":" in gaps.name else gaps.name,
      variable=gaps.name.split(":", 1)[1] if ":" in gaps.name else None,
      tf1=places[0],
      tf2=places[1],
    ),
    max_abs=gaps.narrow,
    max_rel=gaps.narrow / gaps.peak if gaps.peak else None,
    is_note=True,
  )
