"""Which ops does a graph run? Those that the fetches depend on, with results.

1. The ops behind outputs, losses and updates are collected backwards, over data
   and control edges; construction order is execution order.
2. All their results are seen (`observing`) in the one `session.run` that gives
   the outputs, with graph optimisation off: looking at a result would change
   what the optimiser does anyway, and a probe asks about the optimiser itself.
3. Ops inside a loop or branch of TF1.x's control flow cannot be fetched: what
   enters and what leaves the loop is kept, as one op named for its frame.
"""

from __future__ import annotations

import dataclasses
from typing import (
  Any,
  Collection,
  Dict,
  List,
  Mapping,
  Optional,
  Sequence,
  Set,
  Tuple,
)

import numpy as np
import tensorflow.compat.v1 as tf1

from parity.records import trace as trace_lib
from parity.tf import assigning
from parity.tf import sources
from parity.tf.record import keeping
from parity.tf.record import tracing

_IDLE = ("Placeholder", "NoOp")
_PASSING = ("Exit", "Switch", "Merge", "Enter", "NextIteration", "Identity")
_VARIABLES = ("VariableV2", "Variable", "VarHandleOp")


@dataclasses.dataclass(frozen=True, eq=False)
class Targets:
  """What a trace must reach: tensor by output path, and update ops."""

  outputs: Mapping[str, Any]
  updates: Sequence[Any] = ()


def needed_ops(targets: Targets) -> List[Any]:
  """The ops that the targets depend on, in construction order."""
  stack = [tensor.op for tensor in targets.outputs.values()]
  stack += list(targets.updates)
  seen: Set[Any] = set()
  names: Dict[str, Any] = {}
  while stack:
    op = stack.pop()
    if op.name in seen:
      continue
    seen.add(op.name)
    names[op.name] = op
    stack.extend(tensor.op for tensor in op.inputs)
    stack.extend(op.control_inputs)
  graph = next(iter(names.values())).graph
  places = {op.name: i for i, op in enumerate(graph.get_operations())}
  return sorted(names.values(), key=lambda op: places[op.name])


def at_places(ops: Sequence[Any], places: Collection[str]) -> List[Any]:
  """The computations on one of these source lines, or in one of the scopes."""
  chosen = frozenset(places)
  return [
    op
    for op in ops
    if op.type not in _IDLE
    and op.type not in _VARIABLES
    and not _is_passing(op)
    and (
      op.name.rpartition("/")[0] in chosen
      or sources.user_source(op.traceback) in chosen
    )
  ]


def fetchable(ops: Sequence[Any]) -> List[Any]:
  """The results that a session can fetch."""
  return [
    tensor
    for op in ops
    for tensor in op.outputs
    if op.graph.is_fetchable(tensor) and _has_value(tensor)
  ]


def _has_value(tensor: Any) -> bool:
  # What enters a loop belongs to the loop's frame, which a fetch cannot reach.
  if tensor.op.type in ("Enter", "RefEnter"):
    return False
  base = tensor.dtype.base_dtype
  return base not in (tf1.resource, tf1.variant) and not _is_flow(tensor)


def _is_flow(tensor: Any) -> bool:
  """Whether a tensor only orders the accesses to a TensorArray."""
  seen = set()
  while tensor.op.type in _PASSING and tensor.op.name not in seen:
    seen.add(tensor.op.name)
    tensor = tensor.op.inputs[0]
  op = tensor.op
  if op.type in ("TensorArrayWriteV3", "TensorArrayScatterV3"):
    return True
  return op.type == "TensorArrayV3" and tensor.name != f"{op.name}:2"


@dataclasses.dataclass(frozen=True, eq=False)
class Seen:
  """What a run told of a graph.

  Attributes:
    tensors: what was recorded, by tensor name.
    inputs: placeholder's tensor name by input path.
    initial: value by variable name, before the run.
    final: value by variable name, after the run.
    phases: phase by op name where it is not `forward`.
  """

  tensors: keeping.Keeper
  inputs: Mapping[str, str]
  initial: Mapping[str, np.ndarray]
  final: Mapping[str, np.ndarray]
  phases: Mapping[str, str]


def build(ops: Sequence[Any], seen: Seen, targets: Targets) -> trace_lib.Trace:
  """Builds the trace.

  Args:
    ops: what `needed_ops` gave.
    seen: what the run told.
    targets: gives the trace's outputs.

  Returns:
    The trace, with outputs by path and `final:VARIABLE` for each update.
  """
  builder = tracing.TraceBuilder(seen.tensors)
  outputs = _fill(builder, ops, seen, targets)
  return builder.build(outputs)


def names_of(
  numbers: Collection[int],
  ops: Sequence[Any],
  targets: Targets,
  *,
  names: Sequence[str],
  seen: Seen,
) -> Set[str]:
  """The names of the tensors that get these numbers in the trace.

  Args:
    numbers: of tensors.
    ops: what `needed_ops` gave.
    targets: what the trace must reach.
    names: of the tensors that will be seen.
    seen: with the keys, but not yet the values, of a run.
  """
  if not numbers:
    return set()
  blank = keeping.Keeper(values=False, budget=0)
  for name in names:
    blank.see(name, None)
  builder = tracing.TraceBuilder(blank)
  _fill(builder, ops, dataclasses.replace(seen, tensors=blank), targets)
  keys = builder.keys()
  return {str(keys[number]) for number in numbers if number < len(keys)}


