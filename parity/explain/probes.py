"""What may be run to find out why two recordings differ?

A probe is a Request more, or a trace that is run again in float64. What was
asked before is not asked again; and the values that a large trace did not keep
are asked for where the sides part.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Callable, Dict, Mapping, Optional, Sequence

from parity import errors
from parity.explain import blame
from parity.explain import fetching
from parity.explain import partners as partners_lib
from parity.records import recording as recording_lib
from parity.records import request as request_lib
from parity.records import trace as trace_lib

Work = Callable[[], Any]


def not_prepared(_: request_lib.Request) -> None:
  """Prepares nothing."""


def when_asked(work: Work) -> Work:
  """Does no work before its result is asked for."""
  return work


@dataclasses.dataclass(frozen=True, eq=False)
class Probes:
  """What the explainer may have run.

  Attributes:
    ask: fulfils a Request; may raise a ParityError, which passes.
    replay: runs a trace of either side again in float64.
    begin: may begin work beside what is asked meanwhile; what it gives waits
      for the result, or raises what the work raised, and is called once.
    prepare: has a side get ready for a Request that may come.
    known: traces that were run again in float64.
  """

  ask: Callable[[request_lib.Request], recording_lib.Recording]
  replay: Callable[[trace_lib.Trace], trace_lib.Trace]
  begin: Callable[[Work], Work] = when_asked
  prepare: Callable[[request_lib.Request], None] = not_prepared
  known: Mapping[trace_lib.Trace, trace_lib.Trace] = dataclasses.field(
    default_factory=dict
  )

  def replay_if_possible(
    self, trace: trace_lib.Trace
  ) -> Optional[trace_lib.Trace]:
    """The trace in float64, perhaps without digests; None where that fails."""
    if trace in self.known:
      return self.known[trace]
    try:
      return self.replay(dataclasses.replace(trace, digests=False))
    except errors.ParityError:
      return None


def remembering(probes: Probes, traces: Sequence[trace_lib.Trace]) -> Probes:
  """The probes, with some traces run only once in float64."""
  known: Dict[trace_lib.Trace, trace_lib.Trace] = {}

  def replay(trace: trace_lib.Trace) -> trace_lib.Trace:
    if trace in known:
      return known[trace]
    wide = probes.replay(trace)
    if any(trace is each for each in traces):
      known[trace] = wide
    return wide

  return dataclasses.replace(probes, replay=replay, known=known)


def near(
  tf1: recording_lib.Recording,
  tf2: recording_lib.Recording,
  names: Sequence[str],
  probes: Probes,
) -> fetching.Traces:
  """Both traces, with the values where the sides part."""
  assert tf1.trace is not None
  assert tf2.trace is not None
  known = blame.known_names(tf1.trace, tf2.trace, names)

  def fetch(recording: recording_lib.Recording) -> fetching.Fetch:
    def again(numbers: Sequence[int]) -> trace_lib.Trace:
      request = dataclasses.replace(
        recording.request, trace_bytes=0, trace_keep=tuple(numbers)
      )
      trace = probes.ask(request).trace
      assert trace is not None
      return trace

    return again

  return fetching.with_values_near(
    fetching.Traces(tf1.trace, tf2.trace),
    known,
    pair=lambda left, right: blame.pair_for(left, right, known),
    fetch=fetching.Fetchers(fetch(tf1), fetch(tf2)),
  )


def near_wide(
  wide: fetching.Traces,
  narrow: fetching.Traces,
  names: Sequence[str],
  probes: Probes,
) -> fetching.Traces:
  """Both traces that were run again, with values where the sides part."""

  def fetch(trace: trace_lib.Trace) -> fetching.Fetch:
    return lambda numbers: fetching.replayed(trace, numbers, probes.replay)

  return fetching.with_values_near(
    wide,
    names,
    pair=lambda left, right: blame.pair_for(
      left, right, names, finest=partners_lib.FINEST_WIDE
    ),
    fetch=fetching.Fetchers(fetch(narrow.tf1), fetch(narrow.tf2)),
  )
