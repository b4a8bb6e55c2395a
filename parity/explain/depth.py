"""How far apart are the sides at each op, and how far may rounding drive them?

1. Each op of the tf1 side with a floating result is put beside the port's (see
   `counterparts`); the error is the largest difference of the two results, of
   the tf1 side's largest magnitude, so that ops of any scale share an axis.
   Of values that were too large to be kept it is a lower bound, from sketches.
2. The noise floor of an op is the difference between the tf1 side's own result
   and what it gives in float64, of the same magnitude: what rounding alone has
   made of it up to there (measured, where the trace could be run in float64).
"""

from __future__ import annotations

from typing import List, Mapping, Optional, Tuple

import numpy as np

from parity.explain import counterparts as counterparts_lib
from parity.explain import partners as partners_lib
from parity.records import dataflow
from parity.records import trace as trace_lib

# More ops than this are thinned out: a report is read by people.
_MOST_POINTS = 2500
_FLOATING = ("float", "bfloat")


def depth_points(
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  counterparts: Mapping[int, counterparts_lib.Counterpart],
  *,
  wide: Optional[trace_lib.Trace] = None,
) -> Tuple[dataflow.DepthPoint, ...]:
  """A point for each op of the tf1 side that has a counterpart.

  Args:
    tf1: the tf1 side's trace, with values.
    tf2: the tf2 side's.
    counterparts: the tf2 side's tensor by tf1 tensor.
    wide: the tf1 side's trace in float64, for the noise floor.
  """
  found: List[dataflow.DepthPoint] = []
  for order, op in enumerate(tf1.ops):
    if not op.outputs or op.outputs[0] not in counterparts:
      continue
    result, other = op.outputs[0], counterparts[op.outputs[0]]
    left, right = tf1.tensors[result], tf2.tensors[other.tensor]
    if not _is_floating(left) or not _is_floating(right):
      continue
    noise = None if wide is None else _error(left, wide.tensors[result])
    found.append(
      dataflow.DepthPoint(
        order=order,
        op=op.name,
        op_type=op.op_type,
        error=_error(left, right),
        noise=noise,
        match=other.match,
      )
    )
  return _thinned(found)


def _is_floating(record: trace_lib.TensorRecord) -> bool:
  is_kept = record.value is not None or record.sketch is not None
  return is_kept and record.size > 0 and record.dtype.startswith(_FLOATING)


def _error(
  left: trace_lib.TensorRecord, right: trace_lib.TensorRecord
) -> Optional[float]:
  """The largest difference, of the first one's peak; None if not finite."""
  a, b = left.value, right.value
  if left.digest and left.digest == right.digest:
    found = 0.0
  elif a is None or b is None or a.shape != b.shape:
    closeness = partners_lib.CLOSENESS
    found = partners_lib.distance(left, right, closeness=closeness)
  else:
    with np.errstate(all="ignore"):
      gap = float(np.max(np.abs(a.astype(np.float64) - b.astype(np.float64))))
    found = gap / left.peak if left.peak else (0.0 if gap == 0 else np.inf)
  return found if np.isfinite(found) else None


def _thinned(
  points: List[dataflow.DepthPoint],
) -> Tuple[dataflow.DepthPoint, ...]:
  """At most so many points: of each run of neighbours the one furthest off."""
  if len(points) <= _MOST_POINTS:
    return tuple(points)
  step = -(-len(points) // _MOST_POINTS)
  runs = [points[i : i + step] for i in range(0, len(points), step)]
  return tuple(
    max(run, key=lambda p: np.inf if p.error is None else p.error)
    for run in runs
  )
