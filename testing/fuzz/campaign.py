"""How many inputs did a target stand? Draws them and has them read.

Inputs are drawn in rounds, each with a seed of its own, so that a run can be
repeated from its seed and hypothesis does not keep all of them in memory. The
first input that breaks a rule is made as small as it can be, and told.
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import os
import sys
import time
import traceback
from typing import Counter, Dict, Iterator, Tuple, Type
import warnings

import hypothesis

from testing.fuzz import bundles
from testing.fuzz import cases
from testing.fuzz import checkpoints
from testing.fuzz import guard
from testing.fuzz import target as target_lib
from testing.fuzz import trees

TARGETS: Tuple[Type[target_lib.Target], ...] = (
  bundles.AlteredBundle,
  bundles.ForgedBundle,
  cases.CaseFile,
  trees.RecordTree,
  checkpoints.CheckpointFiles,
)
_ROUND = 1000


@dataclasses.dataclass
class Tally:
  """What became of the inputs of one target.

  Attributes:
    name: the target's.
    outcomes: how many inputs ended in each way.
    broken: the smallest input that broke a rule, and how; empty if none did.
    seconds: how long it took.
  """

  name: str
  outcomes: Counter[str]
  broken: str = ""
  seconds: float = 0.0

  @property
  def inputs(self) -> int:
    """How many inputs were read."""
    return sum(self.outcomes.values())


def run(
  target: target_lib.Target, *, inputs: int, seed: int, stop: float = 0.0
) -> Tally:
  """Has a target read many inputs.

  Args:
    target: which.
    inputs: how many.
    seed: of the first round.
    stop: a time of `time.monotonic` at which to stop; 0 for none.
  """
  tally = Tally(target.name, collections.Counter())
  began = time.monotonic()
  with _quiet():
    target.warm_up()
    while tally.inputs < inputs and not (stop and time.monotonic() > stop):
      count = min(_ROUND, inputs - tally.inputs)
      tally.broken = _run_round(target, tally.outcomes, count, seed)
      seed += 1
      if tally.broken:
        break
  tally.seconds = time.monotonic() - began
  return tally


def _run_round(
  target: target_lib.Target, outcomes: Dict[str, int], count: int, seed: int
) -> str:
  """One round; what broke a rule, or nothing."""

  @hypothesis.seed(seed)
  @hypothesis.settings(
    max_examples=count,
    database=None,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=list(hypothesis.HealthCheck),
    phases=(hypothesis.Phase.generate, hypothesis.Phase.shrink),
  )
  @hypothesis.given(target.inputs())
  def read(drawn: object) -> None:
    outcomes[read_one(target, drawn)] += 1

  before = sum(outcomes.values())
  try:
    read()
  except Exception as error:  # noqa: BLE001 (it is what is looked for)
    return _told(target, error, seed)
  if sum(outcomes.values()) == before:
    raise RuntimeError(f"{target.name}: hypothesis draws nothing")
  return ""


def read_one(target: target_lib.Target, drawn: object) -> str:
  """Has a target read one input.

  Args:
    target: which.
    drawn: of its `inputs`.

  Returns:
    What became of it.

  Raises:
    AssertionError: it broke a rule.
  """
  written = target.write(drawn)
  try:
    with guard.watched(target.folder, runs_code=target.runs_code):
      return target.read(written)
  except guard.Violation as violation:
    # hypothesis makes smaller only what is an Exception.
    raise AssertionError(str(violation)) from violation


def _told(target: target_lib.Target, error: Exception, seed: int) -> str:
  cause = error.__cause__ or error
  frames = "".join(traceback.format_tb(cause.__traceback__)[-6:])
  notes = "\n".join(getattr(error, "__notes__", ()))
  text = f"{type(error).__name__}: {error}"
  return f"{target.name}, seed {seed}: {text[:2000]}\n{frames}{notes[:4000]}"


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
  """Without warnings of edited programs, and without their bytecode."""
  before = sys.dont_write_bytecode
  sys.dont_write_bytecode = True
  try:
    with warnings.catch_warnings():
      warnings.simplefilter("ignore")
      yield
  finally:
    sys.dont_write_bytecode = before


def made(kind: Type[target_lib.Target], folder: str) -> target_lib.Target:
  """A target with a folder of its own below another."""
  place = os.path.join(folder, kind.__name__)
  os.makedirs(place)
  return kind(place)
