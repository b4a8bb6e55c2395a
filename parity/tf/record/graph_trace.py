"""Which ops does a graph run? Those that the fetches depend on, with results.

1. The ops behind outputs, losses and updates are collected backwards, over data
   and control edges; construction order is execution order.
2. All their results are fetched in the one `session.run` that gives the
   outputs, with graph optimisation off: fetching a result would change what the
   optimiser does anyway, and a probe asks about the optimiser by itself.
3. Ops inside a loop or branch of TF1.x's control flow cannot be fetched: what
   enters and what leaves the loop is kept, as one op named for its frame.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Mapping, Optional, Sequence, Set, Tuple

import numpy as np
import tensorflow.compat.v1 as tf1

from parity.records import trace as trace_lib
from parity.tf import sources
from parity.tf.record import tracing

_ASSIGNS = (
  "Assign",
  "AssignAdd",
  "AssignSub",
  "AssignVariableOp",
  "AssignAddVariableOp",
  "AssignSubVariableOp",
)
_LOOP = "While"
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


def build(
  ops: Sequence[Any],
  values: Mapping[str, np.ndarray],
  targets: Targets,
  *,
  inputs: Mapping[str, str],
  initial: Mapping[str, np.ndarray],
  final: Mapping[str, np.ndarray],
  phases: Mapping[str, str],
  keep: bool,
) -> trace_lib.Trace:
  """Builds the trace.

  Args:
    ops: what `needed_ops` gave.
    values: result by tensor name, of those that could be fetched.
    targets: gives the trace's outputs.
    inputs: placeholder's tensor name by input path.
    initial: value by variable name, before the run.
    final: value by variable name, after the run.
    phases: phase by op name where it is not `forward`.
    keep: keep values.

  Returns:
    The trace, with outputs by path and `final:VARIABLE` for each update.
  """
  builder = tracing.TraceBuilder(keep=keep)
  for path, name in inputs.items():
    if name in values:
      builder.add(name, values[name], root=f"input:{path}")
  outputs: Dict[str, int] = {}
  for op in ops:
    variable = _variable_name(op, initial)
    if variable is not None:
      builder.add(
        op.outputs[0].name, initial[variable], root=f"variable:{variable}"
      )
    elif not _is_passing(op):
      _add_op(builder, op, values, final, phases, outputs)
    elif op.type == "Const":
      builder.add(
        op.outputs[0].name, values.get(op.outputs[0].name), root="constant"
      )
    else:
      builder.alias(op.outputs[0].name, _operand(builder, op.inputs[0]))
  for path, tensor in targets.outputs.items():
    outputs[path] = _operand(builder, tensor)
  return builder.build(outputs)


def _is_passing(op: Any) -> bool:
  """Whether an op is no computation: a constant, or the read of a variable."""
  return op.type in ("Const", "ReadVariableOp") or (
    op.type == "Identity" and op.inputs[0].op.type in _VARIABLES
  )


def _add_op(
  builder: tracing.TraceBuilder,
  op: Any,
  values: Mapping[str, np.ndarray],
  final: Mapping[str, np.ndarray],
  phases: Mapping[str, str],
  outputs: Dict[str, int],
) -> None:
  """Adds a computation or an assignment; the latter is an output as well."""
  if op.type in _ASSIGNS:
    place = _assign(builder, op, final, phases)
    name = _assigned(op)
    if name is not None and place is not None:
      outputs[f"final:{name}"] = place
  elif op.type not in _IDLE:
    _record(builder, op, values, phases)


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
  builder: tracing.TraceBuilder,
  op: Any,
  final: Mapping[str, np.ndarray],
  phases: Mapping[str, str],
) -> Optional[int]:
  name = _assigned(op)
  if name is None or name not in final:
    return None
  place = builder.add(("final", op.name), final[name])
  for tensor in op.outputs:
    builder.alias(tensor.name, place)
  operands = tuple(_operand(builder, tensor) for tensor in op.inputs)
  builder.op(_op_record(op, operands, (place,), phases))
  return place


def _record(
  builder: tracing.TraceBuilder,
  op: Any,
  values: Mapping[str, np.ndarray],
  phases: Mapping[str, str],
) -> None:
  operands = tuple(_operand(builder, tensor) for tensor in op.inputs)
  results = tuple(
    builder.add(
      tensor.name,
      values.get(tensor.name),
      root=None if tensor.name in values else "unseen",
    )
    for tensor in op.outputs
  )
  if results:
    builder.op(_op_record(op, operands, results, phases))


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