def _fill(
  builder: tracing.TraceBuilder,
  ops: Sequence[Any],
  seen: Seen,
  targets: Targets,
) -> Dict[str, int]:
  """Adds every op; gives the outputs' numbers."""
  for path, name in seen.inputs.items():
    if name in seen.tensors.records:
      builder.add_seen(name, root=f"input:{path}")
  outputs: Dict[str, int] = {}
  for op in ops:
    variable = _variable_name(op, seen.initial)
    if variable is not None:
      builder.add(
        op.outputs[0].name, seen.initial[variable], root=f"variable:{variable}"
      )
    elif not _is_passing(op):
      _add_op(builder, op, seen, outputs)
    elif op.type == "Const":
      name = op.outputs[0].name
      if name in seen.tensors.records:
        builder.add_seen(name, root="constant")
      else:
        # Inside a loop it cannot be fetched, but the graph holds it.
        builder.add(name, _constant(op), root="constant")
    else:
      builder.alias(op.outputs[0].name, _operand(builder, op.inputs[0]))
  for path, tensor in targets.outputs.items():
    outputs[path] = _operand(builder, tensor)
  return outputs


def _add(
  builder: tracing.TraceBuilder,
  name: str,
  seen: Seen,
  *,
  root: Optional[str] = None,
) -> int:
  """Numbers a tensor, seen or not."""
  if name in seen.tensors.records:
    return builder.add_seen(name, root=root)
  return builder.add(name, None, root=root or "unseen")


def is_value_of(op: Any, variables: Mapping[str, Any]) -> bool:
  """Whether an op is one of these variables, or reads one."""
  if _is_passing(op) and op.type != "Const":
    op = op.inputs[0].op
  return _variable_name(op, variables) is not None


def _is_passing(op: Any) -> bool:
  """Whether an op is no computation: a constant, or the read of a variable."""
  return op.type in ("Const", "ReadVariableOp") or (
    op.type == "Identity" and op.inputs[0].op.type in _VARIABLES
  )


def _constant(op: Any) -> np.ndarray:
  return np.asarray(tf1.make_ndarray(op.get_attr("value")))


def _add_op(
  builder: tracing.TraceBuilder,
  op: Any,
  seen: Seen,
  outputs: Dict[str, int],
) -> None:
  """Adds a computation or an assignment; the latter is an output as well."""
  if op.type in assigning.FORMULAS:
    place = _assign(builder, op, seen)
    name = _assigned(op)
    if name is not None and place is not None:
      outputs[f"final:{name}"] = place
  elif op.type not in _IDLE:
    _record(builder, op, seen)


def _variable_name(op: Any, initial: Mapping[str, Any]) -> Optional[str]:
  return op.name if op.type in _VARIABLES and op.name in initial else None


def _operand(builder: tracing.TraceBuilder, tensor: Any) -> int:
  place = builder.number(tensor.name)
  if place is None:
    place = builder.add(tensor.name, None, root="unseen")
  return place


def _assigned(op: Any) -> Optional[str]:
  source = op.inputs[0].op
  return source.name if source.type in _VARIABLES else None


def _assign(
  builder: tracing.TraceBuilder, op: Any, seen: Seen
) -> Optional[int]:
  name = _assigned(op)
  if name is None or name not in seen.final:
    return None
  place = builder.add(("final", op.name), seen.final[name])
  for tensor in op.outputs:
    builder.alias(tensor.name, place)
  operands = tuple(_operand(builder, tensor) for tensor in op.inputs)
  builder.op(_op_record(op, operands, (place,), seen.phases))
  return place


def _record(builder: tracing.TraceBuilder, op: Any, seen: Seen) -> None:
  if trace_lib.is_table(op.type):
    return
  inputs = tracing.data_operands(op.type, op.inputs)
  operands = tuple(_operand(builder, tensor) for tensor in inputs)
  results = tuple(_add(builder, tensor.name, seen) for tensor in op.outputs)
  if results:
    builder.op(_op_record(op, operands, results, seen.phases))


def _op_record(
  op: Any,
  operands: Tuple[int, ...],
  results: Tuple[int, ...],
  phases: Mapping[str, str],
) -> trace_lib.OpRecord:
  return trace_lib.OpRecord(
    op_type=op.type,
    name=op.name,
    scope=op.name.rpartition("/")[0],
    attributes=tracing.plain_attributes(
      op.type, [(name, _attribute(op, name)) for name in op.node_def.attr]
    ),
    inputs=operands,
    outputs=results,
    source=sources.user_source(op.traceback),
    phase=phases.get(op.name, "forward"),
  )


def _attribute(op: Any, name: str) -> Any:
  try:
    return op.get_attr(name)
  except ValueError:
    return "?"
