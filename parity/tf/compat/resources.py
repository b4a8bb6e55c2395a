"""What is behind a variable's handle, and in which scope does an op run?"""

from __future__ import annotations

import contextlib
import inspect
from typing import Any, Iterator, Optional

import numpy as np
import tensorflow as tf
from tensorflow.python.eager import context
from tensorflow.python.ops import gen_resource_variable_ops
from tensorflow.python.ops import resource_variable_ops

from parity.tf.compat import patching


@contextlib.contextmanager
def handles_of_one_kernel() -> Iterator[None]:
  """Handles of eager variables of one shape share a kernel (since 1.15).

  From 2.15 on the op that makes a handle has the variable's name as an
  attribute, for the runtime's messages, and so each variable gets a kernel of
  its own: that takes 0.6 ms instead of 0.06. Inside the scope the attribute is
  left out, as before 2.15. A variable's own name is the same, and so are ops
  that are put into a graph.

  Yields:
    Nothing.
  """
  original = gen_resource_variable_ops.var_handle_op
  if "debug_name" not in inspect.signature(original).parameters:
    yield
    return

  def unnamed(*args: Any, **kwargs: Any) -> Any:
    if kwargs.get("debug_name") and context.executing_eagerly():
      kwargs["debug_name"] = ""
    return original(*args, **kwargs)

  with patching.attribute_replaced(
    gen_resource_variable_ops, "var_handle_op", unnamed
  ):
    yield


def eager_scope_name() -> str:
  """The name scope in which an eager op runs now (since 2.0)."""
  return str(context.context().scope_name or "")


def has_value(variable: Any) -> bool:
  """Whether a variable that was just made outside of graphs has a value yet.

  One that is made inside a function, of a class of its own, gets it later.
  """
  # To ask every one takes as long as reading it.
  return _is_plain(variable) or bool(variable.is_initialized())


def read_variable(variable: Any) -> Any:
  """A variable's value as a tensor, by as few ops as its class allows."""
  if _is_plain(variable):
    return tf.raw_ops.ReadVariableOp(
      resource=variable.handle, dtype=variable.dtype
    )
  return variable.read_value()


def _is_plain(variable: Any) -> bool:
  return type(variable) is resource_variable_ops.ResourceVariable


def read_handle(handle: Any) -> Optional[np.ndarray]:
  """The value of the variable behind an eager resource; None where it has none.

  A resource may be something else, such as a table.
  """
  info = getattr(handle, "_handle_data", None)
  pairs = info.shape_and_type if info is not None and info.is_set else ()
  if not pairs:
    return None
  dtype = tf.dtypes.as_dtype(pairs[0].dtype)
  try:
    return np.asarray(
      tf.raw_ops.ReadVariableOp(resource=handle, dtype=dtype).numpy()
    )
  except tf.errors.OpError:
    return None
