"""Which cause has a change that was tried and makes the sides agree?

Certain: the port was run again with that one change. An attribute that chooses
the training branch is a flag, another attribute is an attribute, a number that
one side holds as an operand is a constant, wherever the other side keeps it.
"""

from __future__ import annotations

import dataclasses
from typing import Optional, Tuple

import numpy as np

from parity.explain import repairs
from parity.explain.causes import attributes
from parity.explain.causes import constants
from parity.explain.causes import place as place_lib
from parity.records import report as report_lib
from parity.records import trace as trace_lib

_HINTS = {
  "constant": (
    "Give the port tf1's value; an epsilon, a rate or a slope that nobody"
    " passes is a default, and the defaults of TF1 and Keras differ."
  ),
  "op_structure": "Make the port compute what the tf1 line computes.",
}


def explain(
  place: place_lib.Place, repair: repairs.Repair
) -> Optional[report_lib.Finding]:
  """The finding that a repair proves."""
  edit = repair.edit
  theirs = place.tf2.ops[edit.number]
  ours = edit.donor or place.tf1_op
  pair = None if ours is None else place_lib.OpPair(ours, theirs)
  if edit.kind == "attribute":
    if pair is None:
      return None
    found = attributes.finding_of(
      place, pair, attributes.differing(pair.tf1, pair.tf2), note=_proof(repair)
    )
    return dataclasses.replace(found, is_proved=repair.is_whole)
  cause = "constant" if edit.kind == "constant" else "op_structure"
  where = place_lib.where_of(place, pair=pair)
  return report_lib.Finding(
    cause=cause,
    message=f"{_difference(repair, ours, theirs)} {_proof(repair)}",
    hint=_HINTS[cause],
    where=where,
    max_abs=repair.before,
    max_rel=_relative(place, repair),
    details=_details(repair),
    is_proved=repair.is_whole,
  )


def _difference(
  repair: repairs.Repair,
  ours: Optional[trace_lib.OpRecord],
  theirs: trace_lib.OpRecord,
) -> str:
  edit = repair.edit
  if edit.kind == "constant":
    what = f" ({edit.what})" if not edit.what.startswith("operand") else ""
    return (
      f"{theirs.op_type}{what} has another constant:"
      f" {_shown(edit.ours)} on the tf1 side ({_named(ours)}),"
      f" {_shown(edit.theirs)} in the port ({theirs.name})."
    )
  if edit.kind == "order":
    return (
      f"{theirs.op_type} gets its operands in another order in the port"
      f" ({theirs.name}) than on the tf1 side ({_named(ours)})."
    )
  return (
    f"From the same operands the tf1 side computes {edit.ours}"
    f" ({_named(ours)}), the port {edit.theirs} ({theirs.name})."
  )


def _details(repair: repairs.Repair) -> Tuple[str, ...]:
  """The setting by its name, where the op's own attribute has it."""
  edit = repair.edit
  if edit.kind != "constant" or not edit.what.isidentifier():
    return ()
  return (f"{edit.what}: tf1 {_shown(edit.ours)}, tf2 {_shown(edit.theirs)}",)


def _named(op: Optional[trace_lib.OpRecord]) -> str:
  return "an op without a partner" if op is None else op.name


def _shown(value: object) -> str:
  if isinstance(value, np.ndarray):
    return constants.shown(value)
  return constants.number(value) if isinstance(value, float) else str(value)


def _proof(repair: repairs.Repair) -> str:
  if repair.is_whole:
    return (
      "With this one change the port agrees (largest difference"
      f" {repair.after:.1g} instead of {repair.before:.3g})."
    )
  return (
    "With this change that op agrees; the output differs still, for another"
    " reason behind it."
  )


def _relative(
  place: place_lib.Place, repair: repairs.Repair
) -> Optional[float]:
  name = place.divergence.output
  peak = place.tf1.tensors[place.tf1.outputs[name]].peak
  return repair.before / peak if peak else None
