"""Does TensorFlow run ops now, or build them, and can one watch?"""

from __future__ import annotations

from typing import Any, ContextManager

from tensorflow.python.eager import context
from tensorflow.python.framework import ops


def is_eager() -> bool:
  """Whether an op made now runs at once (since 1.7)."""
  return bool(context.executing_eagerly())


def eager_mode() -> ContextManager[None]:
  """Eager mode inside the scope, also where the process builds graphs."""
  return context.eager_mode()


def default_graph() -> Any:
  """The graph that an op made now goes into; in eager mode, an idle one."""
  return ops.get_default_graph()


def is_function_graph(graph: Any) -> bool:
  """Whether a graph is the body of a function, not one that a session runs."""
  return hasattr(graph, "structured_outputs") or hasattr(graph, "captures")
