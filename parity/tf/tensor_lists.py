"""What do TensorArrays and stacks pass on? Tensors, by their numbers.

The ops of TF1.x's TensorArray and of the stacks that its gradients keep need a
session's resources, but compute nothing: what was written is read again. Here
they are lists of tensor numbers. A scattered tensor is cut when it is read, a
gathered one is stacked; only the gradient's array adds, where it is written
twice.
"""

from __future__ import annotations

import abc
import dataclasses
from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

import numpy as np

from parity.records import trace as trace_lib


class Host(abc.ABC):
  """Who holds the values and writes down what ran."""

  @abc.abstractmethod
  def value(self, tensor: int) -> Any:
    """A tensor's value."""

  @abc.abstractmethod
  def add(
    self,
    op: trace_lib.OpRecord,
    inputs: Sequence[int],
    values: Sequence[Any],
    outputs: Sequence[int] = (),
  ) -> List[int]:
    """Writes an op down."""


@dataclasses.dataclass(frozen=True)
class _Slice:
  """A row of a scattered tensor that nobody has read yet."""

  tensor: int
  row: int


@dataclasses.dataclass(eq=False)
class _Array:
  """A TensorArray's elements, by position."""

  elements: Dict[int, Union[int, _Slice]]
  size: int
  is_sum: bool = False


