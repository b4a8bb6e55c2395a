"""What does the TF1.x side construct? Its forward pass in a fresh graph.

1. The case's `tf1` is called once for a training flag, with placeholders that
   are fed (a constant input lets the graph optimiser fold the network away) and
   random ops seeded by their number.
2. Everything a run needs is kept by *name*, so that one construction serves
   several modes: the constant mode is the same GraphDef with other seeds.
3. Later stages, such as gradients, add to the same graph.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import AbstractSet, Any, Dict, Iterator, List, Sequence, Tuple

import numpy as np
import tensorflow.compat.v1 as tf1

from parity import case as case_lib
from parity import errors
from parity.records import recording as recording_lib
from parity.tf import nests
from parity.tf import random_ops
from parity.tf import randomness
from parity.tf import sources
from parity.tf import usercode
from parity.tf.compat import execution
from parity.tf.record import inputs as inputs_lib
from parity.tf.record import outputs as outputs_lib


@dataclasses.dataclass(frozen=True, eq=False)
class GraphVariable:
  """A variable, and the names that a session needs for it."""

  record: recording_lib.VariableRecord
  read: str
  initializer: str
  initial_value: str


_CALLS = ("PartitionedCall", "StatefulPartitionedCall")


@dataclasses.dataclass(frozen=True, eq=False)
class BuiltGraph:
  """A constructed forward pass.

  Attributes:
    graph: the graph it was built in.
    fed: the nest of placeholders that `tf1` was given.
    placeholders: tensor name by input path.
    inputs: the arrays to feed by input path.
    nest: what `tf1` returned.
    outputs: place and source of each output, value not yet there.
    output_names: tensor name by output path.
    losses: name and source of each regularisation loss, value not yet there.
    loss_names: their tensor names, in the same order.
    updates: op names of UPDATE_OPS.
    variables: the global variables, in creation order.
    final_reads: by variable name, the tensor name of its value after outputs
      and, in training, updates, of those that may be assigned.
    other_initializers: op names: local variables and tables.
    random_ops: in order of construction.
    seed: of the random ops.
    next_op_seed: the op seed of a random op that is added next.
    gradients: the loss and gradients, once they were added to the graph.
    trainers: the ops of an optimizer's update, once they were added.
  """

  graph: Any
  fed: Any
  placeholders: Dict[str, str]
  inputs: Dict[str, np.ndarray]
  nest: Any
  outputs: Tuple[recording_lib.OutputRecord, ...]
  output_names: Dict[str, str]
  losses: Tuple[recording_lib.LossRecord, ...]
  loss_names: Tuple[str, ...]
  updates: Tuple[str, ...]
  variables: Tuple[GraphVariable, ...]
  final_reads: Dict[str, str]
  other_initializers: Tuple[str, ...]
  random_ops: Tuple[recording_lib.RandomOpRecord, ...]
  seed: int
  next_op_seed: int
  gradients: List[Any] = dataclasses.field(default_factory=list)
  trainers: List[Any] = dataclasses.field(default_factory=list)


def build(
  case: case_lib.Case, *, training: bool, seed: int, inline: bool = False
) -> BuiltGraph:
  """Constructs the case's tf1 side in a fresh graph.

  Args:
    case: has a `tf1`.
    training: passed to `tf1`.
    seed: of the inputs and of the random ops.
    inline: build the bodies of functions in place of their calls.

  Returns:
    The graph, with the names that a session needs.

  Raises:
    CaseCodeError: `tf1` or `inputs` raised.
    CaseError: `tf1` returned no tensor.
  """
  tool = randomness.DeterministicRandomTestTool(
    seed=seed, mode="num_random_ops"
  )
  arrays = usercode.call("inputs", inputs_lib.make_inputs, case, seed)
  graph = tf1.Graph()
  with contextlib.ExitStack() as stack:
    stack.enter_context(graph.as_default())
    stack.enter_context(tool.scope())
    if inline:
      stack.enter_context(execution.functions_inlined())
    fed = nests.map_leaves(_placeholder, arrays)
    forward = usercode.call("tf1", case_lib.resolve_side, case, "tf1")
    result = usercode.call("tf1", forward, fed, training)
    leaves = [
      nests.Leaf(leaf.path, outputs_lib.graph_tensor(leaf, graph))
      for leaf in outputs_lib.dense_leaves(result)
    ]
    if not leaves:
      raise errors.CaseError(
        f"tf1 returned no tensor, found {result!r}; return a nest of tensors."
      )
    keys = tf1.GraphKeys
    trainable = _names(graph.get_collection(keys.TRAINABLE_VARIABLES))
    created = graph.get_collection(keys.GLOBAL_VARIABLES)
    variables = tuple(_graph_variable(v, trainable) for v in created)
    updates = graph.get_collection(keys.UPDATE_OPS)
    final_reads = _final_reads(created, leaves, updates if training else [])
  positions = {op.name: i for i, op in enumerate(graph.get_operations())}
  losses = graph.get_collection(keys.REGULARIZATION_LOSSES)
  names = frozenset(v.record.name for v in variables)
  return BuiltGraph(
    graph=graph,
    fed=fed,
    placeholders={leaf.path: leaf.value.name for leaf in nests.flatten(fed)},
    inputs=inputs_lib.by_path(arrays),
    nest=result,
    outputs=tuple(_output_record(leaf, positions) for leaf in leaves),
    output_names={leaf.path: leaf.value.name for leaf in leaves},
    losses=tuple(_loss_record(loss, names) for loss in losses),
    loss_names=tuple(loss.name for loss in losses),
    updates=tuple(getattr(u, "op", u).name for u in updates),
    variables=variables,
    final_reads=final_reads,
    other_initializers=_other_initializers(graph),
    random_ops=random_ops.random_ops_of_graph(graph),
    seed=seed,
    next_op_seed=tool.operation_seed,
  )


def has_calls(built: BuiltGraph) -> bool:
  """Whether a graph calls functions, into which a trace cannot look."""
  return any(op.type in _CALLS for op in built.graph.get_operations())


@contextlib.contextmanager
def extended(built: BuiltGraph) -> Iterator[None]:
  """What is added inside follows `tf1`, its random ops as well."""
  tool = randomness.DeterministicRandomTestTool(
    seed=built.seed, mode="num_random_ops", on_escape="ignore"
  )
  tool.operation_seed = built.next_op_seed
  with built.graph.as_default(), tool.scope():
    yield


def _plain(name: str) -> str:
  return name[:-2] if name.endswith(":0") else name


def _names(variables: List[Any]) -> List[str]:
  return [_plain(v.name) for v in variables]


def _placeholder(path: str, array: np.ndarray) -> Any:
  dtype = tf1.string if array.dtype.kind in "OSU" else array.dtype
  name = "".join(c if c.isalnum() or c in "_-/." else "_" for c in path)
  return tf1.placeholder(dtype, array.shape, name=f"inputs/{name}")


def _output_record(
  leaf: nests.Leaf, positions: Dict[str, int]
) -> recording_lib.OutputRecord:
  op = leaf.value.op
  return recording_lib.OutputRecord(
    path=leaf.path,
    value=np.zeros(()),
    order=positions[op.name],
    op=op.name,
    op_type=op.type,
    source=sources.user_source(op.traceback),
  )


def _loss_record(
  loss: Any, variables: AbstractSet[str]
) -> recording_lib.LossRecord:
  """A loss; TF1 makes that of a variable's regularizer below its name."""
  parts = loss.name.split("/Regularizer/")
  # What stands before any of them: a scope may have that name as well.
  before = ["/Regularizer/".join(parts[:n]) for n in range(1, len(parts))]
  owners = [name for name in before if name in variables]
  return recording_lib.LossRecord(
    name=_plain(loss.name),
    value=np.zeros(()),
    variable=owners[0] if len(owners) == 1 else None,
    source=sources.user_source(loss.op.traceback),
  )


