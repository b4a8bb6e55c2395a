"""Did everything that belongs to the model come out of the checkpoint?

1. A model variable that found no entry keeps its initial value; one whose entry
   has another shape or dtype as well. Either is a finding.
2. Of the entries that nobody took, those are left out that belong to training
   and need no partner: a counter or a power (`global_step`, `beta1_power`), and
   slots and averages, as `compare.entries` knows them.
3. An entry that one side took and the other did not is a finding. One that
   neither side took, and that is no bookkeeping, is told in a note.

What a variable's missing entry is now called is a suggestion: by shape, order
and name, as in `variables_match`.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, Iterable, List, Sequence, Tuple

from parity.checks import check
from parity.compare import entries as entries_lib
from parity.compare import inventories
from parity.compare import pairings
from parity.records import recording as recording_lib
from parity.records import report as report_lib


@dataclasses.dataclass(frozen=True, eq=False)
class Coverage:
  """What became of the checkpoint on both sides.

  Attributes:
    restored: variables that both sides restored.
    left: names that a side left at their initial values, with the sides.
    mismatched: names whose entry has another shape or dtype, with the sides.
    bookkeeping: entries of training that need no partner.
    unused: other entries that neither side took.
  """

  restored: Tuple[str, ...]
  left: Dict[str, Tuple[str, ...]]
  mismatched: Dict[str, Tuple[str, ...]]
  bookkeeping: Tuple[str, ...]
  unused: Tuple[str, ...]


def cover(
  tf1: recording_lib.Recording, tf2: recording_lib.Recording
) -> Coverage:
  """Lays both sides' coverage of one checkpoint together."""
  assert tf1.checkpoint is not None
  assert tf2.checkpoint is not None
  sides = (("tf1", tf1), ("tf2", tf2))
  left: Dict[str, Tuple[str, ...]] = {}
  mismatched: Dict[str, Tuple[str, ...]] = {}
  for side, recording in sides:
    assert recording.checkpoint is not None
    floating = {v.tf1_name for v in recording.variables if _is_weight(v)}
    for name in recording.checkpoint.left:
      if name in floating and not entries_lib.is_counter(name):
        left[name] = (*left.get(name, ()), side)
    for name in recording.checkpoint.mismatched:
      mismatched[name] = (*mismatched.get(name, ()), side)
  taken = {*tf1.checkpoint.restored, *tf2.checkpoint.restored, *mismatched}
  variables = {
    v.tf1_name: v.shape for v in (*tf1.variables, *tf2.variables) if v.tracked
  }
  bookkeeping: List[str] = []
  unused: List[str] = []
  for entry in entries_lib.kinds_of(tf1.checkpoint.entries, variables):
    if entry.name in taken:
      continue
    (unused if entry.kind == "weight" else bookkeeping).append(entry.name)
  both = set(tf2.checkpoint.restored)
  return Coverage(
    restored=tuple(n for n in tf1.checkpoint.restored if n in both),
    left=left,
    mismatched=mismatched,
    bookkeeping=tuple(bookkeeping),
    unused=tuple(unused),
  )


def _is_weight(variable: recording_lib.VariableRecord) -> bool:
  return variable.tracked and variable.dtype.startswith(("float", "bfloat"))


def findings_of(
  evidence: check.Evidence, found: Coverage
) -> List[report_lib.Finding]:
  """A finding for variables left alone, and one for those that do not fit."""
  findings = []
  if found.mismatched:
    findings.append(_mismatched(evidence, found))
  if found.left:
    findings.append(_left(evidence, found))
  return findings


def _listed(names: Sequence[str]) -> str:
  shown = ", ".join(names[:4])
  return shown + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _left(evidence: check.Evidence, found: Coverage) -> report_lib.Finding:
  names = list(found.left)
  sides = {side for each in found.left.values() for side in each}
  on = "both sides" if len(sides) == 2 else f"the {sides.pop()} side"
  proposals = _proposals(evidence, found)
  averages = [n for n in found.bookkeeping if _is_average(n, found.left)]
  message = (
    f"{len(names)} model variable(s) found no entry in the checkpoint and keep"
    f" their initial values on {on}: {_listed(names)}."
  )
  if proposals:
    message += f" The nearest: {proposals[0]}."
  elif averages:
    message += f" It holds their moving averages only, such as {averages[0]}."
  elif all(len(each) == 2 for each in found.left.values()):
    message += (
      " The checkpoint holds nothing for them: outputs from it are those of no"
      " trained model."
    )
  return report_lib.Finding(
    cause="checkpoint_unmapped",
    message=message,
    hint=_hint_for_left(bool(proposals), bool(averages)),
    where=_where(evidence, names[0]),
    details=(
      *(f"left on {' and '.join(s)}: {n}" for n, s in found.left.items()),
      *(f"probably: {proposal}" for proposal in proposals),
      *(f"unused entry: {name}" for name in found.unused),
    ),
  )


