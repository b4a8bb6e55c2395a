"""What is behind a variable's handle, and in which scope does an op run?"""

from __future__ import annotations

from typing import Any, Optional

import numpy as np
import tensorflow as tf
from tensorflow.python.eager import context


def eager_scope_name() -> str:
  """The name scope in which an eager op runs now (since 2.0)."""
  return str(context.context().scope_name or "")


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
