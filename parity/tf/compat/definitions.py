"""What inputs and attributes does a type of op have?"""

from __future__ import annotations

import functools
from typing import Any, FrozenSet, Optional, Tuple

from tensorflow.python.framework import op_def_registry


@functools.lru_cache(maxsize=None)
def _definition(op_type: str) -> Optional[Any]:
  if hasattr(op_def_registry, "get"):  # Since 2.1.
    return op_def_registry.get(op_type)
  return op_def_registry.get_registered_ops().get(op_type)


@functools.lru_cache(maxsize=None)
def attribute_names(op_type: str) -> FrozenSet[str]:
  """Names of the type's attributes; empty for a type nobody registered."""
  definition = _definition(op_type)
  return (
    frozenset(a.name for a in definition.attr) if definition else frozenset()
  )


@functools.lru_cache(maxsize=None)
def input_names(op_type: str) -> Tuple[str, ...]:
  """Names of the type's inputs, in order."""
  definition = _definition(op_type)
  return tuple(a.name for a in definition.input_arg) if definition else ()


@functools.lru_cache(maxsize=None)
def settable_attributes(op_type: str) -> FrozenSet[str]:
  """Names of the attributes that a caller gives, not those of its inputs."""
  definition = _definition(op_type)
  if definition is None:
    return frozenset()
  inferred = set()
  for argument in definition.input_arg:
    inferred.update(
      (argument.type_attr, argument.number_attr, argument.type_list_attr)
    )
  return frozenset(a.name for a in definition.attr if a.name not in inferred)


@functools.lru_cache(maxsize=None)
def type_attributes(op_type: str) -> FrozenSet[str]:
  """Names of the attributes that are a dtype, or a list of them."""
  definition = _definition(op_type)
  if definition is None:
    return frozenset()
  kinds = ("type", "list(type)")
  return frozenset(a.name for a in definition.attr if a.type in kinds)


@functools.lru_cache(maxsize=None)
def plain_defaults(op_type: str) -> Tuple[Tuple[str, Any], ...]:
  """The default of each attribute that is text, a number or a truth value."""
  definition = _definition(op_type)
  if definition is None:
    return ()
  fields = {"string": "s", "int": "i", "float": "f", "bool": "b"}
  found = []
  for attribute in definition.attr:
    field = fields.get(attribute.type)
    if field is not None and attribute.HasField("default_value"):
      value = getattr(attribute.default_value, field)
      text = value.decode() if isinstance(value, bytes) else value
      found.append((attribute.name, text))
  return tuple(found)
