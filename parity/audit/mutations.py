"""Which small mistakes could a port hold? Mutations of single ops of a trace.

Each is what a person gets wrong when porting: operands in another order, a
kernel transposed, another activation, an epsilon, a rate or a slope, a bias
left out, an axis, a bound, the seed of a draw, an update that nobody runs. A
mutation never changes a result's shape, since a port that does cannot be
overlooked.

A mutated op has other attributes or operands (a negative operand stands for
`value`), or it is gone: then its first result is `alias`, another tensor of the
trace, or `value`.

To add another kind: a word in `records.audit.KINDS`, a function here that
yields it, and a test with a twin for which nothing is proposed.
"""

from __future__ import annotations

import dataclasses
from typing import Callable, Dict, Iterator, List, Optional, Tuple

import numpy as np

from parity.records import trace as trace_lib

_PHASES = ("forward", "update", "loss")
_ORDERED = ("Sub", "RealDiv", "Div", "DivNoNan", "FloorDiv", "FloorMod", "Pow")
_PRODUCTS = ("MatMul", "BatchMatMulV2", "BatchMatMul")
_JOINS = ("ConcatV2", "Pack")
_CONVOLUTIONS = ("Conv2D", "DepthwiseConv2dNative", "Conv2DBackpropInput")
# Which activation another one is easily taken for.
_ACTIVATIONS = {
  "Elu": "Relu",
  "LeakyRelu": "Relu",
  "Relu": "Elu",
  "Relu6": "Relu",
  "Selu": "Elu",
  "Sigmoid": "Tanh",
  "Softplus": "Relu",
  "Softsign": "Tanh",
  "Tanh": "Sigmoid",
}
_BOUNDS = {
  "Greater": "GreaterEqual",
  "GreaterEqual": "Greater",
  "Less": "LessEqual",
  "LessEqual": "Less",
}
_REDUCTIONS = ("All", "Any", "Max", "Mean", "Min", "Prod", "Sum", "ArgMax")
_SETTINGS = ("alpha", "beta", "bias", "epsilon")
_ASSIGNS = (
  "AssignVariableOp",
  "AssignAddVariableOp",
  "AssignSubVariableOp",
)
# Below this a constant that is added guards against zero.
_LARGEST_GUARD = 1e-2


@dataclasses.dataclass(frozen=True, eq=False)
class Mutation:
  """One change of one op.

  Attributes:
    number: of the op in its trace.
    kind: a word of `records.audit.KINDS`.
    what: what is changed, in a few words.
    op: the changed op, None where it is gone.
    alias: the tensor that takes the place of a gone op's first result.
    value: for a negative operand, or in the place of a gone op's first result.
  """

  number: int
  kind: str
  what: str
  op: Optional[trace_lib.OpRecord] = None
  alias: Optional[int] = None
  value: Optional[np.ndarray] = None


def propose(trace: trace_lib.Trace) -> List[Mutation]:
  """Every mutation of the ops that the outputs depend on.

  Args:
    trace: the port's, with values.

  Returns:
    In execution order.
  """
  needed = _needed(trace)
  found: List[Mutation] = []
  for number, op in enumerate(trace.ops):
    if number not in needed or op.phase not in _PHASES or not op.outputs:
      continue
    for propose_kind in _KINDS:
      found.extend(propose_kind(number, op, trace))
  return found


def _needed(trace: trace_lib.Trace) -> Dict[int, int]:
  """The ops on which an output depends."""
  made_by = {t: n for n, op in enumerate(trace.ops) for t in op.outputs}
  stack = list(trace.outputs.values())
  found: Dict[int, int] = {}
  while stack:
    number = made_by.get(stack.pop())
    if number is not None and number not in found:
      found[number] = number
      stack.extend(trace.ops[number].inputs)
  return found


def _value(trace: trace_lib.Trace, tensor: int) -> Optional[np.ndarray]:
  value = trace.tensors[tensor].value
  return None if value is None else np.asarray(value)


def _shape(trace: trace_lib.Trace, tensor: int) -> Tuple[int, ...]:
  return tuple(trace.tensors[tensor].shape)


def _is_constant(trace: trace_lib.Trace, tensor: int) -> bool:
  return trace.tensors[tensor].root == "constant"


def _is_variable(trace: trace_lib.Trace, tensor: int) -> bool:
  return (trace.tensors[tensor].root or "").startswith("variable:")


