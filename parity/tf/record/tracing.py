"""How do tensors and ops become a Trace? What both kinds of recorder share."""

from __future__ import annotations

from typing import (
  Any,
  Collection,
  Container,
  Dict,
  List,
  Mapping,
  Optional,
  Sequence,
  Tuple,
)

import numpy as np
import tensorflow.compat.v1 as tf1

from parity.records import request as request_lib
from parity.records import trace as trace_lib
from parity.tf.compat import definitions
from parity.tf.record import keeping

# Attributes that say nothing about the computation.
_SILENT = frozenset(
  (
    "_class",
    "_output_shapes",
    "_XlaMustCompile",
    "allowed_devices",
    "container",
    "debug_name",
    "grad_a",
    "grad_b",
    "shared_name",
    "validate_shape",
    "use_locking",
  )
)


def data_operands(op_type: str, operands: Sequence[Any]) -> Tuple[Any, ...]:
  """The operands that carry data: of a look-up all but the table's handle.

  A handle has no value that two sides could share, and what fills the table is
  no op that the outputs depend on.
  """
  return tuple(operands[trace_lib.is_of_table(op_type) :])


def plain_attributes(
  op_type: str, items: Sequence[Tuple[str, Any]]
) -> Dict[str, object]:
  """Attributes as plain values; those that say nothing are left out.

  A dtype is its name, and what eager mode leaves open has its default, so that
  both kinds of recorder give the same op the same attributes.
  """
  found: Dict[str, object] = {}
  types = definitions.type_attributes(op_type)
  defaults = dict(definitions.plain_defaults(op_type))
  # A graph's attributes come in another order each time.
  for name, value in sorted(items, key=lambda item: item[0]):
    if name in _SILENT or name.startswith("_"):
      continue
    if value is None:
      found[name] = _plain(defaults.get(name))
    else:
      found[name] = _dtypes(value) if name in types else _plain(value)
  return found


def _dtypes(value: Any) -> object:
  if isinstance(value, (list, tuple)):
    return tuple(_dtypes(item) for item in value)
  return str(tf1.as_dtype(value).name)


def _plain(value: Any) -> object:
  if value is None or isinstance(value, (bool, int, str)):
    return value
  if isinstance(value, float):
    # Attributes are float32 in a graph; eager mode hands over Python's double.
    return float(np.float32(value))
  if isinstance(value, bytes):
    return value.decode("utf-8", "replace")
  if isinstance(value, (list, tuple)):
    return tuple(_plain(item) for item in value)
  name = getattr(value, "name", None)
  if isinstance(name, str):
    return name
  if hasattr(value, "as_list"):
    try:
      return tuple(value.as_list())
    except ValueError:
      return "?"
  return str(value)


def builder_for(request: request_lib.Request) -> TraceBuilder:
  """A builder that keeps the values for which a request asks."""
  return TraceBuilder(keeper_for(request), request.trace_keep)


def keeper_for(request: request_lib.Request) -> keeping.Keeper:
  """A keeper of the values for which a request asks."""
  return keeping.Keeper(values=request.trace_values, budget=request.trace_bytes)


class TraceBuilder:
  """Numbers tensors as they are first seen, and collects ops in order.

  Args:
    keeper: holds what is known of each tensor.
    wanted: numbers of the tensors whose values are asked for; empty where all
      are to be recorded.
  """

  def __init__(
    self, keeper: keeping.Keeper, wanted: Collection[int] = ()
  ) -> None:
    self._keeper = keeper
    self._wanted = frozenset(wanted)
    self._is_partial = bool(self._wanted)
    self._numbers: Dict[Any, int] = {}
    self._keys: List[Any] = []
    self._ops: List[trace_lib.OpRecord] = []
    self._notes: List[str] = []

  def needs_next(self) -> bool:
    """Whether the value of the tensor that is numbered next is needed.

    Where some values are asked for, nothing is recorded of the other tensors.
    """
    return not self._is_partial or len(self._keys) in self._wanted

  def number(self, key: Any) -> Optional[int]:
    """The number of a tensor that was seen."""
    return self._numbers.get(key)

  def keys(self) -> Sequence[Any]:
    """The keys under which tensors were numbered, by number."""
    return self._keys

  def add(
    self,
    key: Any,
    value: Optional[np.ndarray],
    *,
    root: Optional[str] = None,
    is_draw: bool = False,
  ) -> int:
    """Numbers a tensor that was not seen, or gives the number it has."""
    if key in self._numbers:
      return self._numbers[key]
    place = len(self._keys)
    self._keeper.see(
      key,
      value,
      root=root,
      is_wanted=place in self._wanted,
      is_draw=is_draw,
    )
    return self._place(key)

  def add_seen(self, key: Any, *, root: Optional[str] = None) -> int:
    """Numbers a tensor that the keeper has seen already."""
    if key in self._numbers:
      return self._numbers[key]
    self._keeper.change(key, root=root)
    return self._place(key)

  def _place(self, key: Any) -> int:
    place = self._numbers[key] = len(self._keys)
    self._keys.append(key)
    return place

  def alias(self, key: Any, place: int) -> None:
    """Gives a tensor the number of another: they are the same value."""
    self._numbers[key] = place

  def show(self, place: int, value: np.ndarray) -> None:
    """Gives a tensor its value, which was perhaps not kept."""
    self._keeper.change(self._keys[place], value=value, sketch=None)

  def reveal(self, place: int, value: np.ndarray, root: str) -> None:
    """Says afterwards that a tensor without a value is a root, and which."""
    self._keeper.see(self._keys[place], value, root=root)

  def set_root(self, place: int, root: str) -> None:
    """Says afterwards that a tensor is a root."""
    self._keeper.change(self._keys[place], root=root)

  def root_by_value(
    self, variables: Mapping[str, np.ndarray], *, told: Container[str] = ()
  ) -> None:
    """Says which constants are really the values of variables.

    Where several variables hold the same value, the one whose scope the
    consuming op shares is taken, else the first; of several in that scope, one
    that nobody tells of.

    Args:
      variables: value by name.
      told: names of variables whose reading was seen.
    """
    named: Dict[str, List[str]] = {}
    for name, value in variables.items():
      digest = keeping.digest_of(value)
      named.setdefault(digest, []).append(name)
    scopes: Dict[int, str] = {}
    for op in self._ops:
      for operand in op.inputs:
        scopes.setdefault(operand, op.scope)
    for place, key in enumerate(self._keys):
      tensor = self._keeper.records[key]
      if tensor.root == "constant" and tensor.digest in named:
        names = named[tensor.digest]
        scope = scopes.get(place, "")
        near = [n for n in names if n.rpartition("/")[0] in scope]
        untold = [n for n in near if n not in told]
        name = max(untold or near or names[:1], key=len)
        self.set_root(place, f"variable:{name}")

  def op(self, record: trace_lib.OpRecord) -> None:
    """Adds an op."""
    self._ops.append(record)

  def note(self, sentence: str) -> None:
    """Says what could not be seen."""
    if sentence not in self._notes:
      self._notes.append(sentence)

  def build(self, outputs: Dict[str, int]) -> trace_lib.Trace:
    """The trace."""
    return trace_lib.Trace(
      ops=tuple(self._ops),
      tensors=tuple(self._keeper.records[key] for key in self._keys),
      outputs=outputs,
      complete=not self._notes,
      notes=tuple(self._notes),
    )
