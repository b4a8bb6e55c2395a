"""How does a test of explaining get traces, without TensorFlow?

A `TraceMaker` runs a few ops in NumPy, float32, and notes them as a recorder
does; `replay` runs a trace of such ops again in float64, as a side does. So the
traces are real ones of a small machine: nothing of ours is mocked.

>>> made = TraceMaker()
>>> x = made.input("x", [1.0, -2.0])
>>> made.build(y=made.op("Relu", x)).tensors[1].value.tolist()
[1.0, 0.0]
"""

from __future__ import annotations

import dataclasses
from typing import Any, Callable, Dict, List, Optional, Tuple

import numpy as np

from parity.records import trace as trace_lib
from parity.tf.record import keeping


def _softmax(x: np.ndarray) -> np.ndarray:
  shifted = np.exp(x - np.max(x, axis=-1, keepdims=True))
  return np.asarray(shifted / np.sum(shifted, axis=-1, keepdims=True))


def _leaky_relu(x: np.ndarray, alpha: float = 0.2) -> np.ndarray:
  return np.where(x > 0, x, x * np.asarray(alpha, x.dtype))


def _axes(value: np.ndarray) -> Tuple[int, ...]:
  return tuple(int(axis) for axis in np.asarray(value).reshape(-1))


def _cast(x: np.ndarray, **attributes: Any) -> np.ndarray:
  return np.asarray(x).astype(attributes["DstT"])


_UNARY: Dict[str, Callable[..., np.ndarray]] = {
  "Abs": np.abs,
  "Exp": np.exp,
  "Relu": lambda x: np.maximum(x, 0),
  "Relu6": lambda x: np.clip(x, 0, 6),
  "Sqrt": lambda x: np.sqrt(np.abs(x)),
  "Square": np.square,
  "Tanh": np.tanh,
}

_BINARY: Dict[str, Callable[..., np.ndarray]] = {
  "AddV2": np.add,
  "MatMul": np.matmul,
  "Mul": np.multiply,
  "RealDiv": np.divide,
  "Sub": np.subtract,
}

KERNELS: Dict[str, Callable[..., np.ndarray]] = {
  **{name: lambda x, f=f, **_: f(x) for name, f in _UNARY.items()},
  **{name: lambda x, y, f=f, **_: f(x, y) for name, f in _BINARY.items()},
  "Cast": _cast,
  "L2Loss": lambda x, **_: np.sum(np.square(x)) / 2,
  "LeakyRelu": _leaky_relu,
  "Max": lambda x, axis, **_: np.max(x, axis=_axes(axis)),
  "Mean": lambda x, axis, **_: np.mean(x, axis=_axes(axis)),
  "Norm": lambda x, y, is_training=False: x - y if is_training else x + y,
  "Softmax": _softmax,
  "Sum": lambda x, axis, **_: np.sum(x, axis=_axes(axis)),
  "Transpose": lambda x, axes, **_: np.transpose(x, _axes(axes)),
}
"""What the small machine can do: by op type, on operands and attributes."""


