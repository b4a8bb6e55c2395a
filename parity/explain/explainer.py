"""Why do two recordings differ? Asks for traces and probes, and gives findings.

1. The failing pair of Requests is recorded again with a trace of every op. At
   constant weights too many tensors are alike, so there the trace has
   distinctive weights on both sides, seeded by each variable's name.
2. The tf1 trace runs with graph optimisation off. If the difference is gone
   there, the optimiser made it: `graph_rewrite`, unless the difference is no
   larger than the measured floor; then fused kernels only round otherwise.
3. Both traces are run again in float64 from the same roots. What is gone there,
   and at another point too, was rounding, a proof and no guess, unless one side
   computes in another dtype by its own choice: `precision`.
4. Else the tensors of both traces are paired, in float64 where every op could
   be run, so that no noise hides a small difference; for each output that
   differs the ops are found where the sides part, and a rule names the cause
   at each.
5. Of a large network the traces hold sketches; values are asked for where the
   sides part (`fetching`).
6. Where nothing is found, no finding is the honest answer.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import Any, Dict, List, Optional, Sequence, Tuple

from parity import errors
from parity.compare import pairs as pairs_lib
from parity.explain import backward
from parity.explain import blame
from parity.explain import branches
from parity.explain import counterparts
from parity.explain import depth as depth_lib
from parity.explain import elsewhere
from parity.explain import evidence
from parity.explain import fetching
from parity.explain import floors
from parity.explain import numbers
from parity.explain import partners as partners_lib
from parity.explain import probes as probes_lib
from parity.explain import rounding
from parity.explain import surroundings
from parity.records import dataflow
from parity.records import recording as recording_lib
from parity.records import report as report_lib
from parity.records import request as request_lib
from parity.records import tolerance as tolerance_lib
from parity.records import trace as trace_lib

# Causes that rest on a setting of an op, which no rounding changes.
_SETTLED = frozenset(
  (
    "constant",
    "loss_scale",
    "op_attribute",
    "precision",
    "random_op",
    "regularization",
    "training_flag",
  )
)


@dataclasses.dataclass(frozen=True, eq=False)
class Difference:
  """What is to be explained.

  Attributes:
    tf1: the Request of the tf1 side.
    tf2: the Request of the tf2 side.
    names: trace outputs that differ, in execution order: an output's path,
      `final:VARIABLE`, `gradient:VARIABLE` or `loss:`.
    policy: the limits.
  """

  tf1: request_lib.Request
  tf2: request_lib.Request
  names: Tuple[str, ...]
  policy: tolerance_lib.TolerancePolicy


def name_in_trace(comparison: report_lib.Comparison) -> str:
  """The name that a trace gives to what a comparison is about."""
  if comparison.kind == "output":
    return comparison.name
  if comparison.kind == "loss":
    return "loss:"
  return f"{comparison.kind}:{comparison.name}"


@dataclasses.dataclass(frozen=True, eq=False)
class Explanation:
  """What the traces said.

  Attributes:
    findings: one a root cause, in execution order; empty where none could be
      established.
    depth: how far apart the sides are op by op.
  """

  findings: Tuple[report_lib.Finding, ...] = ()
  depth: Tuple[dataflow.DepthPoint, ...] = ()


def explain(difference: Difference, probes: probes_lib.Probes) -> Explanation:
  """Explains a difference.

  Args:
    difference: what differs.
    probes: what may be run to find out.
  """
  for weights in _weights(difference.tf1.weights):
    own = weights == difference.tf1.weights
    try:
      tf1, tf2 = _traced(difference, weights, probes)
    except errors.GoldenError:
      # A golden holds no run with other weights than its own.
      if own:
        raise
      continue
    if tf1.trace is None or tf2.trace is None:
      continue
    names = difference.names if own else _differing(tf1, tf2, difference)
    if own and not _differing(tf1, tf2, difference, names):
      rounded = floors.rounding(
        difference.tf1, difference.tf2, difference.names, probes.ask
      )
      return Explanation((rounded or _graph_rewrite(difference, tf1),))
    traces = probes_lib.near(tf1, tf2, names, probes)
    probes = probes_lib.remembering(probes, (traces.tf1, traces.tf2))
    found = _explain_exactly(
      traces.tf1, traces.tf2, names, difference.policy, probes
    )
    missing = backward.missing(traces.tf1, traces.tf2, names)
    if not found and not missing:
      continue
    # Reports need it in any case, and the other mode's trace takes as long.
    wide = probes.begin(
      functools.partial(probes.replay_if_possible, traces.tf1)
    )
    if found and own:
      places = functools.partial(
        blame.first_places, traces.tf1, traces.tf2, names
      )
      found = branches.refined(found, difference.tf1, places, probes.ask)
    found = [*missing, *found]
    return _illustrated(found, names, traces.tf1, traces.tf2, wide=wide())
  return Explanation()


def _illustrated(
  found: Sequence[report_lib.Finding],
  names: Sequence[str],
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  *,
  wide: Optional[trace_lib.Trace],
) -> Explanation:
  """The findings with what reports draw of them; the verdict is made."""
  partners = blame.pair(tf1, tf2, names)
  parting = [
    (left, right)
    for left, right in (
      surroundings.middles_of(finding, tf1, tf2, partners) for finding in found
    )
    if left is not None and right is not None
  ]
  return Explanation(
    findings=tuple(
      surroundings.with_neighbourhood(
        evidence.with_evidence(finding, tf1, tf2, partners=partners, wide=wide),
        tf1,
        tf2,
        partners,
      )
      for finding in found
    ),
    depth=depth_lib.depth_points(
      tf1,
      tf2,
      counterparts.find_counterparts(tf1, tf2, partners, parting=parting),
      wide=wide,
    ),
  )


def _explain_exactly(
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  names: Sequence[str],
  policy: tolerance_lib.TolerancePolicy,
  probes: probes_lib.Probes,
) -> List[report_lib.Finding]:
  """Findings, with rounding taken out where a setting alone does not decide."""
  known = [n for n in names if n in tf1.outputs and n in tf2.outputs]
  if not known:
    return []
  closeness = blame.closeness_for(tf1, tf2, known)
  # What is not seen of a loop, only its replay shows.
  is_seen = not any(_is_unseen(trace) for trace in (tf1, tf2))
  plain = (
    blame.explain_traces(tf1, tf2, known, replay=probes.replay)
    if is_seen
    else []
  )
  is_coarse = closeness >= partners_lib.CLOSENESS
  if is_coarse and _are_settled(plain, tf1, tf2, known):
    return plain
  wide1, wide2 = probes.replay(tf1), probes.replay(tf2)
  gaps = {
    name: rounding.gaps_of(name, tf1, tf2, wide1, wide2) for name in known
  }
  real = [n for n in known if not gaps[n].is_rounding_within(policy)]
  if not real:
    if not is_seen:
      plain = blame.explain_traces(tf1, tf2, known, replay=probes.replay)
    return _explain_rounding(
      gaps[known[0]], tf1, tf2, plain, policy=policy, probes=probes
    )
  if wide1.complete and wide2.complete:
    wide = probes_lib.near_wide(
      fetching.Traces(wide1, wide2),
      fetching.Traces(tf1, tf2),
      blame.known_names(wide1, wide2, real),
      probes,
    )
    found = blame.explain_traces(
      wide.tf1,
      wide.tf2,
      real,
      replay=probes.replay,
      finest=partners_lib.FINEST_WIDE,
    )
    if found:
      return found
  return blame.explain_traces(tf1, tf2, real, replay=probes.replay)


def _is_unseen(trace: trace_lib.Trace) -> bool:
  """Whether a trace holds what a loop computes, but not its values."""
  return any(tensor.root == "unseen" for tensor in trace.tensors)


def _are_settled(
  findings: Sequence[report_lib.Finding],
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  names: Sequence[str],
) -> bool:
  """Whether settings that differ, not values, make the whole difference.

  One whose effect is small beside what is seen (an epsilon of 1.001e-5, which
  TF1.x makes of 1e-5) may stand beside rounding that is large.
  """
  if not findings or any(f.cause not in _SETTLED for f in findings):
    return False
  effects = [f.max_abs for f in findings]
  if any(effect is None for effect in effects):
    return True
  gaps = [
    numbers.largest_gap(left, right)
    for left, right in (
      (tf1.tensors[tf1.outputs[n]].value, tf2.tensors[tf2.outputs[n]].value)
      for n in names
    )
    if left is not None and right is not None
  ]
  least = min((gap for gap in gaps if gap), default=0.0)
  return max(effect or 0.0 for effect in effects) > rounding.LEFT_OVER * least


def _explain_rounding(
  gaps: rounding.Gaps,
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  plain: Sequence[report_lib.Finding],
  *,
  policy: tolerance_lib.TolerancePolicy,
  probes: probes_lib.Probes,
) -> List[report_lib.Finding]:
  """Rounding, where both sides also agree at another point.

  Only the dtype of the computation can make a difference that float64 on both
  sides does not show, and that is no mere rounding.
  """
  precise = [f for f in plain if f.cause == "precision"]
  if precise:
    return precise
  there = elsewhere.explain(tf1, tf2, policy=policy, replay=probes.replay)
  return there or [rounding.finding(gaps, tf1, tf2)]


def _weights(asked: str) -> Sequence[str]:
  return ("distinctive", "constant") if asked == "constant" else (asked,)


def _traced(
  difference: Difference,
  weights: str,
  probes: probes_lib.Probes,
) -> Tuple[recording_lib.Recording, recording_lib.Recording]:
  changes: Dict[str, Any] = {
    "trace": True,
    "trace_values": True,
    "weights": weights,
    "calls": 1,
  }
  mode: Dict[str, Any] = (
    {"mode": "eager"} if difference.tf2.mode != "functional" else {}
  )
  port = dataclasses.replace(difference.tf2, **changes, **mode)
  tf2 = probes.begin(functools.partial(probes.ask, port))
  tf1 = probes.ask(dataclasses.replace(difference.tf1, **changes))
  if weights == difference.tf1.weights:
    # While the port's trace, which takes longer, still runs.
    other = branches.in_other_mode(difference.tf1)
    probes.begin(functools.partial(probes.prepare, other))
  return tf1, tf2()


def _differing(
  tf1: recording_lib.Recording,
  tf2: recording_lib.Recording,
  difference: Difference,
  names: Optional[Sequence[str]] = None,
) -> Tuple[str, ...]:
  """The names whose values are beyond the tolerance, in execution order."""
  left, right = floors.values_by_name(tf1), floors.values_by_name(tf2)
  chosen = left if names is None else names
  orders = {output.path: output.order for output in tf1.outputs}
  late = max(orders.values(), default=0) + 1
  compared = pairs_lib.compare_named(
    {name: left[name] for name in chosen if name in left},
    {name: right[name] for name in chosen if name in right},
    kind="output",
    policy=difference.policy,
    orders={n: orders.get(n, late + i) for i, n in enumerate(chosen)},
  )
  return tuple(c.name for c in compared if not c.is_match)


def _graph_rewrite(
  difference: Difference, tf1: recording_lib.Recording
) -> report_lib.Finding:
  name = difference.names[0]
  record = next((o for o in tf1.outputs if o.path == name), None)
  return report_lib.Finding(
    cause="graph_rewrite",
    message=(
      f"{name} differs only while TensorFlow optimises the tf1 graph: with"
      " graph optimisation off both sides agree."
    ),
    hint=(
      "The optimiser reorders or folds constants (for example 1 - p + 1e-8"
      " loses the 1e-8 in float32). Write the expression so that no reordering"
      " changes it, or turn the pass off with tf.config.optimizer."
      "set_experimental_options({'constant_folding': False,"
      " 'arithmetic_optimization': False})."
    ),
    where=report_lib.Where(
      output=name,
      tf1=report_lib.Place(
        op=record.op if record else None,
        op_type=record.op_type if record else None,
        scope=(record.op or "").rpartition("/")[0] or None if record else None,
        source=record.source if record else None,
      ),
    ),
  )
