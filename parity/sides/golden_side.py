"""Who fulfils a Request without running anything? A golden does.

1. `GoldenSide` answers with what a bundle holds for exactly that Request. A
   trace of every op is made of the ops that it stored, if it did
   (`stored_trace`). For another probe, or without them, the side itself may be
   run, where it still gives what the golden holds.
2. `RoleSide` lets a side stand for the other one, so that two recordings of one
   side, from two versions, are judged by the checks that compare two sides.
3. `checks_within` turns the checks into those of one side against itself.
"""

from __future__ import annotations

import dataclasses
from typing import Callable, List, Optional, Sequence, Tuple

from parity import errors
from parity.checks import check as check_lib
from parity.compare import pairs
from parity.records import facts as facts_lib
from parity.records import golden as golden_lib
from parity.records import recording as recording_lib
from parity.records import request as request_lib
from parity.records import tolerance as tolerance_lib
from parity.records import trace as trace_lib
from parity.sides import side as side_lib
from parity.sides import stored_trace

_FLAGS = ("gradients", "trace", "widen")


class GoldenSide(side_lib.Side):
  """A side whose recordings were stored.

  Args:
    bundle: the golden.
    tolerances: replaces the limits of its case; None for those.
    prober: makes the side itself, for probes; None where it cannot be run.
    runner: a live side that runs stored ops again; None where there is none.
  """

  def __init__(
    self,
    bundle: golden_lib.Bundle,
    *,
    tolerances: Optional[tolerance_lib.TolerancePolicy] = None,
    prober: Optional[Callable[[], side_lib.Side]] = None,
    runner: Optional[side_lib.Side] = None,
  ) -> None:
    self._bundle = bundle
    self._facts = bundle.golden.case
    if tolerances is not None:
      self._facts = dataclasses.replace(self._facts, tolerances=tolerances)
    self._prober = prober
    self._runner = runner
    self._live: Optional[side_lib.Side] = None
    self._target = ""
    self._where = "here"

  @property
  def is_live(self) -> bool:
    """It is not."""
    return False

  def load(self, target: str) -> side_lib.Loaded:
    """What the golden knows of its case."""
    self._target = target
    golden = self._bundle.golden
    return side_lib.Loaded(self._facts, golden.identity, list(golden.notes))

  def fulfil(self, request: request_lib.Request) -> recording_lib.Recording:
    """The stored recording.

    Raises:
      GoldenError: the golden holds none for this Request.
    """
    golden = self._bundle.golden
    found = golden.find(request)
    if found is not None:
      return found
    stored = golden.find(_bare(request)) if request.trace else None
    if stored is not None and self._runner is not None:
      try:
        return self._completed(stored, self._runner, wanted=request.trace_keep)
      except errors.GoldenError:
        # Its own cell may still be at hand.
        if self._prober is None:
          raise
    if request.trace or request.perturb or request.widen:
      return self._probed(request)
    raise errors.GoldenError(self._lacking(request))

  def _completed(
    self,
    stored: recording_lib.Recording,
    runner: side_lib.Side,
    *,
    wanted: Tuple[int, ...],
  ) -> recording_lib.Recording:
    """A recording whose trace has values, its ops run again here."""
    assert stored.trace is not None
    bare = dataclasses.replace(stored.trace, wanted=wanted)

    def rerun(trace: trace_lib.Trace) -> trace_lib.Trace:
      found = runner.replay(trace, wide=False)
      if not found.complete:
        raise errors.GoldenError(
          f"Not all ops of the golden {self._bundle.path} can be run here:"
          f" {' '.join(found.notes)}"
        )
      return found

    again = rerun(bare)
    departure = stored_trace.first_departure(
      stored.trace, again, rerun=rerun, policy=self._facts.tolerances
    )
    if departure is not None:
      raise errors.GoldenError(
        f"The ops of the golden {self._bundle.path}, run here, do not give what"
        f" it holds: {departure.name} is {departure.gap:.3g} away, and one ulp"
        f" at inputs and weights moves it by {departure.noise:.3g} only. So an"
        " op computes otherwise in this version or on this machine, or the"
        " golden's numbers were altered."
      )
    trace = stored_trace.completed(stored.trace, again)
    return dataclasses.replace(stored, trace=trace)

  def _probed(self, request: request_lib.Request) -> recording_lib.Recording:
    """Runs the side itself, which must still give what the golden holds."""
    side = self._bundle.golden.side
    if self._prober is None:
      raise errors.GoldenError(
        f"The golden {self._bundle.path} holds no trace of its ops, so neither"
        " can the op be named where the two part, nor rounding be proved. With"
        " `parity record --trace` it does; or install its cell,"
        f" `{self._bundle.golden.identity.cell}`, where it can be run."
      )
    if self._live is None:
      self._live = self._prober()
      cell = self._live.load(self._target).identity.cell
      self._where = "here" if cell == "local" else f"in cell `{cell}`"
    plain = dataclasses.replace(
      _bare(request),
      trace=False,
      rewrites=True,
      perturb=0,
      widen=False,
    )
    held = self._bundle.golden.find(plain)
    if held is not None:
      differing = self._differing(held, self._live.fulfil(plain))
      if differing is not None:
        raise errors.GoldenError(
          f"The {side} side, run {self._where}, does not give what the golden"
          f" holds either (output {differing}), so it is the versions or the"
          " case that part: see `parity verify CASE --golden"
          f" {self._bundle.path} --side {side}`."
        )
    return self._live.fulfil(request)

  def _differing(
    self, held: recording_lib.Recording, found: recording_lib.Recording
  ) -> Optional[str]:
    """The first output that is not as it was; None where all are."""
    compared = pairs.compare_named(
      {output.path: output.value for output in held.outputs},
      {output.path: output.value for output in found.outputs},
      kind="output",
      policy=self._facts.tolerances,
      orders={output.path: output.order for output in held.outputs},
    )
    first = pairs.first_mismatch(compared)
    return None if first is None else first.name

  def replay(
    self, unused_trace: trace_lib.Trace, *, wide: bool = True
  ) -> trace_lib.Trace:
    """Raises GoldenError: a golden runs nothing."""
    del wide
    raise errors.GoldenError(
      f"The golden {self._bundle.path} runs nothing, so its ops cannot be run"
      " again."
    )

  def release(self) -> None:
    """Drops what probes gave."""
    if self._live is not None:
      self._live.release()

  def close(self) -> None:
    """Ends what probes needed."""
    if self._live is not None:
      self._live.close()

  def _lacking(self, request: request_lib.Request) -> str:
    held = [r.request for r in self._bundle.golden.recordings]
    near = min(held, key=lambda other: len(_differences(request, other)))
    differing = ", ".join(_differences(request, near))
    listed = "; ".join(describe(other) for other in held)
    return (
      f"The golden {self._bundle.path} holds no recording of:"
      f" {describe(request)} (the nearest that it holds differs in"
      f" {differing}). It holds: {listed}."
      " Record it again with `parity record CASE --update`."
    )


