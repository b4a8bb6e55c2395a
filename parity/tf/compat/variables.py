"""When does a variable come into being, whoever makes it?

TensorFlow's public hook, `tf.variable_creator_scope`, belongs to one graph and
is not asked for variables made by naming their class. So the hook here is the
metaclass through which every variable of TensorFlow is made, in any graph,
eager or traced, and the constructor of Keras 3's own variables, which may hold
no `tf.Variable` at all yet. One variable is one creation, however many objects
are made underneath.

Not seen: handles made by raw ops (`tf.raw_ops.VarHandleOp`), which are no
variable objects.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import sys
import threading
from typing import Any, Callable, Dict, Iterator, Optional, Tuple

from tensorflow.python.framework import ops
from tensorflow.python.ops import resource_variable_ops
from tensorflow.python.ops import variables as variables_lib

from parity.tf.compat import patching

# Called with the class and the arguments, before anything is made.
OnBegin = Callable[[type, Tuple[Any, ...], Dict[str, Any]], None]
# Called with the new variable, or None where its construction raised.
OnEnd = Callable[[Optional[Any]], None]


def _storage_classes() -> Tuple[type, ...]:
  """The classes whose instances own storage, as against views and reads."""
  found = [
    resource_variable_ops.ResourceVariable,
    resource_variable_ops.UninitializedVariable,
  ]
  # RefVariable left `variables` for a module of its own in 2.13.
  for module_name in ("variables", "ref_variable"):
    try:
      module = importlib.import_module(f"tensorflow.python.ops.{module_name}")
    except ImportError:
      continue
    if hasattr(module, "RefVariable"):
      found.append(module.RefVariable)
      break
  for module_name in (
    "tensorflow.python.eager.polymorphic_function.polymorphic_function",
    "tensorflow.python.eager.def_function",
  ):
    try:
      module = importlib.import_module(module_name)
    except ImportError:
      continue
    if hasattr(module, "UnliftedInitializerVariable"):
      found.append(module.UnliftedInitializerVariable)
      break
  return tuple(found)


def _abstract_classes() -> Tuple[type, ...]:
  """`tf.Variable` and `tf.compat.v1.Variable`, which dispatch to creators."""
  import tensorflow.compat.v1 as tf1  # pylint: disable=g-import-not-at-top

  return (variables_lib.Variable, tf1.Variable)


def _keras3_variable_class() -> Optional[type]:
  """Keras 3's variable class, None where Keras 3 is not loaded (since 2.16)."""
  for name in ("keras.src.backend.common.variables",):
    module = sys.modules.get(name)
    found = getattr(module, "KerasVariable", None) or getattr(
      module, "Variable", None
    )
    if found is not None:
      return found
  return None


@contextlib.contextmanager
def creations_observed(on_begin: OnBegin, on_end: OnEnd) -> Iterator[None]:
  """Tells of every variable made inside the scope, in any graph and thread.

  Scopes nest: each tells its own observer. An exception of `on_begin` passes to
  whoever is making the variable, and nothing is made.

  Args:
    on_begin: called just before a variable is made.
    on_end: called just after.

  Yields:
    Nothing.
  """
  depth = threading.local()
  storage = _storage_classes()
  abstract = _abstract_classes()

  def observed(
    cls: type, make: Callable[..., Any], args: Any, kwargs: Any
  ) -> Any:
    if getattr(depth, "value", 0):
      return make(*args, **kwargs)
    on_begin(cls, args, kwargs)
    depth.value = 1
    made = None
    try:
      made = make(*args, **kwargs)
    finally:
      depth.value = 0
      on_end(made)
    return made

  metaclass = variables_lib.VariableMetaclass
  original_call = metaclass.__call__

  @functools.wraps(original_call)
  def call(cls: type, *args: Any, **kwargs: Any) -> Any:
    make = functools.partial(original_call, cls)
    if cls in abstract or issubclass(cls, storage):
      return observed(cls, make, args, kwargs)
    return make(*args, **kwargs)

  with contextlib.ExitStack() as stack:
    stack.enter_context(
      patching.attribute_replaced(metaclass, "__call__", call)
    )
    keras3 = _keras3_variable_class()
    if keras3 is not None:
      stack.enter_context(_keras3_observed(keras3, observed, depth))
    yield


@contextlib.contextmanager
def _keras3_observed(
  keras3: Any, observed: Callable[..., Any], depth: Any
) -> Iterator[None]:
  """Counts a Keras 3 variable once: at its construction."""
  original_init = keras3.__init__

  @functools.wraps(original_init)
  def init(self: Any, *args: Any, **kwargs: Any) -> None:
    def make(*args: Any, **kwargs: Any) -> Any:
      original_init(self, *args, **kwargs)
      return self

    observed(type(self), make, args, kwargs)

  def as_part(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def deferred(self: Any, *args: Any, **kwargs: Any) -> Any:
      previous = getattr(depth, "value", 0)
      depth.value = 1
      try:
        return original(self, *args, **kwargs)
      finally:
        depth.value = previous

    return deferred

  with contextlib.ExitStack() as stack:
    stack.enter_context(patching.attribute_replaced(keras3, "__init__", init))
    # A variable made in a stateless scope gets its value later: no new one.
    for cls in _with_subclasses(keras3):
      if "_deferred_initialize" in vars(cls):
        original = vars(cls)["_deferred_initialize"]
        stack.enter_context(
          patching.attribute_replaced(
            cls, "_deferred_initialize", as_part(original)
          )
        )
    yield


def _with_subclasses(cls: type) -> Iterator[type]:
  yield cls
  for subclass in cls.__subclasses__():
    yield from _with_subclasses(subclass)


def is_keras3_variable(variable: Any) -> bool:
  """Whether it is Keras 3's own kind of variable (since 2.16)."""
  keras3 = _keras3_variable_class()
  return keras3 is not None and isinstance(variable, keras3)


def variable_name(variable: Any) -> str:
  """A variable's name without `:0`; of a Keras 3 variable, its path."""
  if is_keras3_variable(variable):
    return str(getattr(variable, "path", variable.name))
  name = str(variable.name)
  return name[:-2] if name.endswith(":0") else name


def variable_shape(variable: Any) -> Optional[Tuple[Optional[int], ...]]:
  """A variable's static shape; None where its rank is not known."""
  shape = variable.shape
  if hasattr(shape, "as_list"):
    if shape.rank is None:
      return None
    return tuple(shape.as_list())
  return tuple(shape)


def variable_dtype(variable: Any) -> str:
  """The name of a variable's dtype, such as `float32`; no `_ref` of 1.x."""
  dtype = variable.dtype
  if isinstance(dtype, str):
    return dtype
  return str(dtype.base_dtype.name)


def current_scope_name() -> str:
  """The name scope that a name given now would be put under, with its `/`."""
  # A scope's name has no public reader: entering a scope gives it, and uses up
  # a name of the graph. Graph.get_name_scope is public, but of graphs only.
  from tensorflow.python.eager import context  # pylint: disable=g-import-not-at-top

  if context.executing_eagerly():
    return context.context().scope_name or ""
  name = ops.get_default_graph().get_name_scope()
  return name + "/" if name else ""
