"""How much would this case notice? Mutations of its port, judged by its checks.

1. The port is traced once for each check that applies, with the check's own
   inputs, weights and mode.
2. Mutations are proposed from each trace. One that stands in several traces is
   one mutation; where there are more than the budget allows, a seeded sample is
   tried, with as many of each kind as there can be.
3. Each trace is run again in float64, without and with each mutation. The check
   would fail where what it compares differs by more than the case's tolerance;
   both runs are in float64, so no rounding counts as noticing.

The inventory of variables, and the port inside a functional model, are not
asked: no mutation changes the one, and the other is `random_training` again.
"""

from __future__ import annotations

import dataclasses
import random
import time
from typing import Dict, Iterable, List, Optional, Sequence, Tuple

import numpy as np

from parity import errors
from parity import runner
from parity.audit import advice
from parity.audit import mutants
from parity.audit import mutations as mutations_lib
from parity.records import audit as audit_lib
from parity.records import facts as facts_lib
from parity.records import options as options_lib
from parity.records import recording as recording_lib
from parity.records import request as request_lib
from parity.records import tolerance as tolerance_lib
from parity.records import trace as trace_lib
from parity.runs import fulfilment
from parity.sides import side as side_lib

_ASKED = (
  "constant_weights",
  "random_inference",
  "random_training",
  "gradients",
)


@dataclasses.dataclass(frozen=True)
class _Key:
  """What makes a mutation the same in the runs of several checks."""

  kind: str
  what: str
  op_type: str
  op: str
  source: Optional[str]
  repetition: int


@dataclasses.dataclass(eq=False)
class _Run:
  """The port as one check runs it; with values once it was run again."""

  check: str
  trace: trace_lib.Trace
  proposed: Dict[_Key, mutations_lib.Mutation]


def audit(
  target: str,
  *,
  budget: int = audit_lib.BUDGET,
  options: Optional[options_lib.Options] = None,
  watch: Optional[options_lib.Watcher] = None,
) -> audit_lib.Audit:
  """Audits a case file.

  Args:
    target: `path` or `path:NAME`.
    budget: how many mutations to try at most.
    options: how to run.
    watch: is told of each step.

  Raises:
    ParityError: the case cannot be loaded, or its port cannot be traced.
  """
  start = time.perf_counter()
  options = options or options_lib.Options()
  side = fulfilment.make_side("tf2", options)
  try:
    facts = side.load(target).facts
    if not facts.has_tf2:
      raise errors.CaseError(
        f"{facts.name} has no tf2, so there is no port to mutate."
      )
    requests = _requests(facts, options)
    if not requests:
      raise errors.UsageError(
        f"No check that compares numbers applies to {facts.name}; an audit asks"
        f" {', '.join(_ASKED)}."
      )
    runs = [
      _traced(side, name, request, facts.name, watch=watch)
      for name, request in requests.items()
    ]
    return _audited(
      facts, runs, side=side, budget=budget, watch=watch, start=start
    )
  finally:
    side.close()


def _requests(
  facts: facts_lib.CaseFacts, options: options_lib.Options
) -> Dict[str, request_lib.Request]:
  """The port's Request by check, with every op and its values."""
  checks, _ = runner.applicable(facts, options.steps)
  seed = facts.seed if options.seed is None else options.seed
  return {
    check.name: dataclasses.replace(
      check.plan(facts, seed).tf2,
      mode="eager",
      calls=1,
      trace=True,
      trace_values=True,
    )
    for check in checks
    if check.name in _ASKED
  }


def _traced(
  side: side_lib.Side,
  check: str,
  request: request_lib.Request,
  case: str,
  *,
  watch: Optional[options_lib.Watcher],
) -> _Run:
  _tell(watch, case, f"tracing the port for {check}", 0, 1)
  recording = side.fulfil(request)
  if recording.trace is None:
    raise errors.ParityError(
      f"The port of {case} could not be traced for {check}: no op was seen."
    )
  trace = _with_initial(recording.trace, recording)
  proposed: Dict[_Key, mutations_lib.Mutation] = {}
  for mutation in mutations_lib.propose(trace):
    op = trace.ops[mutation.number]
    parts = (mutation.kind, mutation.what, op.op_type, op.name, op.source)
    repetition = 0
    while _Key(*parts, repetition) in proposed:
      repetition += 1
    proposed[_Key(*parts, repetition)] = mutation
  return _Run(check, trace, proposed)


def _with_initial(
  trace: trace_lib.Trace, recording: recording_lib.Recording
) -> trace_lib.Trace:
  """The trace with the values of variables that are written and never read."""
  initial = {
    f"variable:{variable.tf1_name}": variable.initial
    for variable in recording.variables
  }
  tensors = tuple(
    dataclasses.replace(record, value=initial.get(record.root or ""))
    if record.value is None
    else record
    for record in trace.tensors
  )
  return dataclasses.replace(trace, tensors=tensors)


