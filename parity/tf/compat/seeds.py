"""Where does a random op get its seed, and how does its stream start over?"""

from __future__ import annotations

import sys
from typing import Any, Callable, ContextManager, Optional, Tuple

import tensorflow.compat.v1 as tf1
from tensorflow.core.framework import attr_value_pb2
from tensorflow.python.eager import context
from tensorflow.python.framework import random_seed

from parity.tf.compat import patching

# (0, 0) means "no seed" to the kernels; TensorFlow itself avoids it so.
_INSTEAD_OF_ZERO = (0, 2**31 - 1)

Seeds = Tuple[int, int]


def seeds_replaced(
  get_seed: Callable[[Optional[int]], Seeds],
) -> ContextManager[None]:
  """Gives every stateful random op its seeds from here (since 1.0).

  Args:
    get_seed: from the op seed that the op's caller asked for (or None) to graph
      seed and op seed.

  Returns:
    A context manager.
  """

  def replaced(op_seed: Optional[int]) -> Seeds:
    # Since 2.5 dropout with rate 0 takes a seed and draws nothing; TF1.x takes
    # none there, nor does a port without that dropout.
    if sys._getframe(1).f_code.co_name == "dummy_rng_step":
      return _INSTEAD_OF_ZERO
    return get_seed(op_seed)

  # The module, not the public name: random ops ask the module.
  return patching.attribute_replaced(random_seed, "get_seed", replaced)


def usable(graph_seed: int, op_seed: int) -> Seeds:
  """The pair itself, or TensorFlow's own replacement where it means no seed."""
  if graph_seed == 0 and op_seed == 0:
    return _INSTEAD_OF_ZERO
  return graph_seed, op_seed


def set_seed(seed: int) -> None:
  """Sets the global seed: in eager mode every random stream starts over.

  In eager mode TensorFlow drops all kernels that it keeps, and with them the
  streams of eager random ops and of functions. In a graph it is the graph's
  seed, and no stream is touched.

  Args:
    seed: the seed.
  """
  tf1.set_random_seed(seed)


def streams() -> Any:
  """An object that is the same until eager streams start over (since 1.13)."""
  # TensorFlow makes it when the first seed is set.
  return getattr(context.context(), "_rng", context.context())


def set_op_seed(op: Any, number: int) -> None:
  """Gives a random op of a graph another op seed.

  Sessions that ran the op before fail at their next run.
  """
  op._set_attr("seed2", attr_value_pb2.AttrValue(i=number))
