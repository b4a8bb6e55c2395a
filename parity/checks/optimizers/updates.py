"""Where do two series of updates part? Variables and slots, step by step."""

from __future__ import annotations

import dataclasses
from typing import List, Optional, Tuple

from parity.checks import check
from parity.checks.optimizers import settings
from parity.checks.optimizers import slots
from parity.compare import pairs
from parity.records import recording as recording_lib
from parity.records import report as report_lib
from parity.records import tolerance as tolerance_lib
from parity.records import wording


@dataclasses.dataclass(frozen=True, eq=False)
class Difference:
  """A tensor that differs after an update.

  Attributes:
    step: the update, from 1.
    variable: the variable, or the one that the slot belongs to.
    slot: the slot's common name; None for the variable itself.
    comparison: the pair.
  """

  step: int
  variable: str
  slot: Optional[str]
  comparison: report_lib.Comparison

  @classmethod
  def of(cls, step: Step, comparison: report_lib.Comparison) -> Difference:
    """That of a pair of a step."""
    if comparison not in step.slots:
      return cls(step.number, comparison.name, None, comparison)
    variable, _, slot = comparison.name.rpartition("/")
    return cls(step.number, variable, slot, comparison)

  @property
  def name(self) -> str:
    """The tensor in a message."""
    return (
      f"slot {self.slot} of {self.variable}" if self.slot else self.variable
    )


@dataclasses.dataclass(frozen=True, eq=False)
class Step:
  """The pairs after one update, variables before slots, by tensor's name."""

  number: int
  variables: Tuple[report_lib.Comparison, ...]
  slots: Tuple[report_lib.Comparison, ...]


@dataclasses.dataclass(frozen=True, eq=False)
class Compared:
  """All updates, compared.

  Attributes:
    steps: in order.
    notes: what could not be compared, one sentence each.
  """

  steps: Tuple[Step, ...]
  notes: Tuple[str, ...]

  @property
  def all(self) -> Tuple[report_lib.Comparison, ...]:
    """Every pair, named `step N: NAME`."""
    return tuple(
      dataclasses.replace(each, name=f"step {step.number}: {each.name}")
      for step in self.steps
      for each in (*step.variables, *step.slots)
    )

  @property
  def is_match(self) -> bool:
    """Whether every pair agrees."""
    return all(
      each.is_match
      for step in self.steps
      for each in (*step.variables, *step.slots)
    )

  @property
  def first(self) -> Optional[Difference]:
    """The first that differs, a variable before a slot; None without one."""
    for step in self.steps:
      for each in (*step.variables, *step.slots):
        if not each.is_match:
          return Difference.of(step, each)
    return None

  def counted(self, number: int) -> str:
    """How many variables differ after an update, and of how many."""
    step = self.steps[number - 1]
    bad = sum(1 for each in step.variables if not each.is_match)
    return f"{bad} of {len(step.variables)}"

  @property
  def summary(self) -> str:
    """What was compared, in one line."""
    step = self.steps[0]
    updates = wording.count(len(self.steps), "update")
    parts = [f"{updates} of {wording.count(len(step.variables), 'variable')}"]
    if step.slots:
      parts.append(wording.count(len(step.slots), "slot"))
    return " and ".join(parts)


def compare(
  tf1: recording_lib.Recording,
  tf2: recording_lib.Recording,
  *,
  policy: tolerance_lib.TolerancePolicy,
) -> Compared:
  """Compares the updates of both sides, as many as both have."""
  places = {v.tf1_name: i for i, v in enumerate(tf1.variables)}
  steps: List[Step] = []
  notes: List[str] = []
  for index, (left, right) in enumerate(zip(tf1.steps, tf2.steps)):
    shared = [name for name in left.variables if name in right.variables]
    paired = slots.pair(tf1, tf2, index)
    notes.extend(paired.notes)
    steps.append(
      Step(
        index + 1,
        pairs.compare_named(
          {name: left.variables[name] for name in shared},
          {name: right.variables[name] for name in shared},
          kind="slot",
          policy=policy,
          orders=places,
        ),
        pairs.compare_named(
          paired.tf1,
          paired.tf2,
          kind="slot",
          policy=policy,
          orders={
            name: places.get(name.rpartition("/")[0], -1) for name in paired.tf1
          },
        ),
      )
    )
  if not any(step.variables for step in steps):
    return Compared((), ())
  return Compared(tuple(steps), tuple(dict.fromkeys(notes)))


def where_of(evidence: check.Evidence, first: Difference) -> report_lib.Where:
  """The place of a difference: the variable, and both optimizers."""
  places = []
  for recording in (evidence.tf1, evidence.tf2):
    assert recording.optimizer is not None
    name = slots.own_name(recording.optimizer)
    own = recording.optimizer.settings.get("class")
    places.append(
      report_lib.Place(
        op=str(own) if own and own != name else None,
        op_type=name,
        source=recording.optimizer.source,
      )
    )
  return report_lib.Where(
    variable=first.variable,
    output=f"step {first.step}: {first.comparison.name}",
    tf1=places[0],
    tf2=places[1],
  )


def settings_table(evidence: check.Evidence) -> Tuple[str, ...]:
  """Both optimizers' settings side by side, what differs marked."""
  assert evidence.tf1.optimizer is not None
  assert evidence.tf2.optimizer is not None
  return settings.table(
    settings.pair(evidence.tf1.optimizer, evidence.tf2.optimizer)
  )