def _reordered(op: trace_lib.OpRecord, *places: int) -> trace_lib.OpRecord:
  inputs = list(op.inputs)
  for place, source in zip(sorted(places), places):
    inputs[place] = op.inputs[source]
  return dataclasses.replace(op, inputs=tuple(inputs))


def _with_value(op: trace_lib.OpRecord, place: int) -> trace_lib.OpRecord:
  inputs = (*op.inputs[:place], -1, *op.inputs[place + 1 :])
  return dataclasses.replace(op, inputs=inputs)


def _with_attribute(
  op: trace_lib.OpRecord, name: str, value: object
) -> trace_lib.OpRecord:
  return dataclasses.replace(op, attributes={**op.attributes, name: value})


def _swapped(
  number: int, op: trace_lib.OpRecord, trace: trace_lib.Trace
) -> Iterator[Mutation]:
  if op.op_type not in (*_ORDERED, *_PRODUCTS, *_JOINS) or len(op.inputs) < 2:
    return
  first, second = op.inputs[:2]
  if first == second or _shape(trace, first) != _shape(trace, second):
    return
  shape = _shape(trace, first)
  if op.op_type in _PRODUCTS and shape[-1:] != shape[-2:-1]:
    return
  yield Mutation(
    number, "swapped_operands", "operands 0 and 1", _reordered(op, 1, 0)
  )


def _transposed(
  number: int, op: trace_lib.OpRecord, trace: trace_lib.Trace
) -> Iterator[Mutation]:
  if len(op.inputs) < 2 or not _is_variable(trace, op.inputs[1]):
    return
  kernel = _value(trace, op.inputs[1])
  if kernel is None:
    return
  if op.op_type == "MatMul" and kernel.shape[0] == kernel.shape[1] > 1:
    flipped = not op.attributes.get("transpose_b", False)
    changed = _with_attribute(op, "transpose_b", flipped)
    yield Mutation(number, "transposed_kernel", "transpose_b", changed)
  if op.op_type not in _CONVOLUTIONS or kernel.ndim != 4:
    return
  for a, b, what in ((0, 1, "height and width"), (2, 3, "channels")):
    if kernel.shape[a] == kernel.shape[b] > 1:
      yield Mutation(
        number,
        "transposed_kernel",
        what,
        _with_value(op, 1),
        value=np.swapaxes(kernel, a, b).copy(),
      )


def _activation(
  number: int, op: trace_lib.OpRecord, unused_trace: trace_lib.Trace
) -> Iterator[Mutation]:
  other = _ACTIVATIONS.get(op.op_type)
  if other is not None:
    attributes = {"T": op.attributes.get("T", "float32")}
    yield Mutation(
      number,
      "other_activation",
      f"{other} for {op.op_type}",
      dataclasses.replace(op, op_type=other, attributes=attributes),
    )


def _dropped(
  number: int, op: trace_lib.OpRecord, trace: trace_lib.Trace
) -> Iterator[Mutation]:
  """A bias that is not added, a constant factor that is left out."""
  if len(op.inputs) != 2:
    return
  result = _shape(trace, op.outputs[0])
  for place, operand in enumerate(op.inputs):
    other = op.inputs[1 - place]
    if _shape(trace, other) != result:
      continue
    if op.op_type in ("Add", "AddV2", "BiasAdd") and (
      _is_variable(trace, operand) and not _is_variable(trace, other)
    ):
      name = (trace.tensors[operand].root or "").partition(":")[2]
      yield Mutation(number, "dropped_bias", name, alias=other)
      return
    factor = _value(trace, operand)
    if (
      op.op_type in ("Mul", "RealDiv")
      and (op.op_type == "Mul" or place == 1)
      and _is_constant(trace, operand)
      and factor is not None
      and factor.size == 1
      and factor.dtype.kind == "f"
      and factor.reshape(-1)[0] != 1
    ):
      what = f"factor {factor.reshape(-1)[0]:g}"
      yield Mutation(number, "dropped_factor", what, alias=other)
      return


