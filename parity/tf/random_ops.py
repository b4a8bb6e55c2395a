"""Which ops of a graph are random, and where do their seeds come from?

Three kinds:

1. *Stateful* ops, those of TF1.x, have the attributes `seed` and `seed2`. They
   ask TensorFlow's `get_seed`, so the random tool can align them.
2. *Generator* ops belong to `tf.random.Generator`, and keep their own state.
3. *Stateless* ops get the seed as a tensor.

Ops of the latter two never ask for a seed: they escape the alignment, except a
stateless op that the user calls with a seed of their own, which gives the same
numbers wherever it runs. A seed is not the user's own when Keras calls the op,
or when it comes out of a variable or of another random op.
"""

from __future__ import annotations

import contextlib
import functools
import re
from typing import Any, Dict, Iterator, List, Optional, Set, Tuple

import tensorflow.compat.v1 as tf1

from parity.records import recording as recording_lib
from parity.tf import sources
from parity.tf.compat import definitions
from parity.tf.compat import seeds
from parity.tf.compat import variables as compat_variables

STATEFUL = "stateful"
GENERATOR = "generator"
STATELESS = "stateless"

_GENERATOR_OP = re.compile(
  r"^(NonDeterministicInts|Stateful(Uniform|StandardNormal|TruncatedNormal"
  r"|UniformInt|UniformFullInt|RandomBinomial|StandardNormalV2))$"
)
_STATELESS_OP = re.compile(
  r"^(RandomIndexShuffle|Stateless(Random(?!Get)|TruncatedNormal|Multinomial"
  r"|ParameterizedTruncatedNormal|SampleDistorted|Shuffle).*)$"
)

# What has the attributes of a seed and yet draws nothing: it hashes candidates
# that were drawn before, or lays out weights.
_DRAWS_NOTHING = re.compile(
  r"^(ComputeAccidentalHits|CudnnRNN(CanonicalToParams|ParamsSize"
  r"|ParamsToCanonical)(V\d+)?)$"
)

# What reads a state that changes from call to call.
STATE_READERS = frozenset((
  "ReadVariableOp", "RngReadAndSkip", "RngSkip", "VariableV2", "Variable",
))  # fmt: skip

# Ops that call functions of the graph's library.
_CALLERS = frozenset((
  "Case", "For", "If", "PartitionedCall", "RemoteCall", "StatelessCase",
  "StatefulPartitionedCall", "StatelessIf", "StatelessWhile", "While",
))  # fmt: skip

_KERAS = ("keras", "tf_keras")


@functools.lru_cache(maxsize=None)
def kind_of(op_type: str) -> Optional[str]:
  """The kind of random op that a type is, None where it is not random.

  >>> kind_of("RandomUniform"), kind_of("StatelessRandomUniformV2")
  ('stateful', 'stateless')
  >>> kind_of("StatelessIf") is None
  True
  """
  if _GENERATOR_OP.match(op_type):
    return GENERATOR
  if _STATELESS_OP.match(op_type):
    return STATELESS
  if _DRAWS_NOTHING.match(op_type):
    return None
  if {"seed", "seed2"} <= definitions.attribute_names(op_type):
    return STATEFUL
  return None


def seed_input(op_type: str, inputs: Tuple[Any, ...]) -> Optional[Any]:
  """The tensor that a stateless op takes its seed from."""
  for name in ("seed", "key"):
    if name in definitions.input_names(op_type):
      return inputs[definitions.input_names(op_type).index(name)]
  return None


def is_keras_calling(stack: sources.Stack = None) -> bool:
  """Whether Keras is what calls TensorFlow here: its own choice of seed."""
  return sources.caller_of_tensorflow(stack) in _KERAS


def ancestors(op: Any) -> Iterator[Any]:
  """An op of a graph and all ops that its inputs depend on."""
  seen: Set[Any] = set()
  waiting = [op]
  while waiting:
    here = waiting.pop()
    if here.name in seen:
      continue
    seen.add(here.name)
    yield here
    waiting.extend(tensor.op for tensor in here.inputs)


def depends_on_state(op: Any) -> bool:
  """Whether a graph's op depends on a variable's value or a random op."""
  return any(
    o.type in STATE_READERS or kind_of(o.type) is not None
    for o in ancestors(op)
  )


def random_ops_of_graph(
  graph: Any, *, seed: Optional[int] = None
) -> Tuple[recording_lib.RandomOpRecord, ...]:
  """The random ops of a constructed graph, in the order of construction.

  Args:
    graph: a graph, or the body of a function.
    seed: the random tool's seed; then a stateful op with another graph seed
      counts as escaped. None takes every op seed as it is.

  Returns:
    One record an op; `op_seed` is None for those that escape the alignment.
    Ops in the graph's functions (control flow of 2.x) come last.

  >>> with tf1.Graph().as_default() as graph:
  ...   unused = tf1.random.uniform([2, 3], seed=7)
  >>> [(op.op_type, op.shape, op.op_seed) for op in random_ops_of_graph(graph)]
  [('RandomUniform', (2, 3), 7)]
  """
  found: List[recording_lib.RandomOpRecord] = []
  calls = False
  initialised = _initialised_variables(graph)
  for op in graph.get_operations():
    calls = calls or op.type in _CALLERS
    kind = kind_of(op.type)
    if kind is None or _is_idle(op.type, op.get_attr):
      continue
    if kind == STATELESS and not _escapes(op):
      continue
    op_seed = None
    if kind == STATEFUL:
      op_seed = _op_seed(op.get_attr("seed"), op.get_attr("seed2"), seed)
    output = op.outputs[0]
    found.append(
      recording_lib.RandomOpRecord(
        index=len(found),
        op_type=op.type,
        name=op.name,
        shape=plain_shape(output),
        dtype=output.dtype.name,
        op_seed=op_seed,
        variable=initialised.get(op.name),
        source=sources.user_source(op.traceback),
        loop=_loops_around(op),
      )
    )
  if calls:
    library = graph.as_graph_def().library
    found.extend(_library_records(library, len(found), seed))
  return tuple(found)


