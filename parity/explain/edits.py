"""Which small changes of the port might mend it? Candidates for a trial.

For the ops that the port computes without partners: another attribute of an op
of the same type, another small constant, an epsilon that the other side holds
as an attribute, operands in another order, or another op of the same form. What
is put in comes from the ops of the tf1 side that have no partner either, so
each edit says "as tf1 does it"; `repairs` finds out which one does.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import (
  Dict,
  Iterator,
  List,
  Mapping,
  Optional,
  Sequence,
  Set,
  Tuple,
)

import numpy as np

from parity.explain import frontier
from parity.explain.causes import attributes
from parity.explain.causes import constants
from parity.explain.causes import place as place_lib
from parity.records import trace as trace_lib

# A constant of more elements is no setting but a table.
_LARGEST_SETTING = 16
_MOST_OPS = 48
_MOST_REORDERED = 4


@dataclasses.dataclass(frozen=True, eq=False)
class Edit:
  """One change of one op of the port.

  Attributes:
    number: of the op in the tf2 trace.
    kind: `attribute`, `constant`, `order` or `type`.
    what: the attribute's name, the operand's position, the new order or type.
    ours: tf1's value.
    theirs: the port's value.
    donor: the tf1 op from which the value comes.
    op: the changed op; a negative operand stands for `value`.
    value: a constant that is put in.
    others: further ops of the same line, such as those of the other rounds of a
      loop, with the same change: by number.
  """

  number: int
  kind: str
  what: str
  ours: object
  theirs: object
  donor: Optional[trace_lib.OpRecord]
  op: trace_lib.OpRecord
  value: Optional[np.ndarray] = None
  others: Mapping[int, trace_lib.OpRecord] = dataclasses.field(
    default_factory=dict
  )

  def change(self, number: int) -> Optional[trace_lib.OpRecord]:
    """The changed op of that number, None where it is not changed."""
    return self.op if number == self.number else self.others.get(number)


@dataclasses.dataclass(frozen=True, eq=False)
class _Setting:
  """A small constant of the tf1 side, and an op that uses it."""

  value: np.ndarray
  user: trace_lib.OpRecord


def candidates(place: place_lib.Place) -> List[Edit]:
  """Edits of the port's ops near a divergence; likely ones come first."""
  ops = [(n, place.tf2.ops[n]) for n in reach(place)[:_MOST_OPS]]
  donors = [place.tf1.ops[n] for n in place.tf1_region.ops[:_MOST_OPS]]
  settings = _settings(place, donors)
  made_by = frontier.producers(place.tf2)
  found: List[Edit] = []
  for number, op in ops:
    found.extend(_attributes(number, op, donors))
  for number, op in ops:
    found.extend(_constants(number, op, place, settings, made_by))
    found.extend(_numbers(number, op, settings))
    found.extend(_numbers_for_constants(number, op, place, donors, made_by))
  for number, op in ops:
    found.extend(_orders(number, op, place, made_by))
    found.extend(_types(number, op, donors))
  return [*_of_lines(found, place), *found]


def _of_lines(found: Sequence[Edit], place: place_lib.Place) -> Iterator[Edit]:
  """The edits of a line's first op, made to all its ops of that type."""
  first: Dict[Tuple[object, ...], int] = {}
  for edit in found:
    op = place.tf2.ops[edit.number]
    key = (op.op_type, op.source, edit.kind, edit.what)
    if first.setdefault(key, edit.number) != edit.number or op.source is None:
      continue
    others = {}
    for number in reach(place):
      other = place.tf2.ops[number]
      if number != edit.number and (other.op_type, other.source) == key[:2]:
        changed = _likewise(edit, other, place)
        if changed is not None:
          others[number] = changed
    if others:
      yield dataclasses.replace(edit, others=others)


