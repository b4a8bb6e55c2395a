"""What do two traces say of the outputs that differ? One finding a root cause.

1. Tensors are paired, so closely that what differs has no partner by it.
2. For the first output that differs, the places where the sides part are found.
3. A repair is tried there: one change after which the port agrees is the cause.
   The change is then made in the trace, and what still differs is looked at
   again, so that a second bug is found behind the first, or beside it.
4. Where no single change mends it, rules name the cause from what is there.
"""

from __future__ import annotations

from typing import Callable, List, Optional, Sequence

from parity.explain import backward
from parity.explain import frontier
from parity.explain import idle
from parity.explain import numbers
from parity.explain import partners as partners_lib
from parity.explain import repairs
from parity.explain.causes import place as place_lib
from parity.explain.causes import registry
from parity.explain.causes import repaired
from parity.explain.causes import swapped
from parity.records import report as report_lib
from parity.records import trace as trace_lib

Replay = Callable[[trace_lib.Trace], trace_lib.Trace]

_MOST_FINDINGS = 4
_MOST_OUTPUTS = 12
# A larger trace is not run again to look for a second bug.
_MOST_OPS = 4000


def closeness_for(
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  names: Sequence[str],
  *,
  finest: float = partners_lib.FINEST,
) -> float:
  """How near partners must be, so that what differs has no partner by it."""
  exact = finest < partners_lib.FINEST
  closest = partners_lib.CLOSENESS_WIDE if exact else partners_lib.CLOSENESS
  for name in names:
    left = tf1.tensors[tf1.outputs[name]]
    right = tf2.tensors[tf2.outputs[name]]
    if left.value is None or right.value is None:
      continue
    if left.value.shape != right.value.shape or left.peak == 0:
      continue
    if not numbers.is_inexact(left.value):
      continue
    gap = numbers.largest_gap(left.value, right.value)
    if gap:
      closest = min(closest, gap / left.peak / (50 if exact else 4))
  return max(closest, finest)


def pair_for(
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  names: Sequence[str],
  *,
  finest: float = partners_lib.FINEST,
) -> partners_lib.Partners:
  """Pairs tensors so closely that what differs has no partner by it."""
  return partners_lib.pair(
    tf1,
    tf2,
    closeness=closeness_for(tf1, tf2, names, finest=finest),
    finest=min(finest * 1e3, partners_lib.FINEST),
  )


def pair(
  tf1: trace_lib.Trace, tf2: trace_lib.Trace, names: Sequence[str]
) -> partners_lib.Partners:
  """The pairing of two recorded traces whose outputs `names` differ."""
  return pair_for(tf1, tf2, known_names(tf1, tf2, names))


def known_names(
  tf1: trace_lib.Trace, tf2: trace_lib.Trace, names: Sequence[str]
) -> List[str]:
  """The first of the outputs that both traces have."""
  found = [n for n in names if n in tf1.outputs and n in tf2.outputs]
  return found[:_MOST_OUTPUTS]


def first_places(
  tf1: trace_lib.Trace, tf2: trace_lib.Trace, names: Sequence[str]
) -> List[place_lib.Place]:
  """The places where the sides part on the way to each output."""
  known = known_names(tf1, tf2, names)
  if not known:
    return []
  partners = pair_for(tf1, tf2, known)
  return [
    place for name in known for place in _places(tf1, tf2, partners, name)[:1]
  ]


def explain_traces(
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  names: Sequence[str],
  *,
  replay: Optional[Replay] = None,
  finest: float = partners_lib.FINEST,
) -> List[report_lib.Finding]:
  """Findings from two traces with values, for outputs that differ.

  Args:
    tf1: the tf1 side's trace.
    tf2: the tf2 side's.
    names: the outputs, in execution order.
    replay: runs the ops of a trace; without it no repair is tried.
    finest: below this two results cannot be told apart.
  """
  findings: List[report_lib.Finding] = []
  explained: List[frontier.Divergence] = []
  known = known_names(tf1, tf2, names)
  partners = pair_for(tf1, tf2, known, finest=finest) if known else None
  changes = 0
  while known and partners is not None and len(findings) < _MOST_FINDINGS:
    name = known.pop(0)
    other = swapped.explain(tf1, tf2, partners, name)
    if other is not None:
      findings.append(other)
      continue
    places = [
      place
      for place in _places(tf1, tf2, partners, name)
      if not frontier.is_explained(place.divergence, explained, tf1, tf2)
    ]
    if findings:
      places = backward.causes_among(places, explained)
    if not places:
      continue
    repair = _repair(places, replay)
    found = None if repair is None else repaired.explain(places[0], repair)
    explained.extend(place.divergence for place in places)
    if repair is None or found is None:
      findings.extend(_by_rules(places, names, replay=replay))
      continue
    findings.append(found)
    known = known if repair.is_whole else [name, *known]
    changes += 1
    if not known or replay is None or changes >= _MOST_FINDINGS:
      break
    if len(tf2.ops) <= _MOST_OPS:
      tf2, explained = replay(repairs.applied(tf2, repair.edit)), []
      partners = pair_for(tf1, tf2, known, finest=finest)
      known = _still_differing(tf1, tf2, partners, known)
    elif not repair.is_whole:
      known = known[1:]
  return _distinct(findings)[:_MOST_FINDINGS]


def _places(
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  partners: partners_lib.Partners,
  name: str,
) -> List[place_lib.Place]:
  found = frontier.find_divergences(tf1, tf2, partners, name)
  return [place_lib.place_at(item, tf1, tf2, partners) for item in found]


def _distinct(
  findings: Sequence[report_lib.Finding],
) -> List[report_lib.Finding]:
  """One finding for those that are about the same lines of both sides."""
  found: List[report_lib.Finding] = []
  for finding in findings:
    if not any(_is_one_place(finding, other) for other in found):
      found.append(finding)
  return found


def _by_rules(
  places: Sequence[place_lib.Place],
  names: Sequence[str],
  *,
  replay: Optional[Replay],
) -> List[report_lib.Finding]:
  """What the rules say of each place; settings that change nothing are none."""
  found: List[report_lib.Finding] = []
  for place in places:
    seen = place if replay is None else idle.without(place, replay)
    finding = registry.explain(seen)
    if finding is not None and backward.is_of_gradients(names):
      finding = backward.refined(finding, seen)
    if finding is not None and all(f.message != finding.message for f in found):
      found.append(finding)
  return found


def _is_one_place(one: report_lib.Finding, two: report_lib.Finding) -> bool:
  """Whether two findings are about the same lines of both sides."""
  left = (one.where.tf1.source, one.where.tf2.source)
  right = (two.where.tf1.source, two.where.tf2.source)
  return left == right and None not in left


def _still_differing(
  tf1: trace_lib.Trace,
  tf2: trace_lib.Trace,
  partners: partners_lib.Partners,
  names: Sequence[str],
) -> List[str]:
  return [n for n in names if not partners.are(tf1.outputs[n], tf2.outputs[n])]


def _repair(
  places: Sequence[place_lib.Place], replay: Optional[Replay]
) -> Optional[repairs.Repair]:
  """A change that mends the output, where no stronger rule knows the cause."""
  if replay is None or any(registry.is_certain(place) for place in places):
    return None
  return repairs.find(places[0], replay)