def _graph_variable(variable: Any, trainable: List[str]) -> GraphVariable:
  name = _plain(variable.name)
  dtype = variable.dtype.base_dtype
  source = sources.user_source(variable.op.traceback)
  if not variable.shape.is_fully_defined():
    raise errors.CaseError(
      f"Variable {name} of tf1, made at {source}, has the shape"
      f" {variable.shape}, which is not fully known; give its initial value a"
      " static shape, since variables are compared by shape."
    )
  record = recording_lib.VariableRecord(
    name=name,
    tf1_name=name,
    shape=tuple(variable.shape.as_list()),
    dtype=dtype.name,
    trainable=name in trainable,
    source=source,
  )
  initializer = variable.initializer
  return GraphVariable(
    record=record,
    read=variable.value().name,
    initializer=initializer.name,
    initial_value=initializer.inputs[1].name,
  )


# Consumers of a variable's handle that do not change it.
_READS = frozenset(
  (
    "ReadVariableOp",
    "ResourceGather",
    "ResourceGatherNd",
    "VarIsInitializedOp",
    "VariableShape",
  )
)


def _may_be_assigned(variable: Any) -> bool:
  """Whether anything but its initialiser may change the variable in a run."""
  own = variable.initializer.name
  handle = variable.op.outputs[0]
  is_resource = handle.dtype == tf1.resource
  for op in handle.consumers():
    if op.name == own:
      continue
    if is_resource:
      if op.type not in _READS:
        return True
    elif op.inputs[0] is handle and op.op_def.input_arg[0].is_ref:
      return True
  return False


def _final_reads(
  variables: Sequence[Any], leaves: Sequence[nests.Leaf], updates: Sequence[Any]
) -> Dict[str, str]:
  """Reads of what may be assigned, waiting for every output and update."""
  # One op to wait for, or each of many reads would wait for each of many ops.
  with tf1.control_dependencies([*updates, *(leaf.value for leaf in leaves)]):
    done = tf1.no_op(name="parity/done")
  assigned = [variable for variable in variables if _may_be_assigned(variable)]
  with tf1.control_dependencies([done]):
    return {
      _plain(variable.name): tf1.identity(
        variable.read_value(), name="parity/final"
      ).name
      for variable in assigned
    }


def _other_initializers(graph: Any) -> Tuple[str, ...]:
  keys = tf1.GraphKeys
  local = graph.get_collection(keys.LOCAL_VARIABLES)
  tables = graph.get_collection(keys.TABLE_INITIALIZERS)
  globals_ = graph.get_collection(keys.GLOBAL_VARIABLES)
  known = {id(v) for v in globals_}
  found = [v.initializer.name for v in local if id(v) not in known]
  return tuple(found + [op.name for op in tables])