def _audited(
  facts: facts_lib.CaseFacts,
  runs: Sequence[_Run],
  *,
  side: side_lib.Side,
  budget: int,
  watch: Optional[options_lib.Watcher],
  start: float,
) -> audit_lib.Audit:
  everything = list(dict.fromkeys(k for run in runs for k in run.proposed))
  chosen = _sample(everything, budget, seed=facts.seed)
  effects: Dict[_Key, List[audit_lib.Effect]] = {key: [] for key in chosen}
  unknown: Dict[str, List[_Key]] = {run.check: [] for run in runs}
  for run in runs:
    own = [key for key in chosen if key in run.proposed]
    stage = f"{len(own)} mutations, {run.check}"
    _tell(watch, facts.name, stage, runs.index(run), len(runs))
    proposed = [run.proposed[key] for key in own]
    needed = mutants.needs(run.trace, proposed)
    run.trace = side.replay(
      dataclasses.replace(
        run.trace, wanted=tuple(sorted(needed)), only_wanted=True
      )
    )
    found = mutants.run(run.trace, proposed, side.replay)
    for key, mutant in zip(own, found):
      effect = _effect(run, mutant, facts.tolerances)
      if effect is None:
        unknown[run.check].append(key)
      else:
        effects[key].append(effect)
  outcomes = [
    _outcome(key, tuple(effects[key]), runs) for key in chosen if effects[key]
  ]
  return audit_lib.Audit(
    case=facts.name,
    path=facts.path,
    checks=tuple(run.check for run in runs),
    outcomes=tuple(outcomes),
    possible=len(everything),
    seconds=time.perf_counter() - start,
    notes=_notes(unknown),
  )


def _sample(keys: Sequence[_Key], budget: int, *, seed: int) -> List[_Key]:
  """At most `budget` of the keys, kinds in turn, in their own order."""
  if len(keys) <= budget:
    return list(keys)
  chance = random.Random(seed)
  by_kind: Dict[str, List[_Key]] = {}
  for key in keys:
    by_kind.setdefault(key.kind, []).append(key)
  for group in by_kind.values():
    chance.shuffle(group)
  kept: List[_Key] = []
  while len(kept) < budget:
    for group in by_kind.values():
      if group and len(kept) < budget:
        kept.append(group.pop())
  order = {key: place for place, key in enumerate(keys)}
  return sorted(kept, key=order.__getitem__)


def _effect(
  run: _Run, mutant: mutants.Mutant, policy: tolerance_lib.TolerancePolicy
) -> Optional[audit_lib.Effect]:
  """What a mutant does to the run's check; None where that is not known."""
  worst, is_known = audit_lib.Effect(run.check, 0.0), True
  for name, value in mutant.outputs.items():
    before = run.trace.tensors[run.trace.outputs[name]].value
    if value is None or before is None:
      is_known = False
      continue
    plain = name.partition(":")[2] if ":" in name else name
    times = _times(before, value, policy.for_name(plain))
    if times > worst.times_tolerance:
      worst = audit_lib.Effect(run.check, times, plain or name.rstrip(":"))
  return worst if is_known or worst.is_noticed else None


def _times(
  before: np.ndarray, after: np.ndarray, limit: tolerance_lib.Tolerance
) -> float:
  """The largest difference, in units of what is allowed."""
  if before.shape != after.shape:
    return float("inf")
  if before.dtype.kind not in "fiub":
    return 0.0 if np.array_equal(before, after) else float("inf")
  a, b = np.asarray(before, np.float64), np.asarray(after, np.float64)
  finite = np.isfinite(a) & np.isfinite(b)
  same = np.isnan(a) & np.isnan(b) | (a == b)
  if not np.all(finite | same):
    return float("inf")
  difference = np.abs(a - b)[finite]
  allowed = limit.atol + limit.rtol * np.abs(a[finite])
  if before.dtype.kind != "f":
    allowed = np.zeros_like(difference)
  with np.errstate(all="ignore"):
    times = np.where(difference == 0, 0.0, difference / allowed)
  return float(np.max(times)) if times.size else 0.0


def _outcome(
  key: _Key, effects: Tuple[audit_lib.Effect, ...], runs: Iterable[_Run]
) -> audit_lib.Outcome:
  outcome = audit_lib.Outcome(
    kind=key.kind,
    what=key.what,
    op_type=key.op_type,
    op=key.op,
    source=key.source,
    effects=effects,
  )
  if outcome.is_noticed:
    return outcome
  # Of the last check that holds it: random weights say more than constant ones.
  run = [run for run in runs if key in run.proposed][-1]
  return dataclasses.replace(
    outcome, advice=advice.for_missed(run.proposed[key], effects, run.trace)
  )


def _notes(unknown: Dict[str, List[_Key]]) -> Tuple[str, ...]:
  return tuple(
    f"{check}: {len(keys)} mutations could not be followed to everything that"
    " is compared, because not every op behind them can be run again; this"
    " check counts for nothing there."
    for check, keys in unknown.items()
    if keys
  )


def _tell(
  watch: Optional[options_lib.Watcher],
  case: str,
  stage: str,
  done: int,
  total: int,
) -> None:
  if watch is not None:
    watch(options_lib.Progress(case, "tf2", stage, done, total))