class TensorLists:
  """The TensorArrays and stacks of a run, by the number of their handle."""

  def __init__(self, host: Host) -> None:
    self._host = host
    self._arrays: Dict[int, _Array] = {}
    self._gradients: Dict[Tuple[int, str], _Array] = {}
    self._stacks: Dict[int, List[int]] = {}

  def forget(self) -> None:
    """Forgets all: a loop that wrote to some of them could not be run."""
    self._arrays.clear()
    self._gradients.clear()
    self._stacks.clear()

  def run(
    self,
    op: trace_lib.OpRecord,
    inputs: Sequence[int],
    *,
    keep_numbers: bool,
  ) -> Optional[List[int]]:
    """Runs an op on a list.

    Args:
      op: any op.
      inputs: its operands.
      keep_numbers: whether its results have the trace's numbers; else new ones.

    Returns:
      Numbers of its results; None for another op, or where it cannot be run.
    """
    outputs = op.outputs if keep_numbers else ()
    if op.op_type == "TensorArrayV3":
      size = self._host.value(inputs[0])
      if size is None:
        return None
      made = self._host.add(op, inputs, [None] * len(op.outputs), outputs)
      self._arrays[made[0]] = _Array({}, int(size))
      return made
    if op.op_type == "StackV2":
      made = self._host.add(op, inputs, [None], outputs)
      self._stacks[made[0]] = []
      return made
    if op.op_type in ("StackPushV2", "StackPopV2"):
      return self._stack(op, inputs, outputs)
    action = _ACTIONS.get(op.op_type)
    array = self._arrays.get(inputs[0]) if inputs else None
    if action is None or array is None:
      return None
    return action(self, op, inputs, outputs, array)  # type: ignore[no-any-return]

  def _stack(
    self,
    op: trace_lib.OpRecord,
    inputs: Sequence[int],
    outputs: Sequence[int],
  ) -> Optional[List[int]]:
    stack = self._stacks.get(inputs[0])
    if stack is None or (op.op_type == "StackPopV2" and not stack):
      return None
    if op.op_type == "StackPopV2":
      tensor = stack.pop()
    else:
      tensor = inputs[1]
      stack.append(tensor)
    return self._passed(op, tensor, outputs)

  def _passed(
    self, op: trace_lib.OpRecord, tensor: int, outputs: Sequence[int]
  ) -> List[int]:
    """A tensor as it is; under the op's own number, where that is kept."""
    if not outputs:
      return [tensor]
    return self._host.add(op, [tensor], [self._host.value(tensor)], outputs)

  def _element(
    self, op: trace_lib.OpRecord, array: _Array, position: int
  ) -> Optional[int]:
    found = array.elements.get(position)
    if isinstance(found, _Slice):
      value = self._host.value(found.tensor)
      if value is None:
        return None
      plain = dataclasses.replace(op, outputs=op.outputs[:1])
      found = self._host.add(plain, [found.tensor], [value[found.row]])[0]
      array.elements[position] = found
    return found

  def _scatter(
    self,
    op: trace_lib.OpRecord,
    inputs: Sequence[int],
    outputs: Sequence[int],
    array: _Array,
  ) -> Optional[List[int]]:
    indices = self._host.value(inputs[1])
    if indices is None or (array.is_sum and array.elements):
      return None
    for row, position in enumerate(np.asarray(indices).reshape(-1)):
      array.elements[int(position)] = _Slice(inputs[2], row)
      array.size = max(array.size, int(position) + 1)
    return self._host.add(op, inputs, [None], outputs)

  def _read(
    self,
    op: trace_lib.OpRecord,
    inputs: Sequence[int],
    outputs: Sequence[int],
    array: _Array,
  ) -> Optional[List[int]]:
    position = self._host.value(inputs[1])
    if position is None:
      return None
    tensor = self._element(op, array, int(position))
    return None if tensor is None else self._passed(op, tensor, outputs)

  def _write(
    self,
    op: trace_lib.OpRecord,
    inputs: Sequence[int],
    outputs: Sequence[int],
    array: _Array,
  ) -> Optional[List[int]]:
    position = self._host.value(inputs[1])
    if position is None:
      return None
    tensor = inputs[2]
    if array.is_sum and int(position) in array.elements:
      before = self._element(op, array, int(position))
      if before is None:
        return None
      total = self._host.value(before) + self._host.value(tensor)
      plain = dataclasses.replace(op, op_type="AddV2")
      tensor = self._host.add(plain, [before, tensor], [total])[0]
    array.elements[int(position)] = tensor
    array.size = max(array.size, int(position) + 1)
    return self._host.add(op, inputs, [None], outputs)

  def _gather(
    self,
    op: trace_lib.OpRecord,
    inputs: Sequence[int],
    outputs: Sequence[int],
    array: _Array,
  ) -> Optional[List[int]]:
    indices = self._host.value(inputs[1])
    if indices is None:
      return None
    found = [
      self._element(op, array, int(position))
      for position in np.asarray(indices).reshape(-1)
    ]
    numbers = [tensor for tensor in found if tensor is not None]
    values = [self._host.value(tensor) for tensor in numbers]
    if (
      len(numbers) < len(found) or not values or any(v is None for v in values)
    ):
      return None
    return self._host.add(op, numbers, [np.stack(values)], outputs)

  def _size(
    self,
    op: trace_lib.OpRecord,
    inputs: Sequence[int],
    outputs: Sequence[int],
    array: _Array,
  ) -> Optional[List[int]]:
    return self._host.add(op, inputs, [np.int32(array.size)], outputs)

  def _gradient(
    self,
    op: trace_lib.OpRecord,
    inputs: Sequence[int],
    outputs: Sequence[int],
    array: _Array,
  ) -> Optional[List[int]]:
    key = (inputs[0], str(op.attributes.get("source")))
    found = self._gradients.setdefault(key, _Array({}, array.size, is_sum=True))
    made = self._host.add(op, inputs, [None] * len(op.outputs), outputs)
    self._arrays[made[0]] = found
    return made


_ACTIONS: Dict[str, Any] = {
  "TensorArrayGatherV3": TensorLists._gather,
  "TensorArrayGradV3": TensorLists._gradient,
  "TensorArrayReadV3": TensorLists._read,
  "TensorArrayScatterV3": TensorLists._scatter,
  "TensorArraySizeV3": TensorLists._size,
  "TensorArrayWriteV3": TensorLists._write,
}