class TraceMaker:
  """Runs ops, and notes them.

  Args:
    budget: bytes of values to keep; None for all.
    file: in which the user's lines are.
  """

  def __init__(
    self, *, budget: Optional[int] = None, file: str = "model.py"
  ) -> None:
    self._keeper = keeping.Keeper(
      values=True, budget=1 << 40 if budget is None else budget
    )
    self._file = file
    self._values: List[Optional[np.ndarray]] = []
    self._ops: List[trace_lib.OpRecord] = []

  def input(self, path: str, value: Any) -> int:
    """An input of the case."""
    return self._add(_array(value), root=f"input:{path}")

  def variable(self, name: str, value: Any) -> int:
    """A variable's value."""
    return self._add(_array(value), root=f"variable:{name}")

  def constant(self, value: Any) -> int:
    """A constant; a float becomes float32, an int int32."""
    return self._add(_array(value), root="constant")

  def op(self, op_type: str, *operands: int, **attributes: Any) -> int:
    """Runs an op with one result; `named`, `line`, `layer` are told apart.

    Args:
      op_type: of `KERNELS`, or any other with `gives`.
      *operands: numbers of tensors.
      **attributes: of the op; `named` is its name, `line` the user's line,
        `layer` a Keras layer's class, `gives` its result, which then nobody
        could see where it is None.
    """
    named = attributes.pop("named", f"net/{op_type}_{len(self._ops)}")
    line = attributes.pop("line", len(self._ops) + 1)
    layer = attributes.pop("layer", None)
    if "gives" in attributes:
      given = attributes.pop("gives")
      value = None if given is None else _array(given)
    else:
      value = run(op_type, [self._values[n] for n in operands], attributes)
    result = self._add(value, root="unseen" if value is None else None)
    self._ops.append(
      trace_lib.OpRecord(
        op_type=op_type,
        name=named,
        scope=named.rpartition("/")[0],
        attributes=attributes,
        inputs=tuple(operands),
        outputs=(result,),
        source=f"{self._file}:{line}",
        layer=layer,
      )
    )
    return result

  def add_result(self, result: int, value: Any) -> int:
    """One more result of the op that has a result; cannot be run again."""
    further = self._add(_array(value), root=None)
    place = next(i for i, op in enumerate(self._ops) if result in op.outputs)
    op = self._ops[place]
    self._ops[place] = dataclasses.replace(op, outputs=(*op.outputs, further))
    return further

  def build(self, **outputs: int) -> trace_lib.Trace:
    """The trace, with outputs by name."""
    for number in outputs.values():
      value = self._values[number]
      if value is not None:
        self._keeper.change(number, value=value, sketch=None)
    return trace_lib.Trace(
      ops=tuple(self._ops),
      tensors=tuple(
        self._keeper.records[number] for number in range(len(self._values))
      ),
      outputs=dict(outputs),
    )

  def _add(self, value: Optional[np.ndarray], *, root: Optional[str]) -> int:
    number = len(self._values)
    self._values.append(value)
    self._keeper.see(number, value, root=root)
    return number


def _array(value: Any) -> np.ndarray:
  array = np.asarray(value)
  wanted = {"f": np.float32, "i": np.int32}
  if isinstance(value, np.ndarray) or array.dtype.kind not in wanted:
    return array
  return array.astype(wanted[array.dtype.kind])


def run(
  op_type: str, operands: List[Optional[np.ndarray]], attributes: Any
) -> Optional[np.ndarray]:
  """An op's result; None where an operand or the kernel is not there."""
  if op_type not in KERNELS or any(o is None for o in operands):
    return None
  with np.errstate(all="ignore"):
    result = np.asarray(KERNELS[op_type](*operands, **attributes))
  first = operands[0]
  if first is not None and result.dtype.kind == "f" and op_type != "Cast":
    result = result.astype(first.dtype)
  return result


def replay(
  trace: trace_lib.Trace, *, budget: Optional[int] = None
) -> trace_lib.Trace:
  """Runs a trace again, in float64 where it was float32."""
  values: Dict[int, Optional[np.ndarray]] = {}
  keeper = keeping.Keeper(
    values=True, budget=1 << 40 if budget is None else budget
  )
  kept = {*trace.wanted, *trace.outputs.values()}
  is_complete = True

  def see(number: int, value: Optional[np.ndarray]) -> None:
    values[number] = value
    root = trace.tensors[number].root
    keeper.see(number, value, is_wanted=number in kept or root is not None)
    keeper.change(number, root=root)

  for op in trace.ops:
    for number in op.inputs:
      if number not in values:
        see(number, _widened(trace.tensors[number].value))
    attributes = dict(op.attributes)
    if attributes.get("DstT") == "float32":
      attributes["DstT"] = "float64"
    result = run(op.op_type, [values[n] for n in op.inputs], attributes)
    if result is None:
      result = _widened(trace.tensors[op.outputs[0]].value)
      is_complete = is_complete and trace_lib.is_draw(op.op_type)
    see(op.outputs[0], result)
  return dataclasses.replace(
    trace,
    tensors=tuple(
      keeper.records.get(number, record)
      for number, record in enumerate(trace.tensors)
    ),
    complete=is_complete,
  )


def _widened(value: Optional[np.ndarray]) -> Optional[np.ndarray]:
  if value is None or value.dtype != np.float32:
    return value
  return value.astype(np.float64)


def values(*shape: int, seed: int = 1) -> np.ndarray:
  """Distinct float32 values."""
  rng = np.random.RandomState(seed)
  return np.asarray(rng.normal(size=shape), np.float32)
