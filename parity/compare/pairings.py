"""Which variable of the port is probably the one that is missing?

All of this is heuristic, and says how sure it is; a comparison never pairs
variables by it. For variables of the tf1 side without a partner, and variables
of the port without one:

1. A pair is a candidate where the shapes are equal, or equal once reversed or
   permuted (a transposed kernel), or where the names are equal.
2. It scores for: equal initial values (random streams aligned, so no chance),
   equal names but for case and usual synonyms, one name ending in the other,
   similar names, equal dtype and trainable flag, and nearby creation.
3. What values or names prove is taken first, the best before the rest.
4. Where as many variables of one shape, dtype and kind (the last part of the
   name) are left on both sides, they are paired in order, unless their names
   plainly say another order: so a stack of equal layers finds its own.
5. So are those that lie between the same neighbours: where variables that are
   paired already stand in one order on both sides, and as many of one kind lie
   between two of them. A batch norm so follows its convolution.
6. Of what then is left the best pair is taken, then the best of the rest, and
   so on: greedy, each variable once, ties by creation order. That is not the
   optimal assignment, but one wrong pair cannot drag others along.

Certainty, in words: `certain` where the values or the names say so and nothing
else competes, `likely` where the evidence is one-sided, else `possible`.
"""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
from typing import Dict, List, Optional, Sequence, Set, Tuple

import numpy as np

from parity.compare import names
from parity.compare import orders
from parity.records import recording

CERTAINTIES: Tuple[str, ...] = ("certain", "likely", "possible")

# With more candidates than this, only those near in creation order are rated.
_MOST_CANDIDATES = 20000
_NEIGHBOURS = 16

# How much better than its rivals a likely pair must score.
_MARGIN = 0.15


@dataclasses.dataclass(frozen=True, eq=False)
class ProbablePair:
  """A variable of the tf1 side and what it probably became in the port.

  Attributes:
    tf1: the variable that is missing in the port.
    tf2: a variable of the port that is not on the tf1 side, or that the port
      created but does not track.
    certainty: a word of `CERTAINTIES`.
    reason: what speaks for it, in a few words.
    score: the strength of the evidence; for order only.
  """

  tf1: recording.VariableRecord
  tf2: recording.VariableRecord
  certainty: str
  reason: str
  score: float

  @property
  def is_transposed(self) -> bool:
    """Whether the shapes agree only once the axes are permuted."""
    return self.tf1.shape != self.tf2.shape


@dataclasses.dataclass(frozen=True)
class _Evidence:
  """What speaks for one pair: strength, reasons, and whether it is proof."""

  score: float
  reasons: Tuple[str, ...]
  is_proof: bool


def probable_pairs(
  missing: Sequence[recording.VariableRecord],
  candidates: Sequence[recording.VariableRecord],
  *,
  is_order_known: bool = True,
) -> Tuple[ProbablePair, ...]:
  """Pairs variables that found no partner of their name.

  Args:
    missing: variables of the tf1 side, in creation order.
    candidates: variables of the tf2 side, in creation order.
    is_order_known: whether `missing` is in the order of creation, and not in
      one that only resembles it; then order alone makes nothing likely.

  Returns:
    The pairs in the order of `missing`; each variable occurs at most once.
  """
  rated = _rate(missing, candidates)
  ranking = sorted(rated, key=lambda place: (-rated[place].score, place))
  proved = _greedy([place for place in ranking if rated[place].is_proof])
  ordered = orders.in_order(missing, candidates, proved=proved, rated=rated)
  between = orders.between_neighbours(
    missing, candidates, paired=[*proved, *ordered], rated=rated
  )
  lefts = {left for left, _ in (*proved, *ordered, *between)}
  rights = {right for _, right in (*proved, *ordered, *between)}
  others = _greedy(
    [p for p in ranking if not (p[0] in lefts or p[1] in rights)]
  )
  rivals = _best_rivals(rated, ranking)
  found = {
    place: ProbablePair(
      tf1=missing[place[0]],
      tf2=candidates[place[1]],
      certainty=_certainty(rated[place], rivals[place]),
      reason=", ".join(rated[place].reasons),
      score=rated[place].score,
    )
    for place in (*proved, *others)
  }
  for place, count in (*ordered.items(), *between.items()):
    reason = "the only one left of its shape and kind"
    if count > 1:
      reason = f"the same place among the {count} left of its shape and kind"
    if place in between:
      reason += " between the same neighbours"
    found[place] = ProbablePair(
      tf1=missing[place[0]],
      tf2=candidates[place[1]],
      certainty=(
        "likely"
        if is_order_known or (count == 1 and place not in between)
        else "possible"
      ),
      reason=", ".join([reason, *rated[place].reasons]),
      score=rated[place].score,
    )
  return tuple(found[place] for place in sorted(found))


