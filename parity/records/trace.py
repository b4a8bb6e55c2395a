"""Which ops ran, on what, with what result? A side's dataflow as plain data.

Tensors are numbered: `OpRecord.inputs` and `OpRecord.outputs` hold indices
into `Trace.tensors`. Ops are in execution order. The tensors that no op of the
trace made are the roots: inputs, variables' values and captured constants.
A large trace has the values of its roots and of small tensors, and a sketch of
every other; those that are needed besides are asked for by number.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, Optional, Tuple

import numpy as np

from parity.records import sketch as sketch_lib

_DRAWS = (
  "Random",
  "TruncatedNormal",
  "Multinomial",
  "Stateful",
  "Stateless",
)


def is_draw(op_type: str) -> bool:
  """Whether an op of this type draws random numbers.

  >>> is_draw("RandomUniform"), is_draw("Conv2D")
  (True, False)
  """
  return any(word in op_type for word in _DRAWS)


def is_table(op_type: str) -> bool:
  """Whether an op of this type makes a look-up table, or gives its handle.

  >>> is_table("MutableHashTableV2"), is_table("LookupTableFindV2")
  (True, False)
  """
  return "HashTable" in op_type


def is_of_table(op_type: str) -> bool:
  """Whether an op of this type works on a look-up table, its first operand.

  >>> is_of_table("LookupTableFindV2"), is_of_table("GatherV2")
  (True, False)
  """
  return op_type.startswith(("LookupTable", "InitializeTable"))


@dataclasses.dataclass(frozen=True, eq=False)
class TensorRecord:
  """One tensor.

  Attributes:
    shape: its shape.
    dtype: its dtype's name.
    digest: hash of dtype, shape and bytes.
    finite: how many elements are finite.
    mean: mean of the finite elements, 0 for an empty tensor.
    rms: root of their mean square.
    peak: their largest magnitude.
    value: the array itself, where kept.
    root: `input:PATH`, `variable:TF1_NAME`, `constant`, or None when an op of
      the trace made it.
    sketch: what is left of a value that was too large to be kept.
  """

  shape: Tuple[int, ...]
  dtype: str
  digest: str = ""
  finite: int = 0
  mean: float = 0.0
  rms: float = 0.0
  peak: float = 0.0
  value: Optional[np.ndarray] = None
  root: Optional[str] = None
  sketch: Optional[sketch_lib.Sketch] = None

  @property
  def size(self) -> int:
    """How many elements it has."""
    size = 1
    for length in self.shape:
      size *= length
    return size


@dataclasses.dataclass(frozen=True, eq=False)
class OpRecord:
  """One op.

  Attributes:
    op_type: such as `Conv2D`.
    name: the op's name in a graph; in eager mode the scope and the type.
    scope: the name without its last part.
    attributes: plain values by name.
    inputs: tensor numbers, in order.
    outputs: tensor numbers, in order.
    source: the user's line.
    phase: `forward`, `loss`, `gradient`, `update` or `initial`.
    layer: Keras's own class of the innermost layer that ran it, such as
      `Dropout`; None outside of layers, and in a graph.
  """

  op_type: str
  name: str
  scope: str
  attributes: Dict[str, object]
  inputs: Tuple[int, ...]
  outputs: Tuple[int, ...]
  source: Optional[str] = None
  phase: str = "forward"
  layer: Optional[str] = None


@dataclasses.dataclass(frozen=True, eq=False)
class Trace:
  """The ops of a run in execution order, and the tensors between them.

  Attributes:
    ops: in execution order.
    tensors: by number.
    outputs: tensor number by output path.
    complete: False where something could not be seen; then `notes` says what.
    notes: one sentence each.
    wanted: tensors whose values are to be kept when the trace is run again.
    only_wanted: leave the records of all others as they are, which saves most
      of the time.
    digests: have digests when the trace is run again.
  """

  ops: Tuple[OpRecord, ...]
  tensors: Tuple[TensorRecord, ...]
  outputs: Dict[str, int] = dataclasses.field(default_factory=dict)
  complete: bool = True
  notes: Tuple[str, ...] = ()
  wanted: Tuple[int, ...] = ()
  only_wanted: bool = False
  digests: bool = True
