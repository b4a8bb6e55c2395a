"""How do tensors and ops become a Trace? What both kinds of recorder share."""

from __future__ import annotations

import hashlib
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import tensorflow.compat.v1 as tf1

from parity.records import trace as trace_lib
from parity.tf.compat import definitions

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


def tensor_record(
  value: Optional[np.ndarray], *, root: Optional[str], keep: bool
) -> trace_lib.TensorRecord:
  """A tensor's digest and statistics, and its value where it is kept."""
  if value is None:
    return trace_lib.TensorRecord(shape=(), dtype="resource", root=root)
  array = np.asarray(value)
  digest = hashlib.blake2b(digest_size=16)
  digest.update(f"{array.dtype.name}{array.shape}".encode())
  if array.dtype.kind in "OSU":
    digest.update(repr(array.tolist()).encode())
    return trace_lib.TensorRecord(
      tuple(array.shape), "string", digest.hexdigest(), root=root
    )
  digest.update(np.ascontiguousarray(array).data)
  finite, mean, rms, peak = statistics_of(array)
  return trace_lib.TensorRecord(
    shape=tuple(array.shape),
    dtype=array.dtype.name,
    digest=digest.hexdigest(),
    finite=finite,
    mean=mean,
    rms=rms,
    peak=peak,
    value=array if keep else None,
    root=root,
  )


def statistics_of(array: np.ndarray) -> Tuple[int, float, float, float]:
  """Count, mean, rms and peak of the finite elements, in float64."""
  if array.dtype.kind == "c":
    array = np.abs(array)
  flat = array.reshape(-1).astype(np.float64)
  mask = np.isfinite(flat)
  finite = int(np.count_nonzero(mask))
  if finite == 0:
    return 0, 0.0, 0.0, 0.0
  if finite != flat.size:
    flat = flat[mask]
  peak = float(np.max(np.abs(flat)))
  scale = peak if peak > 0 else 1.0
  scaled = flat / scale
  mean = float(np.mean(scaled)) * scale
  rms = float(np.sqrt(np.mean(np.square(scaled)))) * scale
  return finite, mean, rms, peak


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


class TraceBuilder:
  """Numbers tensors as they are first seen, and collects ops in order."""

  def __init__(self, *, keep: bool) -> None:
    self._keep = keep
    self._numbers: Dict[Any, int] = {}
    self._tensors: List[trace_lib.TensorRecord] = []
    self._ops: List[trace_lib.OpRecord] = []
    self._notes: List[str] = []

  def number(self, key: Any) -> Optional[int]:
    """The number of a tensor that was seen."""
    return self._numbers.get(key)

  def add(
    self, key: Any, value: Optional[np.ndarray], *, root: Optional[str] = None
  ) -> int:
    """Numbers a tensor that was not seen, or gives the number it has."""
    if key in self._numbers:
      return self._numbers[key]
    place = len(self._tensors)
    self._tensors.append(tensor_record(value, root=root, keep=self._keep))
    self._numbers[key] = place
    return place

  def alias(self, key: Any, place: int) -> None:
    """Gives a tensor the number of another: they are the same value."""
    self._numbers[key] = place

  def set_root(self, place: int, root: str) -> None:
    """Says afterwards that a tensor is a root."""
    old = self._tensors[place]
    self._tensors[place] = trace_lib.TensorRecord(
      **{**_fields(old), "root": root}
    )

  def root_by_value(self, variables: Mapping[str, np.ndarray]) -> None:
    """Says which constants are really the values of variables.

    Where several variables hold the same value, the one whose scope the
    consuming op shares is taken, else the first.
    """
    named: Dict[str, List[str]] = {}
    for name, value in variables.items():
      digest = tensor_record(value, root=None, keep=False).digest
      named.setdefault(digest, []).append(name)
    scopes: Dict[int, str] = {}
    for op in self._ops:
      for operand in op.inputs:
        scopes.setdefault(operand, op.scope)
    for place, tensor in enumerate(self._tensors):
      if tensor.root == "constant" and tensor.digest in named:
        names = named[tensor.digest]
        scope = scopes.get(place, "")
        near = [n for n in names if n.rpartition("/")[0] in scope]
        self.set_root(place, f"variable:{max(near or names[:1], key=len)}")

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
      tensors=tuple(self._tensors),
      outputs=outputs,
      complete=not self._notes,
      notes=tuple(self._notes),
    )


def _fields(record: trace_lib.TensorRecord) -> Dict[str, Any]:
  return {name: getattr(record, name) for name in record.__dataclass_fields__}