def _greedy(ranking: Sequence[orders.Place]) -> List[orders.Place]:
  """The best pair, then the best of what it leaves, and so on."""
  left_taken: Set[int] = set()
  right_taken: Set[int] = set()
  chosen = []
  for left, right in ranking:
    if left not in left_taken and right not in right_taken:
      left_taken.add(left)
      right_taken.add(right)
      chosen.append((left, right))
  return chosen


def _rate(
  missing: Sequence[recording.VariableRecord],
  candidates: Sequence[recording.VariableRecord],
) -> Dict[Tuple[int, int], _Evidence]:
  """The evidence for every candidate pair, by places."""
  left_digests = [_digest(each) for each in missing]
  right_digests = [_digest(each) for each in candidates]
  places = _candidate_places(missing, candidates)
  matcher = difflib.SequenceMatcher(autojunk=False)
  found = {}
  previous = -1
  for left, right in places:
    if left != previous:
      matcher.set_seq2(names.normalized(missing[left].tf1_name))
      previous = left
    matcher.set_seq1(names.normalized(candidates[right].tf1_name))
    found[left, right] = _evidence(
      missing[left],
      candidates[right],
      has_equal_values=(
        left_digests[left] is not None
        and left_digests[left] == right_digests[right]
      ),
      similarity=matcher.ratio(),
      nearness=1 - abs(left / len(missing) - right / len(candidates)),
    )
  return found


def _candidate_places(
  missing: Sequence[recording.VariableRecord],
  candidates: Sequence[recording.VariableRecord],
) -> List[Tuple[int, int]]:
  """Places of pairs whose shapes or names permit them, sorted."""
  by_size: Dict[Tuple[int, ...], List[int]] = {}
  by_name: Dict[str, List[int]] = {}
  for right, each in enumerate(candidates):
    by_size.setdefault(tuple(sorted(each.shape)), []).append(right)
    by_name.setdefault(each.tf1_name, []).append(right)
  found: Set[Tuple[int, int]] = set()
  groups = [by_size.get(tuple(sorted(each.shape)), []) for each in missing]
  too_many = sum(map(len, groups)) > _MOST_CANDIDATES
  by_ending: Dict[Tuple[str, ...], List[int]] = {}
  if too_many:
    for right, each in enumerate(candidates):
      by_ending.setdefault(_ending(each.tf1_name), []).append(right)
  for left, (each, group) in enumerate(zip(missing, groups)):
    chosen = group
    if too_many and len(group) > _NEIGHBOURS:
      alike = set(by_ending.get(_ending(each.tf1_name), [])) & set(group)
      middle = round(left / len(missing) * len(candidates))
      chosen = _nearest(group, middle) + _nearest(sorted(alike), middle)
    chosen = chosen + by_name.get(each.tf1_name, [])
    found.update((left, right) for right in chosen)
  return sorted(found)


