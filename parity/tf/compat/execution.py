"""Does TensorFlow run ops now, or build them, and can one watch?"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import (
  Any,
  Callable,
  ContextManager,
  Dict,
  Iterator,
  List,
  Optional,
  Tuple,
)

import tensorflow as tf
from tensorflow.python.eager import context
from tensorflow.python.framework import func_graph
from tensorflow.python.framework import op_callbacks
from tensorflow.python.framework import ops

from parity.tf.compat import definitions


# Not frozen: of these there are as many as ops, and that costs.
@dataclasses.dataclass(eq=False)
class OpEvent:
  """An op that has just run, or has just been put into a graph.

  Attributes:
    op_type: such as `RandomUniform`; of a function call, the function's name.
    inputs: its tensors.
    attributes: by name; plain values in eager mode, AttrValue in a graph.
    outputs: its tensors.
    name: the op's name in a graph, None in eager mode.
    graph: the graph it was put into, None in eager mode.
  """

  op_type: str
  inputs: Tuple[Any, ...]
  attributes: Dict[str, Any]
  outputs: Tuple[Any, ...]
  name: Optional[str]
  graph: Optional[Any]


def is_eager() -> bool:
  """Whether an op made now runs at once (since 1.7)."""
  return bool(context.executing_eagerly())


def eager_mode() -> ContextManager[None]:
  """Eager mode inside the scope, also where the process builds graphs."""
  return context.eager_mode()  # type: ignore[no-any-return]


def default_graph() -> Any:
  """The graph that an op made now goes into.

  In eager mode it is an idle one, or that of the trace that `init_scope` left.
  """
  return ops.get_default_graph()


def is_function_graph(graph: Any) -> bool:
  """Whether a graph is the body of a function, not one that a session runs."""
  return isinstance(graph, func_graph.FuncGraph)


def outer_graph(graph: Any) -> Optional[Any]:
  """The graph in which a function's graph is traced, None outside of one."""
  return getattr(graph, "outer_graph", None)


def is_scratch_graph(graph: Any) -> bool:
  """Whether Keras 2 builds this graph to learn shapes, and never runs it."""
  name = str(getattr(graph, "name", ""))
  return name == "keras_graph" or name.endswith("_scratch_graph")


def can_watch_ops() -> bool:
  """Whether ops can be watched as they run (since 2.1)."""
  return hasattr(context.context(), "op_callbacks")


def can_inline_functions() -> bool:
  """Whether the body of a `tf.function` can be built in place (since 2.3)."""
  return hasattr(tf.config, "functions_run_eagerly")


@contextlib.contextmanager
def functions_inlined() -> Iterator[None]:
  """A `tf.function` called inside runs its body in place (since 2.3).

  In a graph its ops become ops of that graph. On an older TensorFlow the scope
  does nothing.
  """
  if not can_inline_functions():
    yield
    return
  before = tf.config.functions_run_eagerly()
  tf.config.run_functions_eagerly(True)
  try:
    yield
  finally:
    tf.config.run_functions_eagerly(before)


@contextlib.contextmanager
def ops_watched(
  watcher: Callable[[OpEvent], None],
  *,
  chosen: Callable[[str, bool], bool] = lambda *_: True,
) -> Iterator[None]:
  """Tells of every op that this thread runs, or puts into a graph (since 2.1).

  Ops that run inside a function or a session are not told of, only their being
  put into its graph. On an older TensorFlow the scope tells nothing.

  Args:
    watcher: is called after the op; its exceptions pass to the op's caller. Ops
      that it runs itself are not told of.
    chosen: from an op's type, and whether it runs now, to whether it is told
      of.

  Yields:
    Nothing.
  """
  if not can_watch_ops():
    yield
    return
  watching = [False]

  def callback(
    op_type: Any,
    inputs: Any,
    attrs: Any,
    outputs: Any,
    op_name: Any = None,
    graph: Any = None,
  ) -> None:
    if watching[0]:
      return
    # Of a call that leaves the fast path, the type comes as bytes.
    text = op_type.decode() if isinstance(op_type, bytes) else str(op_type)
    if not chosen(text, graph is None):
      return
    watching[0] = True
    try:
      pairs = attrs or ()
      watcher(
        OpEvent(
          op_type=text,
          inputs=tuple(inputs),
          attributes=dict(zip(pairs[::2], pairs[1::2])),
          outputs=tuple(outputs),
          name=op_name if graph is not None else None,
          graph=graph,
        )
      )
    finally:
      watching[0] = False

  op_callbacks.add_op_callback(callback)
  try:
    yield
  finally:
    op_callbacks.remove_op_callback(callback)


def run_again(event: OpEvent) -> None:
  """Runs an eager op of an event once more, through the same kernel.

  TensorFlow keeps the kernel of an eager op by its attributes, so a stateful op
  run again takes the next numbers of its stream.

  Args:
    event: of an op that ran in eager mode.

  Raises:
    ValueError: the op can't be called anew from what the event holds.
  """
  function = getattr(tf.raw_ops, event.op_type, None)
  names = definitions.input_names(event.op_type)
  if function is None or len(names) != len(event.inputs):
    raise ValueError(f"{event.op_type} can't be run again.")
  settings = definitions.settable_attributes(event.op_type)
  function(
    **dict(zip(names, event.inputs)),
    **{k: v for k, v in event.attributes.items() if k in settings},
  )


def run_op(
  op_type: str, inputs: List[Any], attributes: Dict[str, Any], outputs: int
) -> List[Any]:
  """Runs one op by its registered name (since 2.0).

  Args:
    op_type: such as `Conv2D`.
    inputs: eager tensors, lists laid flat.
    attributes: all that the kernel needs, dtypes as enum numbers.
    outputs: how many results it has.

  Returns:
    Eager tensors.

  Raises:
    tf.errors.OpError: the kernel does not exist, or raised.
  """
  from tensorflow.python.eager import execute

  flat: List[Any] = []
  for name in sorted(attributes):
    flat.extend((name, attributes[name]))
  found = execute.execute(
    op_type.encode(), outputs, inputs, tuple(flat), context.context()
  )
  return list(found)
