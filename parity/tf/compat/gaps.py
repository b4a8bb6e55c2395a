"""What did later TensorFlows drop that TF-Slim still asks for?

Each function puts what is missing in its place, for good, and nothing else. It
says whether that was needed; a second call says the same and does nothing.
"""

from __future__ import annotations

from typing import Any, Callable, List

import tensorflow as tf
import tensorflow.compat.v1 as tf1
from tensorflow.python.framework import ops
from tensorflow.python.layers import normalization

from parity.tf.compat import release


class _LoadedWhenUsed:
  """Stands for a module that is loaded when an attribute of it is asked for."""

  def __init__(self, load: Callable[[], Any]) -> None:
    self._load = load

  def __getattr__(self, name: str) -> Any:
    return getattr(self._load(), name)


def provide_normalization_layers(load: Callable[[], Any]) -> bool:
  """Gives TensorFlow's `layers.normalization` the module it asks for.

  From 2.15 on it asks for `tf_keras.legacy_tf_layers.normalization`, which no
  tf_keras has (keras#18839).

  Args:
    load: gives the module; is called when batch normalisation is first used.

  Returns:
    Whether it is missing without this.
  """
  found = getattr(normalization, "normalization", None)
  if isinstance(found, _LoadedWhenUsed):
    return True
  # A lazy loader that has loaded puts the module itself in its own place.
  if (
    getattr(found, "__name__", "") != "tf_keras.legacy_tf_layers.normalization"
  ):
    return False
  normalization.normalization = _LoadedWhenUsed(load)
  return True


def provide_ops_tensor() -> bool:
  """Gives TensorFlow's `framework.ops` the name `Tensor` (gone in 2.15)."""
  if not hasattr(ops, "Tensor"):
    ops.Tensor = tf.Tensor
  # Where it is at home it was made there.
  return ops.Tensor.__module__ != ops.__name__


class _ByIdentity(List[Any]):
  """A list in which a thing is found by identity, not by equality."""

  def __contains__(self, wanted: object) -> bool:
    return any(item is wanted for item in self)


class _OpsWithIdentity:
  """TensorFlow's `framework.ops`, its collections searched by identity."""

  def __getattr__(self, name: str) -> Any:
    return getattr(ops, name)

  def get_collection(self, *args: Any, **kwargs: Any) -> List[Any]:
    """As TensorFlow's, but `in` compares by identity, as in TF1.x."""
    return _ByIdentity(ops.get_collection(*args, **kwargs))


def search_collections_by_identity(module: Any) -> bool:
  """Lets a module ask `variable in collection` in TF2 behaviour too.

  In TF2 variables compare by value, and the question raises (since 2.0).

  Args:
    module: has TensorFlow's `framework.ops` under the name `ops`.

  Returns:
    Whether the module asks at all.
  """
  found = getattr(module, "ops", None)
  if found is ops:
    module.ops = _OpsWithIdentity()
  return found is ops or isinstance(found, _OpsWithIdentity)


def provide_nested_compat() -> bool:
  """Gives `tf.compat.v1` its own `compat.v1` and `compat.v2` (since 2.0)."""
  if not hasattr(tf1.compat, "v1"):
    tf1.compat.v1 = tf.compat.v1
    tf1.compat.v2 = tf.compat.v2
  return not release.is_at_least(2, 0)