def _constants(
  number: int, op: trace_lib.OpRecord, trace: trace_lib.Trace
) -> Iterator[Mutation]:
  """A number of one element, ten times as large where it is a mere guard."""
  if op.op_type in _ASSIGNS:
    return
  for place, operand in enumerate(op.inputs):
    old = _value(trace, operand)
    if (
      not _is_constant(trace, operand)
      or old is None
      or old.size != 1
      or old.dtype.kind != "f"
      or not np.isfinite(old).all()
    ):
      continue
    number_ = float(old.reshape(-1)[0])
    if number_ == 0 or op.op_type in ("Fill", "Cast"):
      continue
    is_guard = 0 < number_ < _LARGEST_GUARD
    new = number_ * (10 if is_guard else 1.1)
    yield Mutation(
      number,
      "other_constant",
      f"{new:g} for {number_:g}",
      _with_value(op, place),
      value=np.full(old.shape, new, old.dtype),
    )


def _attributes(
  number: int, op: trace_lib.OpRecord, trace: trace_lib.Trace
) -> Iterator[Mutation]:
  for name in _SETTINGS:
    value = op.attributes.get(name)
    if isinstance(value, float) and value != 0:
      new = value * (10 if name == "epsilon" else 1.5)
      yield Mutation(
        number,
        "other_attribute",
        f"{name} {new:g} for {value:g}",
        _with_attribute(op, name, new),
      )
  if op.attributes.get("padding") != "SAME":
    return
  same_size = (
    _shape(trace, op.inputs[0])[1:3] == (_shape(trace, op.outputs[0])[1:3])
  )
  dilations, window = op.attributes.get("dilations"), op.attributes.get("ksize")
  if op.op_type == "Conv2D" and same_size and dilations == (1, 1, 1, 1):
    kernel = _shape(trace, op.inputs[1])
    if kernel[:2] != (1, 1) and op.attributes.get("data_format") == "NHWC":
      changed = _with_attribute(op, "dilations", (1, 2, 2, 1))
      yield Mutation(number, "other_attribute", "dilation 2 for 1", changed)
  if isinstance(window, tuple) and len(window) == 4 and same_size:
    wider = (window[0], window[1] + 1, window[2] + 1, window[3])
    if op.attributes.get("data_format") == "NHWC":
      changed = _with_attribute(op, "ksize", wider)
      yield Mutation(number, "other_attribute", f"window {wider[1:3]}", changed)


def _axes(
  number: int, op: trace_lib.OpRecord, trace: trace_lib.Trace
) -> Iterator[Mutation]:
  if op.op_type not in _REDUCTIONS or len(op.inputs) != 2:
    return
  old, shape = _value(trace, op.inputs[1]), _shape(trace, op.inputs[0])
  if old is None or old.size != 1 or not shape:
    return
  axis = int(old.reshape(-1)[0]) % len(shape)
  for other, length in enumerate(shape):
    if other != axis and length == shape[axis] > 1:
      kept = [n for i, n in enumerate(shape) if i != axis]
      if kept == [n for i, n in enumerate(shape) if i != other]:
        yield Mutation(
          number,
          "other_axis",
          f"axis {other} for {axis}",
          _with_value(op, 1),
          value=np.full(old.shape, other, old.dtype),
        )
        return


def _bounds(
  number: int, op: trace_lib.OpRecord, unused_trace: trace_lib.Trace
) -> Iterator[Mutation]:
  other = _BOUNDS.get(op.op_type)
  if other is not None:
    yield Mutation(
      number,
      "shifted_bound",
      f"{other} for {op.op_type}",
      dataclasses.replace(op, op_type=other),
    )


def _draws(
  number: int, op: trace_lib.OpRecord, trace: trace_lib.Trace
) -> Iterator[Mutation]:
  if not trace_lib.is_draw(op.op_type):
    return
  drawn = _value(trace, op.outputs[0])
  if drawn is not None and drawn.size > 1:
    yield Mutation(
      number,
      "shifted_draw",
      "the draws of the next element",
      value=np.roll(drawn.reshape(-1), 1).reshape(drawn.shape),
    )


def _updates(
  number: int, op: trace_lib.OpRecord, trace: trace_lib.Trace
) -> Iterator[Mutation]:
  if op.op_type in _ASSIGNS and _value(trace, op.inputs[0]) is not None:
    root = trace.tensors[op.inputs[0]].root or ""
    name = root.partition(":")[2] or op.op_type
    yield Mutation(number, "skipped_update", name, alias=op.inputs[0])


_KINDS: Tuple[
  Callable[[int, trace_lib.OpRecord, trace_lib.Trace], Iterator[Mutation]], ...
] = (
  _swapped,
  _transposed,
  _activation,
  _dropped,
  _constants,
  _attributes,
  _axes,
  _bounds,
  _draws,
  _updates,
)
