"""What does a port track? Keras layers of either generation, modules, others.

A port is anything called as `port(inputs, training=...)`: a Keras 2 or Keras 3
layer or model, a `tf.Module` (also with the shim's decorator), or a plain
callable. Only what the port's own kind declares is used; nothing is guessed.
"""

from __future__ import annotations

import dataclasses
import sys
from typing import Any, Iterator, List, Optional

import numpy as np
import tensorflow as tf2

# Keras packages that a process may hold besides each other. A package that is
# not loaded has made no layer; TensorFlow's own lazy name would load it.
_KERAS_MODULES = ("keras", "tf_keras")


@dataclasses.dataclass(frozen=True, eq=False)
class TrackedVariable:
  """A variable as the port lists it.

  Attributes:
    name: without `:0`; in Keras 3 its path.
    variable: the tf.Variable.
    trainable: whether the port lists it as such.
    original: what the port lists: in Keras 3 a variable of Keras's own.
  """

  name: str
  variable: Any
  trainable: bool
  original: Any = None


@dataclasses.dataclass(frozen=True, eq=False)
class PortLoss:
  """A regularisation loss as the port lists it.

  Attributes:
    name: its place in the list, or the name that the shim keeps.
    value: a scalar.
    variable: what a Keras layer penalises by it, where that is known.
  """

  name: str
  value: Any
  variable: Any = None


def _layer_classes(module: Any) -> List[Any]:
  layers = getattr(module, "layers", None)
  layer = getattr(layers, "Layer", None)
  return [layer] if isinstance(layer, type) else []


def _keras_packages() -> List[Any]:
  return [sys.modules[n] for n in _KERAS_MODULES if n in sys.modules]


def keras_of(port: Any) -> Optional[Any]:
  """The Keras package whose layer the port is; None for no Keras layer."""
  for package in _keras_packages():
    for layer in _layer_classes(package):
      if isinstance(port, layer):
        return package
  return None


def is_keras_layer(port: Any) -> bool:
  """Whether the port is a layer or model of any Keras in this process."""
  return keras_of(port) is not None


def clear_keras_sessions() -> None:
  """Makes layer names start anew, in every Keras of this process."""
  for package in _keras_packages():
    backend = getattr(package, "backend", None)
    clear = getattr(backend, "clear_session", None)
    if clear is not None:
      clear()


def plain_name(variable: Any) -> str:
  """A variable's name without `:0`; the path of a Keras 3 variable."""
  path = getattr(variable, "path", None)
  name = path if isinstance(path, str) else str(variable.name)
  return name[:-2] if name.endswith(":0") else name


def _tf_variable(variable: Any) -> Any:
  """The tf.Variable inside a Keras 3 variable; else the variable itself."""
  if isinstance(variable, tf2.Variable):
    return variable
  return getattr(variable, "value", variable)


def tracked_variables(port: Any) -> Optional[List[TrackedVariable]]:
  """The port's variables as it lists them; None where it lists none at all.

  A variable that is listed twice counts once.
  """
  if is_keras_layer(port):
    everything = list(port.weights)
    trainable = port.trainable_weights
  elif isinstance(port, tf2.Module):
    everything = list(port.variables)
    trainable = port.trainable_variables
  else:
    return None
  chosen = {id(variable) for variable in trainable}
  found, seen = [], set()
  for variable in everything:
    if id(variable) not in seen:
      seen.add(id(variable))
      found.append(
        TrackedVariable(
          plain_name(variable),
          _tf_variable(variable),
          id(variable) in chosen,
          variable,
        )
      )
  return found


def regularization_losses(port: Any) -> List[PortLoss]:
  """The port's regularisation losses, evaluated now."""
  if is_keras_layer(port):
    known = _penalties(port)
    return [
      PortLoss(f"losses/{i}", value, _penalised(value, known))
      for i, value in enumerate(port.losses)
    ]
  return [loss for store in _variable_stores(port) for loss in _store(store)]


# Keras layers keep a regularizer beside the variable that it is for.
_REGULARIZER = "_regularizer"


def _penalties(port: Any) -> List[PortLoss]:
  """What each regularizer of a Keras layer gives for its variable."""
  found = []
  for layer in (port, *getattr(port, "submodules", ())):
    for attribute, regularizer in list(vars(layer).items()):
      if not attribute.endswith(_REGULARIZER) or not callable(regularizer):
        continue
      name = attribute[: -len(_REGULARIZER)]
      own = getattr(layer, name, None)
      variable = None if own is None else _tf_variable(own)
      if isinstance(variable, tf2.Variable):
        found.append(PortLoss(name, regularizer(variable), variable))
  return found


def _penalised(value: Any, known: List[PortLoss]) -> Any:
  """The one variable whose penalty has a loss's value; None for none."""
  total = _total(value)
  same = [each for each in known if _total(each.value) == total]
  return same[0].variable if total is not None and len(same) == 1 else None


def _total(value: Any) -> Optional[float]:
  """A loss's value, summed where it is no scalar; None without one yet."""
  return float(np.sum(value.numpy())) if hasattr(value, "numpy") else None


def _variable_stores(port: Any) -> Iterator[Any]:
  # The shim's decorator keeps its store on the module under this name (TF 2.8
  # to nightly); only there do losses of a tf.Module live.
  modules = (port,) + tuple(getattr(port, "submodules", ()))
  for module in modules:
    store = getattr(module, "_tf1_style_var_store", None)
    if store is not None:
      yield store


def _store(store: Any) -> List[PortLoss]:
  # By variable name, a function each; the shim's own documentation names it.
  return [
    PortLoss(str(name), function())
    for name, function in store._regularizers.items()
  ]
