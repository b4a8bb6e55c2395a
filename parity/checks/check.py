"""What is a check? A plan of Requests, and a judgement of the Recordings.

A check is a small descriptor of pure functions: `skip` says why it does not
apply to a case, `plan` which Requests it needs, `judge` what their Recordings
come to. None of them runs anything; two checks that plan equal Requests share
the Recording.

To add another: write a module with a `CHECK`, put it into `registry.CHECKS`,
and its name into `records.vocabulary.CHECKS`.
"""

from __future__ import annotations

import dataclasses
from typing import Callable, Dict, Mapping, Optional, Sequence, Tuple

import numpy as np

from parity.records import facts as facts_lib
from parity.records import recording as recording_lib
from parity.records import report as report_lib
from parity.records import request as request_lib


@dataclasses.dataclass(frozen=True)
class Plan:
  """The Requests of a check, one a side; None where a side is not needed."""

  tf2: request_lib.Request
  tf1: Optional[request_lib.Request] = None

  @property
  def requests(self) -> Tuple[request_lib.Request, ...]:
    """All of them."""
    return (self.tf2,) if self.tf1 is None else (self.tf1, self.tf2)


@dataclasses.dataclass(frozen=True, eq=False)
class Evidence:
  """What a check judges.

  Attributes:
    facts: the case.
    plan: what was asked.
    recordings: the answers, by Request.
  """

  facts: facts_lib.CaseFacts
  plan: Plan
  recordings: Mapping[request_lib.Request, recording_lib.Recording]

  @property
  def tf1(self) -> recording_lib.Recording:
    """The tf1 side's recording."""
    assert self.plan.tf1 is not None
    return self.recordings[self.plan.tf1]

  @property
  def tf2(self) -> recording_lib.Recording:
    """The tf2 side's recording."""
    return self.recordings[self.plan.tf2]


@dataclasses.dataclass(frozen=True, eq=False)
class Probes:
  """What a check may have run to explain a failure.

  Attributes:
    ask: fulfils a Request; may raise a ParityError.
    write: writes arrays into a file that a Request may name, gives its path.
  """

  ask: Callable[[request_lib.Request], recording_lib.Recording]
  write: Callable[[Mapping[str, np.ndarray]], str]


@dataclasses.dataclass(frozen=True)
class Check:
  """A row of the contract's table.

  Attributes:
    name: a word of `vocabulary.CHECKS`.
    skip: why the check does not apply to a case, or None.
    plan: the Requests, given the case and the seed.
    judge: the result.
    on_request: whether a field of the case asks for the check; where it does
      not apply, it is told only to those who name it.
    explain: the result of a failure with its causes, found by probes; None
      where a trace of both sides' ops is to find them.
  """

  name: str
  skip: Callable[[facts_lib.CaseFacts], Optional[str]]
  plan: Callable[[facts_lib.CaseFacts, int], Plan]
  judge: Callable[[Evidence], report_lib.CheckResult]
  on_request: bool = False
  explain: Optional[
    Callable[[Evidence, report_lib.CheckResult, Probes], report_lib.CheckResult]
  ] = None


def always(unused_facts: facts_lib.CaseFacts) -> Optional[str]:
  """For a check that applies to every case."""
  return None


def status_of(findings: Tuple[report_lib.Finding, ...]) -> str:
  """`fail` where a finding is no mere note, else `pass`."""
  return "fail" if any(not f.is_note for f in findings) else "pass"


def values_of(
  variables: Sequence[recording_lib.VariableRecord], moment: str
) -> Dict[str, np.ndarray]:
  """The values of what the sides share, by tf1's name.

  Args:
    variables: of one side.
    moment: `initial` or `final`.
  """
  return {
    v.tf1_name: getattr(v, moment)
    for v in variables
    if v.tracked and v.call <= 1 and getattr(v, moment) is not None
  }
