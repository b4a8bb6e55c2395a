"""How does a side's recording become a golden? Planned, run, and stored.

1. The checks that apply to the case plan their Requests; those of the one side
   are fulfilled, with what the forward pass draws besides, so that a version
   which draws otherwise can be given the same numbers.
2. What a golden must not hold is taken out: how long a run took, and where on
   this machine the case lies. So a golden recorded twice is the same, byte by
   byte.
3. Where that is asked for, each run is traced besides, and the ops are stored
   without the values that they give again (`stored_trace`).
4. The bundle is written aside and renamed. An existing one is replaced only
   where that is asked for, and whoever asked is told first what changes.
"""

from __future__ import annotations

import dataclasses
import os
from typing import Any, Callable, List, Optional, Sequence, Tuple

from parity import case as case_lib
from parity import changes
from parity import errors
from parity import runner
from parity.checks import registry
from parity.golden import bundle as bundle_lib
from parity.golden import place
from parity.records import changes as changes_lib
from parity.records import facts as facts_lib
from parity.records import golden as golden_lib
from parity.records import options as options_lib
from parity.records import recording as recording_lib
from parity.records import request as request_lib
from parity.records import vocabulary
from parity.runs import fulfilment
from parity.sides import side as side_lib
from parity.sides import stored_trace

Teller = Callable[[changes_lib.Changes], None]


def record(
  target: Any,
  *,
  out: str,
  side: str = "tf1",
  update: bool = False,
  trace: bool = False,
  options: Optional[options_lib.Options] = None,
  watch: Optional[options_lib.Watcher] = None,
  tell: Optional[Teller] = None,
) -> golden_lib.Bundle:
  """Records one side of a case and stores it as a golden.

  Args:
    target: a `parity.Case` (recorded in this process), or a case file as the
      command line names it.
    out: the golden's directory; its parent must exist.
    side: `tf1` or `tf2`.
    update: whether a golden that is there is replaced.
    trace: whether the ops are stored too, so that rounding can be proved, and
      causes be named, where this side cannot be run.
    options: how to run.
    watch: is told of each step.
    tell: with `update`, is told what would change before it is.

  Returns:
    The golden as it is stored.

  Raises:
    GoldenError: there is a golden and `update` is False, or the place cannot
      be written.
    ParityError: the side cannot be recorded.
  """
  options = options or options_lib.Options()
  if side not in vocabulary.SIDES:
    raise errors.UsageError(
      f"A case has the sides {' and '.join(vocabulary.SIDES)}, not {side!r}."
    )
  with place.claimed(out):
    _require_free(out, update=update)
    golden = _recorded(
      target, side=side, trace=trace, options=options, watch=watch
    )
    if update and os.path.lexists(out) and tell is not None:
      tell(_changes(out, golden))
    return bundle_lib.write_golden(out, golden, replace=update)


def _require_free(out: str, *, update: bool) -> None:
  if update:
    bundle_lib.require_replaceable(out)
  elif os.path.lexists(out) and not _is_empty_folder(out):
    raise errors.GoldenError(
      f"There is something at {out} already. To replace a golden, say --update:"
      " it first shows what would change."
    )


def _is_empty_folder(path: str) -> bool:
  return (
    os.path.isdir(path) and not os.path.islink(path) and not os.listdir(path)
  )


def _changes(out: str, golden: golden_lib.Golden) -> changes_lib.Changes:
  try:
    before = bundle_lib.read_golden(out).golden
  except errors.GoldenError as error:
    return changes_lib.Changes(unreadable=str(error))
  return changes.between(before, golden)


def _recorded(
  target: Any,
  *,
  side: str,
  trace: bool,
  options: options_lib.Options,
  watch: Optional[options_lib.Watcher],
) -> golden_lib.Golden:
  case = target if isinstance(target, case_lib.Case) else None
  name = case.name or "case" if case is not None else target
  doer = fulfilment.make_side(side, options, case=case)
  try:
    loaded = doer.load(name)
    facts = loaded.facts
    has = facts.has_tf1 if side == "tf1" else facts.has_tf2
    if not has:
      raise errors.CaseError(f"{facts.name} has no {side} to record.")
    requests = requests_of(side, facts, options)
    if trace:
      requests = (*requests, *_traces_of(requests))
    recordings = _run(doer, facts, requests, watch=watch)
    return _portable(facts, side, recordings, loaded, options)
  finally:
    doer.close()