def _is_average(entry: str, left: Iterable[str]) -> bool:
  owner, _, kind = entry.rpartition("/")
  return kind == "ExponentialMovingAverage" and owner in left


def _hint_for_left(has_proposals: bool, has_averages: bool) -> str:
  if has_proposals:
    return "Map the names with `rename`."
  if has_averages:
    return (
      "Save the averages under the names of their variables:"
      " ExponentialMovingAverage.variables_to_restore() says which is whose."
    )
  return (
    "A Saver of tf.trainable_variables() leaves out moving averages: save"
    " tf.global_variables(), or take a checkpoint that holds them."
  )


def _proposals(evidence: check.Evidence, found: Coverage) -> Tuple[str, ...]:
  """Unused entries that probably belong to variables that were left."""
  assert evidence.tf1.checkpoint is not None
  entries = {e.name: e for e in evidence.tf1.checkpoint.entries}
  missing = [
    recording_lib.VariableRecord(n, n, entries[n].shape, entries[n].dtype, True)
    for n in found.unused
  ]
  candidates = []
  for name, sides in found.left.items():
    recording = evidence.tf1 if "tf1" in sides else evidence.tf2
    variable = next(v for v in recording.variables if v.tf1_name == name)
    candidates.append(
      recording_lib.VariableRecord(
        name, name, variable.shape, variable.dtype, True
      )
    )
  return tuple(
    f"entry {pair.tf1.name} for variable {pair.tf2.name}"
    f" ({pair.certainty}: {pair.reason})"
    for pair in pairings.probable_pairs(missing, candidates)
  )


def _mismatched(
  evidence: check.Evidence, found: Coverage
) -> report_lib.Finding:
  assert evidence.tf1.checkpoint is not None
  entries = {e.name: e for e in evidence.tf1.checkpoint.entries}
  lines = []
  is_of_shape = False
  for name, sides in found.mismatched.items():
    recording = evidence.tf1 if "tf1" in sides else evidence.tf2
    variable = next(v for v in recording.variables if v.tf1_name == name)
    turned = inventories.turning(entries[name].shape, variable.shape)
    is_of_shape = is_of_shape or entries[name].shape != variable.shape
    lines.append(
      f"{name} is {_kind(entries[name].shape, entries[name].dtype)} in the"
      f" checkpoint and {_kind(variable.shape, variable.dtype)} on"
      f" {' and '.join(sides)}" + (f", {turned}" if turned else "")
    )
  names = list(found.mismatched)
  return report_lib.Finding(
    cause="checkpoint_unmapped",
    message=(
      f"{len(names)} variable(s) have another shape or dtype than their entry"
      f" and keep their initial values: {lines[0]}."
    ),
    hint=(
      "Make the variable as the checkpoint has it: Keras and tf.layers keep a"
      " dense kernel as [inputs, units] and a convolution's as [height, width,"
      " inputs, filters]."
      if is_of_shape
      else "Save the checkpoint again in the variables' dtype; a restore does"
      " not cast."
    ),
    where=_where(evidence, names[0]),
    details=tuple(lines),
  )


def _kind(shape: Tuple[int, ...], dtype: str) -> str:
  return f"{dtype}{list(shape)}"


def _where(evidence: check.Evidence, name: str) -> report_lib.Where:
  places = []
  for recording in (evidence.tf1, evidence.tf2):
    source = next(
      (v.source for v in recording.variables if v.tf1_name == name), None
    )
    places.append(report_lib.Place(source=source))
  return report_lib.Where(variable=name, tf1=places[0], tf2=places[1])