def _bare(request: request_lib.Request) -> request_lib.Request:
  """The Request, of a trace without values."""
  return dataclasses.replace(
    request,
    trace_values=False,
    trace_bytes=request_lib.TRACE_BYTES,
    trace_keep=(),
    trace_places=(),
  )


def _differences(
  wanted: request_lib.Request, held: request_lib.Request
) -> List[str]:
  """The fields in which two Requests differ, with both values."""
  return [
    f"{field.name} ({getattr(wanted, field.name)}, not"
    f" {getattr(held, field.name)})"
    for field in dataclasses.fields(wanted)
    if getattr(wanted, field.name) != getattr(held, field.name)
  ]


def describe(request: request_lib.Request) -> str:
  """A Request in words that tell it from the others of a golden.

  >>> describe(request_lib.Request("tf1", "graph", training=True))
  'tf1 graph, initial weights, training, num_random_ops, seed 42'
  """
  words = [
    f"{request.side} {request.mode}",
    f"{request.weights} weights",
    "training" if request.training else "inference",
    request.random,
    f"seed {request.seed}",
  ]
  words += [name for name in _FLAGS if getattr(request, name)]
  if request.calls > 1:
    words.append(f"{request.calls} calls")
  if request.train_steps:
    words.append(f"{request.train_steps} updates")
  if request.perturb:
    words.append("moved by one ulp")
  return ", ".join(words)


class RoleSide(side_lib.Side):
  """A side that answers for the other one.

  Args:
    side: who does the work.
    own: its own name.
    role: the name of the side for which it answers.
  """

  def __init__(self, side: side_lib.Side, *, own: str, role: str) -> None:
    self._side = side
    self._own = own
    self._role = role

  @property
  def is_here(self) -> bool:
    """Whether the work is done in this process."""
    return self._side.is_here

  @property
  def is_live(self) -> bool:
    """Whether its own side can run something."""
    return self._side.is_live

  def load(self, target: str) -> side_lib.Loaded:
    """Loads a case; says that it has the role's side where it has its own."""
    loaded = self._side.load(target)
    facts = loaded.facts
    has = facts.has_tf1 if self._own == "tf1" else facts.has_tf2
    facts = dataclasses.replace(
      facts,
      has_tf1=has if self._role == "tf1" else facts.has_tf1,
      has_tf2=has if self._role == "tf2" else facts.has_tf2,
    )
    return dataclasses.replace(loaded, facts=facts)

  def fulfil(self, request: request_lib.Request) -> recording_lib.Recording:
    """The recording of the same Request of its own side."""
    found = self._side.fulfil(dataclasses.replace(request, side=self._own))
    return dataclasses.replace(found, request=request)

  def replay(
    self, trace: trace_lib.Trace, *, wide: bool = True
  ) -> trace_lib.Trace:
    """Runs a trace of either side again."""
    return self._side.replay(trace, wide=wide)

  def release(self) -> None:
    """Drops the recordings of the case that was loaded."""
    self._side.release()

  def close(self) -> None:
    """Ends the side."""
    self._side.close()


def checks_within(
  side: str, checks: Sequence[check_lib.Check]
) -> Tuple[check_lib.Check, ...]:
  """The checks, each of one side's Request against the same of a golden.

  Args:
    side: `tf1` or `tf2`.
    checks: those of two sides.

  Returns:
    As many; one that has no Request of this side is skipped.
  """
  return tuple(_within(side, check) for check in checks)


def _within(side: str, check: check_lib.Check) -> check_lib.Check:
  def own(
    facts: facts_lib.CaseFacts, seed: int
  ) -> Optional[request_lib.Request]:
    plan = check.plan(facts, seed)
    return plan.tf1 if side == "tf1" else plan.tf2

  def skip(facts: facts_lib.CaseFacts) -> Optional[str]:
    reason = check.skip(facts)
    if reason is None and own(facts, 0) is None:
      return f"it needs nothing of the {side} side"
    return reason

  def plan(facts: facts_lib.CaseFacts, seed: int) -> check_lib.Plan:
    request = own(facts, seed)
    assert request is not None
    return check_lib.Plan(
      tf1=dataclasses.replace(request, side="tf1"),
      tf2=dataclasses.replace(request, side="tf2"),
    )

  return dataclasses.replace(check, skip=skip, plan=plan)