def requests_of(
  side: str, facts: facts_lib.CaseFacts, options: options_lib.Options
) -> Tuple[request_lib.Request, ...]:
  """The Requests of one side that a case's checks plan, each once.

  Args:
    side: `tf1` or `tf2`.
    facts: the case.
    options: `steps` and `seed`.

  Raises:
    UsageError: no check needs anything of this side.
  """
  checks, skipped = runner.applicable(
    facts, options.steps, checks=registry.CHECKS
  )
  seed = facts.seed if options.seed is None else options.seed
  found: List[request_lib.Request] = []
  for check in checks:
    plan = check.plan(facts, seed)
    request = plan.tf1 if side == "tf1" else plan.tf2
    if request is not None:
      found.append(dataclasses.replace(request, draws=True))
  if not found:
    reasons = "; ".join(f"{s.name}: {s.reason}" for s in skipped)
    raise errors.UsageError(
      f"No check of {facts.name} needs the {side} side. {reasons}".rstrip()
    )
  return tuple(dict.fromkeys(found))


def _traces_of(
  requests: Sequence[request_lib.Request],
) -> Tuple[request_lib.Request, ...]:
  """What the explainer asks of a side, for each run that it may explain."""
  found = [
    dataclasses.replace(
      request,
      draws=False,
      calls=1,
      trace=True,
      mode="eager" if request.mode == "function" else request.mode,
    )
    for request in requests
    if not request.train_steps
  ]
  return tuple(dict.fromkeys(found))


def _run(
  doer: side_lib.Side,
  facts: facts_lib.CaseFacts,
  requests: Sequence[request_lib.Request],
  *,
  watch: Optional[options_lib.Watcher],
) -> Tuple[recording_lib.Recording, ...]:
  found: List[recording_lib.Recording] = []
  for done, request in enumerate(requests):
    if watch is not None:
      stage = fulfilment.stage(request)
      watch(
        options_lib.Progress(
          facts.name, request.side, stage, done, len(requests)
        )
      )
    found.append(_fulfilled(doer, request))
  return tuple(found)


def _fulfilled(
  doer: side_lib.Side, request: request_lib.Request
) -> recording_lib.Recording:
  """A recording; of a trace without the values that its ops give again."""
  if not request.trace:
    return doer.fulfil(request)
  found = doer.fulfil(dataclasses.replace(request, trace_values=True))
  assert found.trace is not None
  return dataclasses.replace(
    found, request=request, trace=stored_trace.without_values(found.trace)
  )


def _portable(
  facts: facts_lib.CaseFacts,
  side: str,
  recordings: Tuple[recording_lib.Recording, ...],
  loaded: side_lib.Loaded,
  options: options_lib.Options,
) -> golden_lib.Golden:
  """A golden without what belongs to this run or this machine alone."""
  notes = list(loaded.notes)
  kept: List[recording_lib.Recording] = []
  for recording in recordings:
    notes.extend(recording.notes)
    kept.append(dataclasses.replace(recording, notes=(), seconds=0.0))
  steps = tuple(options.steps) or facts.steps
  golden = golden_lib.Golden(
    case=dataclasses.replace(facts, steps=steps),
    side=side,
    recordings=tuple(kept),
    notes=tuple(dict.fromkeys(notes)),
  )
  return _relative(golden, os.getcwd() + os.sep)


def _relative(value: Any, root: str) -> Any:
  """The record with every place below the working directory relative to it."""
  if isinstance(value, str):
    return value[len(root) :] if value.startswith(root) else value
  if isinstance(value, tuple):
    return tuple(_relative(item, root) for item in value)
  if dataclasses.is_dataclass(value) and not isinstance(value, type):
    changed = {
      field.name: _relative(getattr(value, field.name), root)
      for field in dataclasses.fields(value)
      if field.name in _WITH_PLACES
    }
    return dataclasses.replace(value, **changed) if changed else value
  return value


# Fields that hold a place in a file, or records that do.
_WITH_PLACES = frozenset((
  "case",
  "losses",
  "ops",
  "optimizer",
  "outputs",
  "path",
  "random_ops",
  "recordings",
  "source",
  "trace",
  "variables",
))  # fmt: skip
