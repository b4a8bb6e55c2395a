"""Do both sides have the same variables? Names, shapes, dtypes, trainable.

The port was called several times before (the guide's step 2). What later calls
created again belongs to `variables_created_once` and is left out here. One
finding a cause: the first variable in creation order is named, all are listed.
A training loop's global step, an integer of that name which only one side has,
is no part of the model and is left out; a note says so.
"""

from __future__ import annotations

import re
from typing import Dict, List, Optional, Sequence, Tuple

from parity.checks import called_port
from parity.checks import check
from parity.checks import variable_differences
from parity.compare import inventories
from parity.compare import pairings
from parity.records import recording as recording_lib
from parity.records import report as report_lib
from parity.records import wording

_SHOWN = 4
_SHORT = 3
_PARTITION = re.compile(r"(.+)/part_\d+")
_GLOBAL_STEP = re.compile(r"(.*/)?global_step(_\d+)?")


def _judge(evidence: check.Evidence) -> report_lib.CheckResult:
  tf1 = [v for v in evidence.tf1.variables if v.tracked]
  tf2 = [v for v in evidence.tf2.variables if v.call <= 1]
  steps = _lonely_steps(tf1, tf2) + _lonely_steps(tf2, tf1)
  tf1 = [v for v in tf1 if v not in steps]
  tf2 = [v for v in tf2 if v not in steps]
  diff = inventories.diff_inventories(tf1, tf2)
  findings = tuple(_findings(diff))
  tracked = [v for v in tf2 if v.tracked]
  return report_lib.CheckResult(
    name="variables_match",
    status=check.status_of(findings),
    findings=findings,
    summary=(
      f"{wording.count(len(tf1), 'variable')} on each side"
      if len(tf1) == len(tracked)
      else f"{wording.count(len(tf1), 'variable')} on tf1, {len(tracked)} in"
      " the port"
    ),
    variables=variable_differences.of(diff),
    notes=tuple(
      f"{v.name} at {v.source} counts the steps of training; it is no part of"
      " the model and was left out."
      for v in steps
    ),
  )


def _lonely_steps(
  ours: Sequence[recording_lib.VariableRecord],
  theirs: Sequence[recording_lib.VariableRecord],
) -> List[recording_lib.VariableRecord]:
  """Counters of a training loop that the other side has not."""
  known = {v.tf1_name for v in theirs}
  return [
    v
    for v in ours
    if _GLOBAL_STEP.fullmatch(v.tf1_name)
    and v.tf1_name not in known
    and v.dtype in ("int32", "int64")
    and not v.shape
    and not v.trainable
  ]


def _findings(
  diff: inventories.InventoryDiff,
) -> List[report_lib.Finding]:
  found: List[report_lib.Finding] = []
  sure = [p for p in diff.renamed_pairs if p.certainty != "possible"]
  paired = {id(p.tf1) for p in sure} | {id(p.tf2) for p in sure}
  renamed = [p for p in sure if not p.is_transposed]
  if renamed:
    found.append(_renamed(diff, renamed))
  turned = [p for p in sure if p.is_transposed]
  if turned:
    found.append(_turned(turned))
  missing = [v for v in diff.missing if id(v) not in paired]
  extra = [v for v in diff.extra if id(v) not in paired]
  for whole, parts in _partitions(missing, extra).items():
    one = next(v for v in extra if v.tf1_name == whole)
    found.append(_partitioned(one, parts))
    extra.remove(one)
    missing = [v for v in missing if all(v is not part for part in parts)]
  if missing:
    found.append(_missing(diff, missing))
  if extra:
    found.append(_extra(extra))
  for cause, pairs in (
    ("variable_shape", diff.shape),
    ("variable_dtype", diff.dtype),
    ("variable_trainable", diff.trainable),
  ):
    if pairs:
      found.append(_property(cause, pairs))
  repeated = [d for d in diff.duplicates if d.tf1_count != d.tf2_count]
  if repeated:
    found.append(_duplicates(repeated))
  return found


def _names(variables: Sequence[recording_lib.VariableRecord]) -> str:
  shown = ", ".join(v.name for v in variables[:_SHOWN])
  more = len(variables) - _SHOWN
  return f"{shown} and {more} more" if more > 0 else shown


def _where(
  variable: recording_lib.VariableRecord,
  *,
  tf1: Optional[str] = None,
  tf2: Optional[str] = None,
) -> report_lib.Where:
  return report_lib.Where(
    variable=variable.tf1_name,
    tf1=report_lib.Place(source=tf1),
    tf2=report_lib.Place(source=tf2),
  )