def _likewise(
  edit: Edit, other: trace_lib.OpRecord, place: place_lib.Place
) -> Optional[trace_lib.OpRecord]:
  """Another op with an edit's change, where it has the same setting."""
  op = place.tf2.ops[edit.number]
  if other.attributes != op.attributes or len(other.inputs) != len(op.inputs):
    return None
  inputs = list(other.inputs)
  for position, operand in enumerate(edit.op.inputs):
    if operand < 0:
      there = place.tf2.tensors[other.inputs[position]]
      if there.digest != place.tf2.tensors[op.inputs[position]].digest:
        return None
      inputs[position] = operand
    elif operand != op.inputs[position]:
      inputs[position] = other.inputs[op.inputs.index(operand)]
  return dataclasses.replace(
    other,
    op_type=edit.op.op_type,
    attributes=edit.op.attributes,
    inputs=tuple(inputs),
  )


def reach(place: place_lib.Place) -> List[int]:
  """The port's ops without partners, and those right before them.

  An op whose result happens to have a partner, such as a bound that no value
  reaches on one side, may still be the one to blame.
  """
  made_by = frontier.producers(place.tf2)
  before = {
    made_by[tensor]
    for tensor in place.tf2_region.boundary
    if tensor in made_by
    and place.tf2.tensors[tensor].dtype.startswith(("float", "bfloat"))
  }
  return sorted(before | set(place.tf2_region.ops))


def _settings(
  place: place_lib.Place, donors: List[trace_lib.OpRecord]
) -> List[_Setting]:
  """tf1's small constants: of the ops without partners, and right before."""
  made_by = frontier.producers(place.tf1)
  near = list(donors)
  for op in donors:
    before = [made_by[operand] for operand in op.inputs if operand in made_by]
    near.extend(place.tf1.ops[number] for number in before)
  found: List[_Setting] = []
  seen: Set[Tuple[int, str]] = set()
  for op in near:
    for operand in op.inputs:
      record = place.tf1.tensors[operand]
      key = (operand, op.op_type)
      if key in seen or not _is_small(record):
        continue
      seen.add(key)
      if constants.is_setting(place.tf1, operand, made_by):
        assert record.value is not None
        found.append(_Setting(np.asarray(record.value), op))
  return found


def _is_small(record: trace_lib.TensorRecord) -> bool:
  value = record.value
  return (
    value is not None
    and value.size <= _LARGEST_SETTING
    and value.dtype.kind in "fiub"
  )


def _attributes(
  number: int, op: trace_lib.OpRecord, donors: List[trace_lib.OpRecord]
) -> Iterator[Edit]:
  for donor in donors:
    if donor.op_type != op.op_type:
      continue
    found = attributes.differing(donor, op)
    if not found:
      continue
    changed = {name: values[0] for name, values in found.items()}
    yield Edit(
      number,
      "attribute",
      ", ".join(found),
      changed,
      {name: values[1] for name, values in found.items()},
      donor,
      dataclasses.replace(op, attributes={**op.attributes, **changed}),
    )


def _constants(
  number: int,
  op: trace_lib.OpRecord,
  place: place_lib.Place,
  settings: List[_Setting],
  made_by: Dict[int, int],
) -> Iterator[Edit]:
  """An operand that is a small constant gets tf1's value."""
  for position, operand in enumerate(op.inputs):
    record = place.tf2.tensors[operand]
    output = place.divergence.output
    if constants.is_unread(op, position, output) or not _is_small(record):
      continue
    if not constants.is_setting(place.tf2, operand, made_by):
      continue
    old = np.asarray(record.value)
    tried: List[np.ndarray] = []
    for setting in sorted(settings, key=lambda s: s.user.op_type != op.op_type):
      new = setting.value
      if new.dtype.kind != old.dtype.kind:
        continue
      if new.shape != old.shape and op.op_type != setting.user.op_type:
        continue
      if any(np.array_equal(new, other) for other in (old, *tried)):
        continue
      tried.append(new)
      edit = _with_constant(
        number, op, position, new.astype(old.dtype), old, setting.user
      )
      yield edit
      if setting.user.op_type == op.op_type:
        yield from _with_attributes(edit, setting.user)


def _with_attributes(edit: Edit, donor: trace_lib.OpRecord) -> Iterator[Edit]:
  """The edit of a reduction's axes, with the donor's keep_dims besides.

  The axes are what tells, but only keep_dims makes the shapes fit.
  """
  found = attributes.differing(donor, edit.op)
  if set(found) == {"keep_dims"}:
    changed = {name: values[0] for name, values in found.items()}
    merged = {**edit.op.attributes, **changed}
    op = dataclasses.replace(edit.op, attributes=merged)
    yield dataclasses.replace(edit, op=op)


