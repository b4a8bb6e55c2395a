"""Which variables come into being here, and should they?

The guide's two tools, and what both rest on. A port must make its variables on
its first call and never again:

>>> with assert_no_variable_creations():
...   pass

All three see every `tf.Variable`, `get_variable`, the weights of Keras 2 and
the variables of Keras 3, in any graph, in eager mode and while a `tf.function`
is traced. Unlike `tf.variable_creator_scope` they are not bound to the graph in
which they are entered.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import Any, Dict, Iterator, List, Optional, Tuple

from parity.tf import sources
from parity.tf.compat import keras as compat_keras
from parity.tf.compat import variables as compat_variables


@dataclasses.dataclass(frozen=True, eq=False)
class CreatedVariable:
  """A variable that was created while someone watched.

  Attributes:
    name: without `:0`; of a Keras 3 variable, its path.
    shape: its static shape; None where even the rank is not known.
    dtype: its dtype's name, such as `float32`.
    trainable: its own flag.
    source: the user's line that created it, None where none is the user's.
    variable: the variable itself.
  """

  name: str
  shape: Optional[Tuple[Optional[int], ...]]
  dtype: str
  trainable: bool
  source: Optional[str]
  variable: Any


@contextlib.contextmanager
def record_creations() -> Iterator[List[CreatedVariable]]:
  """Lists the variables that are created inside the scope, in that order.

  Yields:
    A list that grows as variables are created; it holds them alive.

  >>> with record_creations() as created:
  ...   pass
  >>> [record.name for record in created]
  []
  """
  created: List[CreatedVariable] = []

  def on_end(variable: Optional[Any]) -> None:
    if variable is not None and not compat_keras.is_counting_batches():
      created.append(_describe(variable))

  with compat_variables.creations_observed(lambda *_: None, on_end):
    yield created


@contextlib.contextmanager
def assert_no_variable_creations() -> Iterator[None]:
  """Raises at the moment a variable is created inside the scope.

  The stack of the error is that of the creating line; no variable is made.

  Yields:
    Nothing.

  Raises:
    ValueError: a variable was about to be created. The message names it and the
      user's own line.
  """

  def on_begin(
    cls: type, args: Tuple[Any, ...], kwargs: Dict[str, Any]
  ) -> None:
    source = sources.user_source()
    raise ValueError(
      "Attempted to create a new variable instead of reusing an existing one: "
      f"{_describe_request(cls, args, kwargs)}, at {source or 'unknown line'}. "
      "Create it once (in __init__ or build, or through get_variable with "
      "reuse) and keep it as an attribute."
    )

  with compat_variables.creations_observed(on_begin, lambda _: None):
    yield


@contextlib.contextmanager
def catch_and_raise_created_variables() -> Iterator[None]:
  """Raises at the end of the scope if variables were created inside it.

  Yields:
    Nothing.

  Raises:
    ValueError: variables were created. The message lists every one with the
      user's own line. An error raised inside the scope passes unchanged.
  """
  with record_creations() as created:
    yield
  if created:
    count = len(created)
    noun = "variable was" if count == 1 else "variables were"
    lines = "\n".join(f"  {describe_creation(record)}" for record in created)
    raise ValueError(
      f"Created vars: {count} {noun} created in a scope that should create "
      f"none:\n{lines}"
    )


def describe_creation(record: CreatedVariable) -> str:
  """One creation in one line: name, shape, dtype, flag, the user's line."""
  flag = "" if record.trainable else ", not trainable"
  return (
    f"{record.name} {_shape_text(record.shape)} {record.dtype}{flag}, "
    f"created at {record.source or 'unknown line'}"
  )


def _describe(variable: Any) -> CreatedVariable:
  return CreatedVariable(
    name=compat_variables.variable_name(variable),
    shape=compat_variables.variable_shape(variable),
    dtype=compat_variables.variable_dtype(variable),
    trainable=bool(variable.trainable),
    source=sources.user_source(),
    variable=variable,
  )


def _describe_request(
  cls: type, args: Tuple[Any, ...], kwargs: Dict[str, Any]
) -> str:
  """What can be said of a variable that is not made yet."""
  name = kwargs.get("name")
  scope = compat_variables.current_scope_name()
  words = [f"{scope}{name or 'Variable'}"]
  initial = kwargs.get("initial_value", args[0] if args else None)
  shape = kwargs.get("shape")
  if shape is None and not callable(initial):
    shape = getattr(initial, "shape", None)
  if shape is not None:
    words.append(f"of shape {_shape_text(shape)}")
  if kwargs.get("dtype") is not None:
    dtype = kwargs["dtype"]
    words.append(f"and dtype {getattr(dtype, 'name', dtype)}")
  words.append(f"({cls.__name__})")
  return " ".join(words)


def _shape_text(shape: Any) -> str:
  if shape is None:
    return "<unknown>"
  try:
    return str(tuple(shape))
  except (TypeError, ValueError):
    return str(shape)
