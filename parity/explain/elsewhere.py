"""Do two dataflows compute the same function? Asks at another point.

At the point that was recorded the exact result may be degenerate: batch norm
over a constant image gives 0 whatever comes before it, so that even another
function has the same exact result, while rounding makes all of what is seen. So
both traces are taken to a point where nothing is special, the same for both:

1. Every floating input and variable is multiplied, element by element, by a
   number between 0.9 and 1.1; a zero becomes a small number.
2. The numbers follow from the tensor's own values, by its digest, and so are
   the same on both sides without matching names. What has the values of an
   input or a variable on either side is moved on both.
3. Constants and what random ops drew stay. So does what has one value
   throughout, ones or zeros, unless it is an input or a variable of one name on
   both sides: a constant of ones is no variable because one starts from ones.

Two functions that agree there in float64 are the same, but for what only
happens at special points, which the recorded point itself must show.
"""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Dict, FrozenSet, List, Optional, Sequence

import numpy as np

from parity.compare import pairs as pairs_lib
from parity.compare import values
from parity.explain import blame
from parity.explain import partners as partners_lib
from parity.records import report as report_lib
from parity.records import tolerance as tolerance_lib
from parity.records import trace as trace_lib

_WIDTH = 0.1
_ROOTS = ("input:", "variable:")


def explain(
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  *,
  policy: tolerance_lib.TolerancePolicy,
  replay: blame.Replay,
) -> List[report_lib.Finding]:
  """Findings where the sides part at another point; none where they agree.

  Args:
    tf1: a trace with values.
    tf2: the other side's.
    policy: the limits, which hold there too.
    replay: runs a trace again in float64.
  """
  roots = roots_of((tf1, tf2))
  there1, there2 = replay(moved(tf1, roots)), replay(moved(tf2, roots))
  left, right = _outputs(there1), _outputs(there2)
  shared = [name for name in left if name in right]
  compared = pairs_lib.compare_named(
    {name: left[name] for name in shared},
    {name: right[name] for name in shared},
    kind="output",
    policy=policy,
    orders={name: place for place, name in enumerate(shared)},
  )
  differing = [c.name for c in compared if not c.is_match]
  if not differing:
    return []
  found = blame.explain_traces(
    there1, there2, differing, replay=replay, finest=partners_lib.FINEST_WIDE
  )
  # Behind a repair even a constant that is an ulp apart comes to light.
  smallest = min(policy.for_name(name).atol for name in differing)
  beyond = [f for f in found if f.max_abs is None or f.max_abs > smallest]
  return beyond or found


def _outputs(trace: trace_lib.Trace) -> Dict[str, np.ndarray]:
  """Value by output, of those that were seen."""
  found: Dict[str, np.ndarray] = {}
  for name, number in trace.outputs.items():
    value = trace.tensors[number].value
    if value is not None:
      found[name] = value
  return found


@dataclasses.dataclass(frozen=True)
class Roots:
  """What is moved.

  Attributes:
    digests: of inputs and variables; whatever has their values is one.
    names: of those that have one value throughout; only by name are they known.
  """

  digests: FrozenSet[str]
  names: FrozenSet[str]


def roots_of(traces: Sequence[trace_lib.Trace]) -> Roots:
  """The inputs and variables that can be moved."""
  found = [
    {
      tensor.root: tensor
      for tensor in trace.tensors
      if (tensor.root or "").startswith(_ROOTS) and _is_floating(tensor.value)
    }
    for trace in traces
  ]
  shared = set(found[0]).intersection(*found[1:])
  return Roots(
    digests=frozenset(
      tensor.digest
      for roots in found
      for tensor in roots.values()
      if tensor.value is not None and not values.is_uniform(tensor.value)
    ),
    names=frozenset(name for name in shared if name is not None),
  )


def moved(trace: trace_lib.Trace, roots: Roots) -> trace_lib.Trace:
  """The trace with its roots at another point.

  Args:
    trace: with values; those of what its ops made no longer fit.
    roots: what to move.
  """
  made = {tensor for op in trace.ops for tensor in op.outputs}
  return dataclasses.replace(
    trace,
    tensors=tuple(
      dataclasses.replace(tensor, value=_moved(tensor.value, tensor.digest))
      if number not in made
      and (tensor.digest in roots.digests or tensor.root in roots.names)
      else tensor
      for number, tensor in enumerate(trace.tensors)
    ),
  )


def _is_floating(value: Optional[np.ndarray]) -> bool:
  return value is not None and value.dtype.kind == "f"


def _moved(value: Optional[np.ndarray], digest: str) -> Optional[np.ndarray]:
  if value is None:
    return None
  seed = int(hashlib.sha256(digest.encode()).hexdigest()[:8], 16)
  rng = np.random.RandomState(seed)
  by = rng.uniform(-_WIDTH, _WIDTH, size=value.shape)
  found = np.where(value == 0, _WIDTH * by, value * (1 + by))
  return found.astype(value.dtype)
