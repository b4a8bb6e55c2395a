"""What did running a side give? Plain arrays and text, no framework object.

Names are written without `:0`. Values are NumPy arrays; a `source` is
`file:line` of the user's own code, or None where it is not known.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, Optional, Tuple

import numpy as np

from parity.records import request as request_lib
from parity.records import trace as trace_lib


@dataclasses.dataclass(frozen=True)
class Identity:
  """Everything outside the case that can change a number.

  Attributes:
    cell: the cell's name, such as `tf2.21`, or `local`.
    versions: version by package: python, tensorflow, keras, tf_keras, numpy...
    build: TensorFlow's git version and compiler.
    device: `cpu`, or the name of the accelerator.
    cpu: the processor's model and its instruction sets.
    switches: numerics switches by name: oneDNN, TF32, determinism, threads...
    numerics: the policy, `default` or `strict`.
  """

  cell: str = "local"
  versions: Dict[str, str] = dataclasses.field(default_factory=dict)
  build: str = ""
  device: str = "cpu"
  cpu: str = ""
  switches: Dict[str, str] = dataclasses.field(default_factory=dict)
  numerics: str = "default"


@dataclasses.dataclass(frozen=True, eq=False)
class VariableRecord:
  """A variable, in creation order.

  Attributes:
    name: its own name.
    tf1_name: its name after the case's `rename`; on the tf1 side, `name`.
    shape: its static shape.
    dtype: its dtype's name, such as `float32`.
    trainable: whether the side counts it as trainable.
    tracked: whether the port tracks it (always true on the tf1 side).
    call: the call that created it, 1-based; 0 before the first call.
    source: the user's line that created it.
    initial: its value before the run's first computation.
    final: its value after the run and its updates.
  """

  name: str
  tf1_name: str
  shape: Tuple[int, ...]
  dtype: str
  trainable: bool
  tracked: bool = True
  call: int = 0
  source: Optional[str] = None
  initial: Optional[np.ndarray] = None
  final: Optional[np.ndarray] = None


@dataclasses.dataclass(frozen=True, eq=False)
class OutputRecord:
  """An output by its path in the nest, such as `1/Conv2d_1a_3x3`.

  Attributes:
    path: where in the nest; `output` for a bare tensor.
    value: its value.
    order: place in execution order among all ops of the side, -1 unknown.
    op: name of the op that made it, None in eager mode.
    op_type: that op's type.
    source: the user's line that made it.
  """

  path: str
  value: np.ndarray
  order: int = -1
  op: Optional[str] = None
  op_type: Optional[str] = None
  source: Optional[str] = None


@dataclasses.dataclass(frozen=True, eq=False)
class LossRecord:
  """One regularisation loss.

  Attributes:
    name: the loss's op on the tf1 side, the layer's path on the tf2 side.
    value: a scalar.
    variable: the tf1-side name of the variable it penalises, where known.
    source: the user's line that asked for it.
  """

  name: str
  value: np.ndarray
  variable: Optional[str] = None
  source: Optional[str] = None


@dataclasses.dataclass(frozen=True)
class RandomOpRecord:
  """One random op, in the order in which its seed was taken.

  Attributes:
    index: its place in that order.
    op_type: such as `RandomUniform`; `unknown` where only the seed was seen.
    name: the op's name, or the scope in eager mode.
    shape: of its result.
    dtype: of its result.
    op_seed: the op seed it was given; None where it escaped the alignment.
    variable: the variable that it initialises, None inside the forward pass.
    source: the user's line.
    value: what it drew, where the Request asks for `draws`.
    loop: in a loop of a graph it draws anew in each round: names of the ops
      that decide on another round, the outermost loop first, a blank between
      them. Where the Request asks for `draws`, there is a record a round.
  """

  index: int
  op_type: str
  name: str
  shape: Tuple[int, ...]
  dtype: str
  op_seed: Optional[int]
  variable: Optional[str] = None
  source: Optional[str] = None
  value: Optional[np.ndarray] = dataclasses.field(default=None, compare=False)
  loop: Optional[str] = None


@dataclasses.dataclass(frozen=True, eq=False)
class GradientRecord:
  """d loss / d variable.

  Attributes:
    variable: the variable's tf1-side name.
    value: dense, of the variable's shape; None where there is no gradient.
    sparse: whether the side gave IndexedSlices (summed into `value`).
  """

  variable: str
  value: Optional[np.ndarray]
  sparse: bool = False


@dataclasses.dataclass(frozen=True, eq=False)
class StepRecord:
  """One optimizer update.

  Attributes:
    loss: the loss before the update.
    variables: value after the update by tf1-side variable name.
    slots: value after the update by `variable/slot`, in the side's own form.
    gradients: the gradient of this step by tf1-side variable name.
  """

  loss: np.ndarray
  variables: Dict[str, np.ndarray]
  slots: Dict[str, np.ndarray]
  gradients: Dict[str, np.ndarray] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, eq=False)
class OptimizerRecord:
  """An optimizer as the side made it.

  Attributes:
    class_name: such as `tensorflow.python.training.adam.AdamOptimizer`.
    settings: every hyperparameter by its common name, as text or number.
    source: the user's line that made it.
  """

  class_name: str
  settings: Dict[str, object]
  source: Optional[str] = None


@dataclasses.dataclass(frozen=True)
class CheckpointEntry:
  """An entry of a name-based checkpoint.

  Attributes:
    name: the name of the variable that was saved.
    shape: its shape.
    dtype: its dtype's name.
  """

  name: str
  shape: Tuple[int, ...]
  dtype: str


@dataclasses.dataclass(frozen=True)
class CheckpointRecord:
  """What became of each entry of a checkpoint, and of each variable.

  Attributes:
    restored: tf1-side variable names that got a value.
    left: tf1-side variable names that found no entry.
    unused: entries that no variable took.
    mismatched: variable names whose entry has another shape or dtype.
    entries: what the checkpoint holds.
  """

  restored: Tuple[str, ...] = ()
  left: Tuple[str, ...] = ()
  unused: Tuple[str, ...] = ()
  mismatched: Tuple[str, ...] = ()
  entries: Tuple[CheckpointEntry, ...] = ()


@dataclasses.dataclass(frozen=True, eq=False)
class Recording:
  """What one Request gave.

  Attributes:
    request: what was asked.
    identity: where it ran.
    inputs: input by path.
    variables: in creation order.
    outputs: in the nest's order.
    losses: regularisation losses.
    random_ops: in the order their seeds were taken; escaped ones included.
    loss: the case's loss, where asked for.
    gradients: where asked for.
    optimizer: where asked for.
    steps: one record an update.
    checkpoint: where weights came from one.
    trace: where asked for.
    notes: what the reader must know, one sentence each.
    seconds: how long the run took.
  """

  request: request_lib.Request
  identity: Identity
  inputs: Dict[str, np.ndarray] = dataclasses.field(default_factory=dict)
  variables: Tuple[VariableRecord, ...] = ()
  outputs: Tuple[OutputRecord, ...] = ()
  losses: Tuple[LossRecord, ...] = ()
  random_ops: Tuple[RandomOpRecord, ...] = ()
  loss: Optional[np.ndarray] = None
  gradients: Tuple[GradientRecord, ...] = ()
  optimizer: Optional[OptimizerRecord] = None
  steps: Tuple[StepRecord, ...] = ()
  checkpoint: Optional[CheckpointRecord] = None
  trace: Optional[trace_lib.Trace] = None
  notes: Tuple[str, ...] = ()
  seconds: float = 0.0
