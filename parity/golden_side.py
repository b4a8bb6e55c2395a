"""Who fulfils a Request without running anything? A golden does.

1. `GoldenSide` answers with what a bundle holds for exactly that Request.
2. `RoleSide` lets a side stand for the other one, so that two recordings of one
   side, from two versions, are judged by the checks that compare two sides.
3. `checks_within` turns the checks into those of one side against itself.
"""

from __future__ import annotations

import dataclasses
from typing import List, Optional, Sequence, Tuple

from parity import errors
from parity import sides
from parity.checks import check as check_lib
from parity.records import facts as facts_lib
from parity.records import golden as golden_lib
from parity.records import recording as recording_lib
from parity.records import request as request_lib
from parity.records import tolerance as tolerance_lib
from parity.records import trace as trace_lib

_FLAGS = ("gradients", "trace", "widen")


class GoldenSide(sides.Side):
  """A side whose recordings were stored.

  Args:
    bundle: the golden.
    tolerances: replaces the limits of its case; None for those.
  """

  def __init__(
    self,
    bundle: golden_lib.Bundle,
    *,
    tolerances: Optional[tolerance_lib.TolerancePolicy] = None,
  ) -> None:
    self._bundle = bundle
    self._facts = bundle.golden.case
    if tolerances is not None:
      self._facts = dataclasses.replace(self._facts, tolerances=tolerances)

  def load(self, unused_target: str) -> sides.Loaded:
    """What the golden knows of its case."""
    golden = self._bundle.golden
    return sides.Loaded(self._facts, golden.identity, list(golden.notes))

  def fulfil(self, request: request_lib.Request) -> recording_lib.Recording:
    """The stored recording.

    Raises:
      GoldenError: the golden holds none for this Request.
    """
    found = self._bundle.golden.find(request)
    if found is None:
      raise errors.GoldenError(self._lacking(request))
    return found

  def replay(self, unused_trace: trace_lib.Trace) -> trace_lib.Trace:
    """Raises GoldenError: a golden runs nothing."""
    raise errors.GoldenError(
      f"The golden {self._bundle.path} runs nothing, so its ops cannot be run"
      " again."
    )

  def release(self) -> None:
    """Nothing was made."""

  def close(self) -> None:
    """Nothing runs."""

  def _lacking(self, request: request_lib.Request) -> str:
    held = [r.request for r in self._bundle.golden.recordings]
    near = min(held, key=lambda other: len(_differences(request, other)))
    differing = ", ".join(_differences(request, near))
    listed = "; ".join(describe(other) for other in held)
    return (
      f"The golden {self._bundle.path} holds no recording of: {describe(request)}"
      f" (the nearest that it holds differs in {differing}). It holds: {listed}."
      " Record it again with `parity record CASE --update`."
    )


def _differences(
  wanted: request_lib.Request, held: request_lib.Request
) -> List[str]:
  """The fields in which two Requests differ, with the values wanted and held."""
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


class RoleSide(sides.Side):
  """A side that answers for the other one.

  Args:
    side: who does the work.
    own: its own name.
    role: the name of the side for which it answers.
  """

  def __init__(self, side: sides.Side, *, own: str, role: str) -> None:
    self._side = side
    self._own = own
    self._role = role

  @property
  def is_here(self) -> bool:
    """Whether the work is done in this process."""
    return self._side.is_here

  def load(self, target: str) -> sides.Loaded:
    """Loads a case; says that it has the role's side where it has its own."""
    loaded = self._side.load(target)
    has = loaded.facts.has_tf1 if self._own == "tf1" else loaded.facts.has_tf2
    facts = dataclasses.replace(loaded.facts, **{f"has_{self._role}": has})
    return dataclasses.replace(loaded, facts=facts)

  def fulfil(self, request: request_lib.Request) -> recording_lib.Recording:
    """The recording of the same Request of its own side."""
    found = self._side.fulfil(dataclasses.replace(request, side=self._own))
    return dataclasses.replace(found, request=request)

  def replay(self, trace: trace_lib.Trace) -> trace_lib.Trace:
    """Runs a trace of either side again in float64."""
    return self._side.replay(trace)

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