def _nearest(places: List[int], middle: int) -> List[int]:
  """The few places that are nearest to one."""
  return sorted(places, key=lambda place: abs(place - middle))[:_NEIGHBOURS]


def _evidence(
  tf1: recording.VariableRecord,
  tf2: recording.VariableRecord,
  *,
  has_equal_values: bool,
  similarity: float,
  nearness: float,
) -> _Evidence:
  """What speaks for one pair."""
  left_words, right_words = (
    names.words_of(tf1.tf1_name),
    names.words_of(tf2.tf1_name),
  )
  shared = len(left_words & right_words) / max(1, len(left_words | right_words))
  score = similarity + shared + 0.25 * nearness
  reasons = []
  is_proof = False
  if tf1.tf1_name == tf2.tf1_name:
    reasons.append("same name")
    score += 4
    is_proof = True
  else:
    alike = names.alikeness(
      names.normalized(tf1.tf1_name), names.normalized(tf2.tf1_name)
    )
    if alike is not None:
      reasons.append(alike)
      score += names.ALIKE[alike]
      is_proof = tf1.shape == tf2.shape
    elif similarity > 0.6:
      reasons.append("similar name")
  if has_equal_values:
    reasons.append("same initial value")
    score += 3
    is_proof = True
  if tf1.shape == tf2.shape:
    reasons.append("same shape")
    score += 1
  elif sorted(tf1.shape) == sorted(tf2.shape):
    reasons.append("same shape once transposed")
  else:
    reasons.append("other shape")
    score -= 2
  if tf1.dtype == tf2.dtype:
    score += 0.25
  else:
    reasons.append("other dtype")
  if tf1.trainable == tf2.trainable:
    score += 0.25
  else:
    reasons.append("other trainable flag")
  return _Evidence(score=score, reasons=tuple(reasons), is_proof=is_proof)


def _best_rivals(
  rated: Dict[Tuple[int, int], _Evidence],
  ranking: Sequence[Tuple[int, int]],
) -> Dict[Tuple[int, int], Optional[_Evidence]]:
  """For each pair, the strongest other pair that shares a variable with it."""
  left_best: Dict[int, List[Tuple[int, int]]] = {}
  right_best: Dict[int, List[Tuple[int, int]]] = {}
  for place in ranking:
    for side, best in ((0, left_best), (1, right_best)):
      strongest = best.setdefault(place[side], [])
      if len(strongest) < 2:
        strongest.append(place)
  found = {}
  for place in ranking:
    others = [
      rated[other]
      for other in left_best[place[0]] + right_best[place[1]]
      if other != place
    ]
    found[place] = max(others, key=lambda each: each.score) if others else None
  return found


def _certainty(evidence: _Evidence, rival: Optional[_Evidence]) -> str:
  """How sure a pair is, in a word, given its strongest rival."""
  is_clear = rival is None or evidence.score - rival.score > _MARGIN
  if evidence.is_proof and is_clear:
    return "certain"
  has_name = bool(evidence.reasons) and "name" in evidence.reasons[0]
  fits = "same shape" in evidence.reasons
  if is_clear and fits and (has_name or rival is None):
    return "likely"
  # A kernel that was turned keeps its name.
  if is_clear and has_name and evidence.reasons[0] != "similar name":
    return "likely"
  return "possible"


def _ending(name: str) -> Tuple[str, ...]:
  """The last two parts of a name, normalized."""
  return tuple(names.normalized(name).split("/")[-2:])


def _digest(variable: recording.VariableRecord) -> Optional[str]:
  """A hash of the initial value; None where it could be equal by chance."""
  value = variable.initial
  if value is None or value.size < 2 or value.dtype.kind in "OSUb":
    return None
  flat = np.ascontiguousarray(value).reshape(-1)
  if not np.any(flat[1:] != flat[0]):
    return None
  shape = repr((value.shape, value.dtype.name)).encode()
  return hashlib.sha256(shape + flat.tobytes()).hexdigest()
