"""How do TF-Slim's published networks run without a graph? By these mends.

TF-Slim keeps end points and batch norm's statistics in the collections of the
default graph. Below the shim there is no graph of one's own, and three things
break:

1. `batch_norm(variables_collections=...)` asks `variable in collection`, which
   compares values where tensor equality is on (inception).
2. `max_pool2d(outputs_collections=...)` names the end point by
   `ops.name_scope`, which yields None in eager mode (vgg).
3. Collections outlive the call: they grow with each, and a `tf.function` finds
   the tensors of another there.

`eager_collections` gives TF-Slim, for one call, collections of its own, that
compare by identity, and a name scope that says its name.
"""

from __future__ import annotations

import contextlib
from typing import Any, Dict, Iterator, List, Optional, Union

import tensorflow.compat.v1 as tf
from tf_slim.layers import layers
from tf_slim.layers import utils

_Names = Union[None, str, List[str]]


class _Collection(List[Any]):
  """A list that finds an element by identity."""

  def __contains__(self, element: object) -> bool:
    return any(element is own for own in self)


class _Ops:
  """TensorFlow's `ops` module with collections of its own.

  Args:
    ops: the module, asked for everything else.
  """

  Tensor = tf.Tensor  # Gone from `ops` since TF 2.15.

  def __init__(self, ops: Any) -> None:
    self._ops = ops
    self._collections: Dict[str, _Collection] = {}

  def __getattr__(self, name: str) -> Any:
    return getattr(self._ops, name)

  def get_collection(self, name: str) -> _Collection:
    return self._collections.setdefault(name, _Collection())

  get_collection_ref = get_collection

  def add_to_collection(self, name: str, value: Any) -> None:
    self.get_collection(name).append(value)

  def add_to_collections(self, names: _Names, value: Any) -> None:
    names = [names] if isinstance(names, str) else names or []
    for name in names:
      self.add_to_collection(name, value)

  @contextlib.contextmanager
  def name_scope(
    self,
    name: Optional[str],
    default_name: Optional[str] = None,
    values: Any = None,
  ) -> Iterator[str]:
    """Yields `SCOPE/NAME/` below the current variable scope."""
    with tf.name_scope(name, default_name, values):
      scope = tf.get_variable_scope().name
      yield f"{scope}/{name or default_name}/".lstrip("/")


@contextlib.contextmanager
def eager_collections() -> Iterator[None]:
  """Lets TF-Slim's layers run in eager mode; restores them at the end."""
  own = _Ops(layers.ops)
  theirs = [(module, module.ops) for module in (layers, utils)]
  try:
    for module, _ in theirs:
      module.ops = own
    yield
  finally:
    for module, ops in theirs:
      module.ops = ops
