"""Which Keras is here, and can it draw its random numbers as TF1.x does?

Keras 2 comes as `keras` up to TensorFlow 2.15 and as `tf_keras` besides; from
2.16 on `keras` is Keras 3, and `tf.keras` is Keras 2 only where tf_keras is
installed and `TF_USE_LEGACY_KERAS=1` was set before TensorFlow was imported.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import types
from typing import Any, Callable, Dict, Iterator, List, Optional

import tensorflow as tf

from parity.tf.compat import patching
from parity.tf.compat import release


def asks_for_legacy_keras() -> bool:
  """Whether the environment asks TensorFlow for tf_keras (since 2.15)."""
  value = os.environ.get("TF_USE_LEGACY_KERAS", "")
  return value.lower() in ("1", "true") and release.is_at_least(2, 15)


def keras2() -> Optional[Any]:
  """`tf.keras` where that is Keras 2, else None. Loads it."""
  try:
    package = tf.keras.layers.Layer.__module__.split(".")[0]
  except (ImportError, AttributeError):
    return None
  if package == "keras":
    version = str(importlib.import_module("keras").__version__)
    return tf.keras if version.startswith("2.") else None
  # Inside TensorFlow up to 2.5, and in tf_keras, there is no other Keras.
  return tf.keras


def keras3() -> Optional[Any]:
  """The package `keras` where that is Keras 3, else None. Loads it."""
  if not release.is_at_least(2, 16):
    return None
  try:
    keras = importlib.import_module("keras")
  except ImportError:
    return None
  return keras if not str(keras.__version__).startswith("2.") else None


def _backends() -> List[Any]:
  """The backend modules of Keras 2 that hold a RandomGenerator (since 2.8)."""
  keras2()  # So that what the scope's code is going to use is loaded.
  found = []
  for name in ("tf_keras.src.backend", "keras.src.backend", "keras.backend"):
    module = sys.modules.get(name)
    generator = getattr(module, "RandomGenerator", None)
    known = [m.RandomGenerator for m in found]
    if generator is not None and generator not in known:
      found.append(module)
  return found


@contextlib.contextmanager
def unchanged_bases_kept() -> Iterator[None]:
  """Keras 2 sets the bases of a class only where they change (since 2.2).

  It chooses between its layers for graphs and for eager code whenever a layer
  is made, by setting the bases of the layer's class, mostly to what they are
  already. Python then forgets what it knows of that class and its subclasses,
  which is a tenth of the time in which a graph is constructed.

  Yields:
    Nothing.
  """
  keras2()  # So that what the scope's code is going to use is loaded.
  names = (
    "keras.src.utils.version_utils",
    "keras.utils.version_utils",
    "tensorflow.python.keras.utils.version_utils",
    "tf_keras.src.utils.version_utils",
  )
  with contextlib.ExitStack() as stack:
    for name in names:
      module = sys.modules.get(name)
      swap = getattr(module, "swap_class", None)
      code = getattr(swap, "__code__", None)
      arguments = getattr(code, "co_varnames", ())[:4]
      if arguments == ("cls", "v2_cls", "v1_cls", "use_v2"):
        stack.enter_context(
          patching.attribute_replaced(module, "swap_class", _with_bases_for)
        )
    yield


def _with_bases_for(
  cls: type, v2_cls: type, v1_cls: type, use_v2: bool
) -> type:
  """What Keras's `swap_class` does, but that equal bases are not set again."""
  if cls is object:
    return cls
  if cls in (v2_cls, v1_cls):
    return v2_cls if use_v2 else v1_cls
  wrong = v1_cls if use_v2 else v2_cls
  bases = tuple(
    _with_bases_for(base, v2_cls, v1_cls, use_v2)
    if issubclass(base, wrong)
    else base
    for base in cls.__bases__
  )
  if bases != cls.__bases__:
    cls.__bases__ = bases
  return cls


def layer_here() -> Optional[str]:
  """Class of the innermost Keras layer that is being called here (since 2.0).

  Returns:
    The name of the first of its classes that is Keras's own, such as `Dropout`
    for a subclass of it too; None outside of any layer.
  """
  frame: Optional[types.FrameType] = sys._getframe(1)
  while frame is not None:
    if (
      frame.f_code.co_name == "__call__" and "keras" in frame.f_code.co_filename
    ):
      layer = frame.f_locals.get("self")
      if hasattr(layer, "add_weight"):
        return _own_class(type(layer))
    frame = frame.f_back
  return None


def _own_class(layer: type) -> str:
  for base in layer.__mro__:
    if "keras" in base.__module__.split(".")[0:3]:
      return base.__name__
    if base.__module__.startswith("tf_keras."):
      return base.__name__
  return layer.__name__


def is_counting_batches() -> bool:
  """Whether a Keras 2 model is making its counters of batches (since 2.2).

  They are no part of the model: nothing tracks, saves or trains them.
  """
  frame: Optional[types.FrameType] = sys._getframe(1)
  while frame is not None:
    if frame.f_code.co_name == "_init_batch_counters":
      return True
    frame = frame.f_back
  return False


@contextlib.contextmanager
def stateful_random_generators() -> Iterator[None]:
  """Makes Keras 2's RandomGenerator draw from the stateful ops of TF1.x.

  Initialisers and layers of Keras 2.10 to 2.15 and tf_keras draw from stateless
  ops or a `tf.random.Generator`. Inside the scope every instance, those made
  before too, draws as its type `legacy_stateful` does. What an instance keeps
  (its type, its generator) is not touched.

  Yields:
    Nothing.
  """
  with contextlib.ExitStack() as stack:
    for backend in _backends():
      generator = backend.RandomGenerator
      for name, draw in _stateful_draws(backend).items():
        if hasattr(generator, name):
          stack.enter_context(
            patching.attribute_replaced(generator, name, draw)
          )
    yield


def _stateful_draws(backend: Any) -> Dict[str, Callable[..., Any]]:
  """RandomGenerator's methods as its type `legacy_stateful` has them."""

  def random_normal(
    self: Any,
    shape: Any,
    mean: float = 0.0,
    stddev: float = 1.0,
    dtype: Any = None,
    nonce: Any = None,
  ) -> Any:
    del self, nonce
    return tf.random.normal(
      shape=shape, mean=mean, stddev=stddev, dtype=dtype or backend.floatx()
    )

  def random_uniform(
    self: Any,
    shape: Any,
    minval: float = 0.0,
    maxval: Any = None,
    dtype: Any = None,
    nonce: Any = None,
  ) -> Any:
    del self, nonce
    return tf.random.uniform(
      shape=shape, minval=minval, maxval=maxval, dtype=dtype or backend.floatx()
    )

  def truncated_normal(
    self: Any,
    shape: Any,
    mean: float = 0.0,
    stddev: float = 1.0,
    dtype: Any = None,
    nonce: Any = None,
  ) -> Any:
    del self, nonce
    return tf.random.truncated_normal(
      shape=shape, mean=mean, stddev=stddev, dtype=dtype or backend.floatx()
    )

  def dropout(
    self: Any, inputs: Any, rate: float, noise_shape: Any = None
  ) -> Any:
    del self
    return tf.nn.dropout(inputs, rate=rate, noise_shape=noise_shape)

  def no_seed(self: Any) -> None:
    del self

  return {
    "random_normal": random_normal,
    "random_uniform": random_uniform,
    "truncated_normal": truncated_normal,
    "dropout": dropout,
    "make_seed_for_stateless_op": no_seed,
    "make_legacy_seed": no_seed,
  }