def _with_constant(
  number: int,
  op: trace_lib.OpRecord,
  position: int,
  new: np.ndarray,
  old: np.ndarray,
  donor: trace_lib.OpRecord,
) -> Edit:
  inputs = (*op.inputs[:position], -1, *op.inputs[position + 1 :])
  return Edit(
    number,
    "constant",
    f"operand {position}",
    new,
    old,
    donor,
    dataclasses.replace(op, inputs=inputs),
    new,
  )


def _numbers(
  number: int, op: trace_lib.OpRecord, settings: List[_Setting]
) -> Iterator[Edit]:
  """A number that is an attribute of the port's op is tf1's operand."""
  for name, value in op.attributes.items():
    if not isinstance(value, float) or attributes.is_following(name):
      continue
    tried: Set[float] = {value}
    for setting in settings:
      if setting.value.size != 1 or setting.value.dtype.kind != "f":
        continue
      new = float(setting.value.reshape(-1)[0])
      if new not in tried:
        tried.add(new)
        changed = {**op.attributes, name: new}
        yield Edit(
          number,
          "constant",
          name,
          new,
          value,
          setting.user,
          dataclasses.replace(op, attributes=changed),
        )


def _numbers_for_constants(
  number: int,
  op: trace_lib.OpRecord,
  place: place_lib.Place,
  donors: List[trace_lib.OpRecord],
  made_by: Dict[int, int],
) -> Iterator[Edit]:
  """A number that is the port's operand is an attribute of tf1's op."""
  for position, operand in enumerate(op.inputs):
    record = place.tf2.tensors[operand]
    if (
      not _is_small(record)
      or record.dtype[:5] != "float"
      or np.asarray(record.value).size != 1
      or not constants.is_setting(place.tf2, operand, made_by)
    ):
      continue
    old = np.asarray(record.value)
    for donor in donors:
      for value in donor.attributes.values():
        if isinstance(value, float) and value != float(old.reshape(-1)[0]):
          new = np.full(old.shape, value, old.dtype)
          yield _with_constant(number, op, position, new, old, donor)


def _orders(
  number: int,
  op: trace_lib.OpRecord,
  place: place_lib.Place,
  made_by: Dict[int, int],
) -> Iterator[Edit]:
  """The same operands in another order."""
  free = [
    position
    for position, operand in enumerate(op.inputs)
    if place.tf2.tensors[operand].digest
    and not constants.is_setting(place.tf2, operand, made_by)
  ]
  if not 2 <= len(free) <= _MOST_REORDERED:
    return
  kinds = {place.tf2.tensors[op.inputs[position]].dtype for position in free}
  if len(kinds) > 1:
    return
  for order in itertools.permutations(free):
    if list(order) == free:
      continue
    inputs = list(op.inputs)
    for position, source in zip(free, order):
      inputs[position] = op.inputs[source]
    yield Edit(
      number,
      "order",
      "operands",
      None,
      None,
      None,
      dataclasses.replace(op, inputs=tuple(inputs)),
    )


def _types(
  number: int, op: trace_lib.OpRecord, donors: List[trace_lib.OpRecord]
) -> Iterator[Edit]:
  """Another op of the same form, such as Relu6 for Relu."""
  tried = {op.op_type}
  for donor in donors:
    if donor.op_type in tried or not op.inputs or len(op.outputs) != 1:
      continue
    same_form = len(donor.inputs) == len(op.inputs) and len(donor.outputs) == 1
    if same_form and set(donor.attributes) == set(op.attributes):
      tried.add(donor.op_type)
      yield Edit(
        number,
        "type",
        donor.op_type,
        donor.op_type,
        op.op_type,
        donor,
        dataclasses.replace(op, op_type=donor.op_type),
      )


def constant(value: np.ndarray) -> trace_lib.TensorRecord:
  """A constant that an edit puts in."""
  return trace_lib.TensorRecord(
    tuple(value.shape), value.dtype.name, "edit", value=value, root="constant"
  )