def _listed(
  variables: Sequence[recording_lib.VariableRecord],
) -> Tuple[str, ...]:
  return tuple(
    f"{v.name} {list(v.shape)} {v.dtype} at {v.source}" for v in variables
  )


def _renamed(
  diff: inventories.InventoryDiff,
  pairs: Sequence[pairings.ProbablePair],
) -> report_lib.Finding:
  first = pairs[0]
  certainties = {p.tf2.name: p.certainty for p in pairs}
  proposal = inventories.rename_proposal(diff)
  lines = [
    f"  {new!r}: {old!r},"
    + ("" if certainties.get(new) == "certain" else "  # likely")
    for new, old in proposal.items()
  ]
  return report_lib.Finding(
    cause="variable_renamed",
    message=(
      f"{len(pairs)} variable(s) have another name in the port:"
      f" {first.tf2.name} is {first.certainty} {first.tf1.name}"
      f" ({first.reason})."
    ),
    hint=(
      "If they are the same, put this into the case: rename={"
      + ", ".join(f"{n!r}: {o!r}" for n, o in proposal.items())
      + "}"
      if len(lines) <= _SHORT
      else "If they are the same, put the dictionary among the details (-v)"
      " into the case's `rename`, or a function that makes tf1's name of the"
      " port's."
    ),
    where=_where(first.tf1, tf1=first.tf1.source, tf2=first.tf2.source),
    details=(
      "rename={",
      *lines,
      "}",
      *(
        f"{p.tf2.name} is {p.certainty} {p.tf1.name} ({p.reason})"
        for p in pairs
      ),
    ),
  )


def _turned(pairs: Sequence[pairings.ProbablePair]) -> report_lib.Finding:
  first = pairs[0]
  lines = tuple(
    f"{p.tf2.name} {list(p.tf2.shape)} in the port is {p.certainty}"
    f" {p.tf1.name} {list(p.tf1.shape)} of tf1,"
    f" {inventories.turning(p.tf1.shape, p.tf2.shape)} ({p.reason})"
    for p in pairs
  )
  return report_lib.Finding(
    cause="variable_shape",
    message=lines[0]
    + (f"; and {len(lines) - 1} more" * (len(lines) > 1))
    + ".",
    hint=(
      "Keep it in tf1's layout: a Keras layer's kernel is [inputs, units] or"
      " [height, width, inputs, filters], and `rename` gives it tf1's name."
    ),
    where=_where(first.tf1, tf1=first.tf1.source, tf2=first.tf2.source),
    details=lines,
  )


def _partitions(
  missing: Sequence[recording_lib.VariableRecord],
  extra: Sequence[recording_lib.VariableRecord],
) -> Dict[str, List[recording_lib.VariableRecord]]:
  """tf1's parts by the name of the port's one variable that they make up."""
  parts: Dict[str, List[recording_lib.VariableRecord]] = {}
  for variable in missing:
    matched = _PARTITION.fullmatch(variable.name)
    if matched:
      parts.setdefault(matched.group(1), []).append(variable)
  return {
    one.tf1_name: parts[one.tf1_name]
    for one in extra
    if one.tf1_name in parts and _make_up(parts[one.tf1_name], one)
  }


def _make_up(
  parts: Sequence[recording_lib.VariableRecord],
  one: recording_lib.VariableRecord,
) -> bool:
  """Whether parts laid together along one axis have a variable's shape."""
  shapes = [part.shape for part in parts]
  if any(len(shape) != len(one.shape) for shape in shapes):
    return False
  unlike = [
    axis
    for axis, size in enumerate(one.shape)
    if any(shape[axis] != size for shape in shapes)
  ]
  return len(unlike) == 1 and (
    sum(shape[unlike[0]] for shape in shapes) == one.shape[unlike[0]]
  )


def _partitioned(
  one: recording_lib.VariableRecord,
  parts: Sequence[recording_lib.VariableRecord],
) -> report_lib.Finding:
  return report_lib.Finding(
    cause="variable_missing",
    message=(
      f"{one.tf1_name} is {len(parts)} partitions on the tf1 side"
      f" ({_names(parts)}), and one variable in the port."
    ),
    hint=(
      "For the comparison, build tf1 without its partitioner. A checkpoint is"
      " no obstacle: a Saver keeps a partitioned variable under its whole name."
    ),
    where=_where(one, tf1=parts[0].source, tf2=one.source),
    details=_listed([*parts, one]),
  )