@contextlib.contextmanager
def constant_seeds(
  graph: Any, *, seed: int = 42, op_seed: int = 0
) -> Iterator[Any]:
  """A graph with the seeds of the random tool's constant mode.

  So one construction under `num_random_ops` serves both modes. The seeds are
  set in the graph itself and put back at the end; a session that ran it before
  must not run inside, nor one from inside afterwards. A graph that calls
  functions gives a copy instead, since their bodies can't be changed.

  Args:
    graph: built under a DeterministicRandomTestTool of the same seed.
    seed: the tool's seed; ops with another graph seed stay as they are.
    op_seed: the tool's `operation_seed`.

  Yields:
    The graph to run: ops have the same names.
  """
  if any(op.type in _CALLERS for op in graph.get_operations()):
    yield _with_constant_seeds(graph, seed=seed, op_seed=op_seed)
    return
  before = {
    op: op.get_attr("seed2")
    for op in graph.get_operations()
    if kind_of(op.type) == STATEFUL and op.get_attr("seed") == seed
  }
  try:
    for op in before:
      seeds.set_op_seed(op, op_seed)
    yield graph
  finally:
    for op, number in before.items():
      seeds.set_op_seed(op, number)


def _with_constant_seeds(graph: Any, *, seed: int, op_seed: int) -> Any:
  """A copy of a graph and its functions with other op seeds."""
  graph_def = graph.as_graph_def(add_shapes=True)
  nodes = list(graph_def.node)
  for function in graph_def.library.function:
    nodes.extend(function.node_def)
  for node in nodes:
    if kind_of(node.op) == STATEFUL and node.attr["seed"].i == seed:
      node.attr["seed2"].i = op_seed
  copy = tf1.Graph()
  with copy.as_default():
    tf1.import_graph_def(graph_def, name="")
  return copy


def plain_shape(tensor: Any) -> Tuple[int, ...]:
  """A tensor's static shape; -1 where a size is unknown, () without a rank."""
  if tensor.shape.rank is None:
    return ()
  return tuple(-1 if n is None else n for n in tensor.shape.as_list())


def is_idle_event(op_type: str, attributes: Dict[str, Any]) -> bool:
  """Whether a random op draws nothing, such as a cuDNN cell's dropout of 0."""
  return _is_idle(op_type, attributes.get)


def _is_idle(op_type: str, get: Any) -> bool:
  if not op_type.startswith("CudnnRNN"):
    return False
  dropout = get("dropout")
  return not float(getattr(dropout, "f", dropout) or 0.0)


def _escapes(op: Any) -> bool:
  if is_keras_calling(op.traceback):
    return True
  tensor = seed_input(op.type, tuple(op.inputs))
  return tensor is None or depends_on_state(tensor.op)


def _loops_around(op: Any) -> Optional[str]:
  """Names of the LoopConds of the TF1.x loops in which an op stands."""
  context = getattr(op, "_control_flow_context", None)
  found: List[str] = []
  while context is not None:
    if context.IsWhileContext():
      found.insert(0, str(context.pivot.op.name))
    context = context.outer_context
  return " ".join(found) or None


def _op_seed(seed: int, seed2: int, expected: Optional[int]) -> Optional[int]:
  if seed == 0 and seed2 == 0:
    return None
  if expected is not None and seed != expected:
    return None
  return int(seed2)


def _initialised_variables(graph: Any) -> Dict[str, str]:
  """By random op's name, the variable whose initialiser it feeds."""
  found: Dict[str, str] = {}
  keys = tf1.GraphKeys
  variables = graph.get_collection(keys.GLOBAL_VARIABLES)
  variables = variables + graph.get_collection(keys.LOCAL_VARIABLES)
  for variable in variables:
    initializer = getattr(variable, "initializer", None)
    if initializer is None or getattr(initializer, "graph", None) is not graph:
      continue
    for op in ancestors(initializer):
      if kind_of(op.type) is not None:
        found.setdefault(op.name, compat_variables.variable_name(variable))
  return found


def _library_records(
  library: Any, start: int, seed: Optional[int]
) -> Iterator[recording_lib.RandomOpRecord]:
  """The random nodes of a graph's functions; no more than the nodes say."""
  index = start
  for function in library.function:
    for node in function.node_def:
      kind = kind_of(node.op)
      if kind is None or kind == STATELESS:
        continue
      op_seed = None
      if kind == STATEFUL:
        op_seed = _op_seed(node.attr["seed"].i, node.attr["seed2"].i, seed)
      yield recording_lib.RandomOpRecord(
        index=index,
        op_type=node.op,
        name=f"{function.signature.name}/{node.name}",
        shape=(),
        dtype=tf1.as_dtype(node.attr["dtype"].type or tf1.float32).name,
        op_seed=op_seed,
      )
      index += 1