def _missing(
  diff: inventories.InventoryDiff,
  missing: Sequence[recording_lib.VariableRecord],
) -> report_lib.Finding:
  first = missing[0]
  untracked = [p for p in diff.untracked_pairs if p.tf1 in missing]
  if untracked:
    made = untracked[0].tf2
    return report_lib.Finding(
      cause="variable_missing",
      message=(
        f"The port does not track {_names(missing)}: it creates {made.name} at"
        f" {made.source}, but nothing that TensorFlow tracks keeps it."
      ),
      hint=(
        "Keep the object that holds the variable as an attribute of the port,"
        " and make it a tf.Module or a Keras layer; or create the variable"
        " with compat.v1.get_variable under track_tf1_style_variables."
      ),
      where=_where(first, tf1=first.source, tf2=made.source),
      details=_listed(missing),
    )
  places = {id(variable) for variable in missing}
  possible = [p for p in diff.renamed_pairs if id(p.tf1) in places]
  message = f"The port has no {_names(missing)}, which the tf1 side has."
  if possible:
    message += (
      f" {possible[0].tf2.name} is possibly {possible[0].tf1.name}"
      f" ({possible[0].reason})."
    )
  return report_lib.Finding(
    cause="variable_missing",
    message=message,
    hint="Create it in the port, or map its name with the case's `rename`.",
    where=_where(first, tf1=first.source),
    details=(
      *_listed(missing),
      *(
        f"{p.tf2.name} is possibly {p.tf1.name} ({p.reason}):"
        f" {p.tf2.name!r}: {p.tf1.name!r},"
        for p in possible
      ),
    ),
  )


def _extra(
  extra: Sequence[recording_lib.VariableRecord],
) -> report_lib.Finding:
  first = extra[0]
  return report_lib.Finding(
    cause="variable_extra",
    message=(
      f"The port has {_names(extra)}, which the tf1 side has not; perhaps a"
      " layer is made twice where tf1 reuses one."
    ),
    hint=(
      "Share one layer or variable scope where tf1 reuses variables, drop what"
      " is not needed, or map the name with the case's `rename`."
    ),
    where=_where(first, tf2=first.source),
    details=_listed(extra),
  )


_PROPERTIES = {
  "variable_shape": "shape",
  "variable_dtype": "dtype",
  "variable_trainable": "trainable",
}
_HINTS = {
  "variable_shape": "Build the layer with the tf1 side's sizes and layout.",
  "variable_dtype": "Give the layer or variable the tf1 side's dtype.",
  "variable_trainable": (
    "Pass trainable= as the tf1 side does; add_weight and tf.Variable are"
    " trainable unless told otherwise."
  ),
}


def _property(
  cause: str, pairs: Sequence[inventories.VariablePair]
) -> report_lib.Finding:
  name = _PROPERTIES[cause]
  first = pairs[0]
  lines = tuple(
    f"{p.tf1.name}: {name} {getattr(p.tf1, name)} on tf1,"
    f" {getattr(p.tf2, name)} in the port"
    + (_turned_words(p) if cause == "variable_shape" else "")
    for p in pairs
  )
  more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
  return report_lib.Finding(
    cause=cause,
    message=f"{lines[0]}{more}.",
    hint=_HINTS[cause],
    where=_where(first.tf1, tf1=first.tf1.source, tf2=first.tf2.source),
    details=lines,
  )


def _turned_words(pair: inventories.VariablePair) -> str:
  words = inventories.turning(pair.tf1.shape, pair.tf2.shape)
  return f", {words}" if words else ""


def _duplicates(
  duplicates: Sequence[inventories.DuplicateName],
) -> report_lib.Finding:
  first = duplicates[0]
  return report_lib.Finding(
    cause=(
      "variable_extra"
      if first.tf2_count > first.tf1_count
      else "variable_missing"
    ),
    message=(
      f"{first.tf1_count} variables of the tf1 side and {first.tf2_count} of"
      f" the port have the name {first.name}; names must tell them apart."
    ),
    hint="Give the layers or scopes that make them different names.",
    where=report_lib.Where(variable=first.name),
    details=tuple(
      f"{d.name}: {d.tf1_count} on tf1, {d.tf2_count} in the port"
      for d in duplicates
    ),
  )


CHECK = check.Check(
  name="variables_match",
  skip=check.always,
  plan=called_port.both_sides,
  judge=_judge,
)
