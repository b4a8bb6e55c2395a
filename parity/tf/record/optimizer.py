"""What is an optimizer set to? Its class and hyperparameters, either side.

The settings go by common names, so that both sides' can be laid side by side:
`learning_rate`, `beta_1`, `epsilon`, `rho`, `momentum` ... A Keras optimizer
tells its own (`get_config`); a `tf.compat.v1.train` one keeps them as
attributes, which `_ATTRIBUTES` names. What depends on the step, such as a
decaying learning rate, is read before each update and is a list then.

Certain: the values. Heuristic: that an attribute of a user's own optimizer
means what its name says.
"""

from __future__ import annotations

import inspect
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import tensorflow.compat.v1 as tf1

from parity import errors
from parity.records import recording as recording_lib
from parity.tf import sources

# Common name by the attribute of a TF1.x optimizer, without a leading `_`.
_ATTRIBUTES = {
  "lr": "learning_rate",
  "learning_rate": "learning_rate",
  "beta1": "beta_1",
  "beta_1": "beta_1",
  "beta2": "beta_2",
  "beta_2": "beta_2",
  "beta": "beta",
  "epsilon": "epsilon",
  "momentum": "momentum",
  "decay": "rho",
  "rho": "rho",
  "use_nesterov": "nesterov",
  "centered": "centered",
  "initial_accumulator_value": "initial_accumulator_value",
  "initial_gradient_squared_accumulator_value": "initial_accumulator_value",
  "learning_rate_power": "learning_rate_power",
  "l1_regularization_strength": "l1_regularization_strength",
  "l2_regularization_strength": "l2_regularization_strength",
  "l2_shrinkage_regularization_strength": (
    "l2_shrinkage_regularization_strength"
  ),
  "weight_decay": "weight_decay",
  "weight_decay_rate": "weight_decay",
  "clip_norm": "clipnorm",
  "clipnorm": "clipnorm",
}

# Keys of a Keras optimizer's configuration that change no update on one device.
_IDLE = frozenset(
  (
    "class_name",
    "ema_momentum",
    "ema_overwrite_frequency",
    "is_legacy_optimizer",
    "jit_compile",
    "name",
  )
)
_METHODS = (
  "apply_gradients",
  "compute_gradients",
  "minimize",
  "update_step",
  "_apply_dense",
  "_apply_sparse",
  "_resource_apply_dense",
  "_resource_apply_sparse",
)
_LIBRARIES = ("tensorflow", "keras", "tf_keras", "tensorflow_estimator")


def call_factory(case_field: str, factory: Any) -> Any:
  """The optimizer that a case's factory makes.

  Args:
    case_field: `tf1_optimizer` or `tf2_optimizer`.
    factory: the case's callable.

  Raises:
    CaseError: it made nothing that can apply gradients.
  """
  optimizer = factory()
  if not callable(getattr(optimizer, "apply_gradients", None)):
    raise errors.CaseError(
      f"`{case_field}` must return an optimizer, anything with"
      f" apply_gradients; found {type(optimizer).__name__}."
    )
  return optimizer


def source_of(factory: Any) -> Optional[str]:
  """`file:line` of a case's factory, where it is a function of the user's."""
  code = getattr(inspect.unwrap(factory), "__code__", None)
  if code is None or not sources.is_user_file(code.co_filename):
    return None
  return f"{code.co_filename}:{code.co_firstlineno}"


def library_class(optimizer: Any) -> type:
  """The class of the library that the optimizer is, or is made from."""
  for cls in type(optimizer).__mro__:
    if cls.__module__.split(".")[0] in _LIBRARIES:
      return cls
  return type(optimizer)


def unwrapped(optimizer: Any) -> Any:
  """The optimizer inside a wrapper such as Keras's LossScaleOptimizer."""
  return getattr(optimizer, "inner_optimizer", optimizer)


def loss_scale(optimizer: Any) -> float:
  """By what a training loop multiplies the loss for this optimizer.

  Keras 3 divides what it is given by its loss scale. Keras 2's wrapper leaves
  both to the loop (`get_scaled_loss`, `get_unscaled_gradients`).
  """
  scale = getattr(optimizer, "scale_loss", None)
  if scale is None:
    return 1.0
  value = plain(scale(1.0))
  return float(value) if isinstance(value, (int, float)) else 1.0


def record_of(
  optimizer: Any, settings: Dict[str, object], source: Optional[str]
) -> recording_lib.OptimizerRecord:
  """The optimizer as a record, with what the user's own class overrides."""
  found = dict(settings)
  if unwrapped(optimizer) is not optimizer:
    found["wrapper"] = type(optimizer).__name__
    optimizer = unwrapped(optimizer)
  base = library_class(optimizer)
  if base is not type(optimizer):
    found["class"] = type(optimizer).__name__
    own = [name for name in _METHODS if _is_overridden(optimizer, name)]
    if own:
      found["overrides"] = ", ".join(own)
  return recording_lib.OptimizerRecord(
    class_name=f"{base.__module__}.{base.__name__}",
    settings=found,
    source=source,
  )


def _is_overridden(optimizer: Any, method: str) -> bool:
  base = library_class(optimizer)
  mro = type(optimizer).__mro__
  return any(method in vars(cls) for cls in mro[: mro.index(base)])


def constraints_of(variables: Mapping[str, Any]) -> Dict[str, object]:
  """`constraint VARIABLE`: the constraint that an update is followed by.

  Args:
    variables: those that are trained, by tf1-side name.
  """
  found: Dict[str, object] = {}
  for name, variable in variables.items():
    constraint = getattr(variable, "constraint", None)
    if constraint is not None:
      told = getattr(constraint, "__name__", type(constraint).__name__)
      found[f"constraint {name}"] = told
  return found


def with_steps(
  settings: Dict[str, object], steps: Sequence[Dict[str, float]]
) -> Dict[str, object]:
  """Settings with those that were read before each update.

  >>> with_steps({"epsilon": 1e-8}, [{"learning_rate": 0.5}] * 2)
  {'epsilon': 1e-08, 'learning_rate': 0.5}
  """
  found = dict(settings)
  for name in steps[0] if steps else ():
    values = [float(step[name]) for step in steps]
    constant = all(value == values[0] for value in values)
    found[name] = values[0] if constant else tuple(values)
  return found


def plain(value: Any) -> object:
  """A setting as text, number, flag or None."""
  if value is None or isinstance(value, (bool, int, float, str)):
    return value
  if hasattr(value, "numpy"):
    value = value.numpy()
  array = np.asarray(value)
  if array.size == 1 and array.dtype.kind in "fiub":
    return array.reshape(-1)[0].item()
  return str(value)


class GraphSettings:
  """The settings of a TF1.x optimizer that lives in a graph.

  Attributes:
    constants: plain values by common name.
    tensors: those that a session must evaluate.
  """

  def __init__(self, optimizer: Any) -> None:
    self.constants: Dict[str, object] = {}
    self.tensors: Dict[str, Any] = {}
    for attribute, value in sorted(vars(optimizer).items()):
      name = _ATTRIBUTES.get(attribute.lstrip("_"))
      if name is None or name in self.constants or name in self.tensors:
        continue
      self._take(name, _ready(optimizer, attribute, value))
    self.constants.update(_schedule_in(self.tensors.get("learning_rate")))

  def _take(self, name: str, value: Any) -> None:
    if value is None:
      return
    if tf1.is_tensor(value) or isinstance(value, tf1.Variable):
      self.tensors[name] = tf1.convert_to_tensor(value)
    else:
      self.constants[name] = plain(value)

  def fetches(self) -> Dict[str, Any]:
    """What to fetch with each update."""
    return dict(self.tensors)


def _ready(optimizer: Any, attribute: str, value: Any) -> Optional[Any]:
  """The setting; the tensor that `_prepare` made of one that is a function."""
  if not callable(value) or tf1.is_tensor(value):
    return value
  for name in (f"{attribute}_t", f"{attribute}_tensor"):
    value = getattr(optimizer, name, None)
    if value is not None and tf1.is_tensor(value):
      return value
  return None


# Scopes that tf.compat.v1.train's decays give to their ops.
_DECAYS = (
  "ExponentialDecay",
  "PiecewiseConstant",
  "PolynomialDecay",
  "NaturalExpDecay",
  "InverseTimeDecay",
  "CosineDecay",
  "LinearCosineDecay",
)
_STAIRS = ("ExponentialDecay", "NaturalExpDecay", "InverseTimeDecay")


def _schedule_in(rate: Optional[Any]) -> Dict[str, object]:
  """What the ops behind a learning rate tell of its schedule."""
  if rate is None:
    return {}
  ops, stack = {}, [rate.op]  # type: ignore[var-annotated]
  while stack:
    op = stack.pop()
    if op.name not in ops:
      ops[op.name] = op
      stack.extend(tensor.op for tensor in op.inputs)
  parts = {part for name in ops for part in name.split("/")}
  kinds = [kind for kind in _DECAYS if any(p.startswith(kind) for p in parts)]
  found: Dict[str, object] = {"schedule": kinds[0]} if kinds else {}
  if kinds and kinds[0] in _STAIRS:
    types = {op.type for op in ops.values()}
    found["schedule.staircase"] = "Floor" in types
  return found


def keras_settings(optimizer: Any) -> Dict[str, object]:
  """The settings of a Keras optimizer of any generation, the rate left out."""
  config = _config_of(unwrapped(optimizer))
  found: Dict[str, object] = {}
  for name, value in sorted(config.items()):
    if name in _IDLE:
      continue
    if isinstance(value, dict) and "config" in value:
      prefix = "schedule" if name == "learning_rate" else name
      found[prefix] = str(value.get("class_name"))
      for key, item in sorted(value["config"].items()):
        if key != "name":
          found[f"{prefix}.{key}"] = plain(item)
    elif name != "learning_rate":
      found[name] = plain(value)
  return found


def _config_of(optimizer: Any) -> Dict[str, Any]:
  try:
    return dict(optimizer.get_config())
  except Exception:  # noqa: BLE001 - a user's class need not have one.
    named = {
      _ATTRIBUTES.get(k.lstrip("_")): v for k, v in vars(optimizer).items()
    }
    return {k: v for k, v in named.items() if k and not callable(v)}


def keras_rate(optimizer: Any) -> Optional[float]:
  """The learning rate of a Keras optimizer's next update; None without one."""
  optimizer = unwrapped(optimizer)
  rate = getattr(optimizer, "_learning_rate", None)
  if rate is None:
    rate = getattr(optimizer, "learning_rate", None)
  if rate is None:
    return None
  if hasattr(rate, "get_config") and callable(rate):
    rate = rate(optimizer.iterations)
  elif callable(rate) and not hasattr(rate, "numpy"):
    rate = rate()
  value = plain(rate)
  if not isinstance(value, (int, float)):
    return None
  # The optimizers before Keras 2.11 have an inverse time decay of their own.
  decay = plain(_config_of(optimizer).get("decay"))
  if isinstance(decay, (int, float)) and decay:
    value = value / (1.0 + decay * float(plain(optimizer.iterations)))  # type: ignore[arg-type]
  return float(value)


def counter_of(optimizer: Any) -> Dict[str, object]:
  """`iterations`, where a Keras optimizer's counter does not start at zero."""
  counter = plain(getattr(unwrapped(optimizer), "iterations", 0))
  return {"iterations": counter} if isinstance(counter, int) and counter else {}


def changed(
  optimizer: Any, settings: Dict[str, Any]
) -> Tuple[Any, List[float]]:
  """An optimizer like another, with some settings replaced.

  Args:
    optimizer: not used yet.
    settings: new values by common name; `learning_rate` may be a list, one
      value for each update.

  Returns:
    The optimizer, and the learning rates to set before each update; empty for
    none.

  Raises:
    CaseError: its class cannot be made from its own configuration.
  """
  if not hasattr(optimizer, "from_config"):
    return _with_attributes(optimizer, settings), []
  whole = _config_of(optimizer)
  config = whole
  if unwrapped(optimizer) is not optimizer:
    config = whole["inner_optimizer"]["config"]
  rates: List[float] = []
  start = counter_of(optimizer).get("iterations", 0)
  for name, value in settings.items():
    if name == "iterations":
      start = value
    elif name == "learning_rate":
      rates = [float(each) for each in np.atleast_1d(value)]
      config["learning_rate"] = rates[0]
      if "decay" in config:
        config["decay"] = 0.0
    else:
      config[name] = value
  try:
    found = type(optimizer).from_config(whole)
  except Exception as error:
    raise errors.CaseError(
      f"{type(optimizer).__name__} cannot be made from its own get_config():"
      f" {error}"
    ) from error
  _carry_over(optimizer, found, start)
  return found, rates if len(rates) > 1 else []


def _carry_over(optimizer: Any, found: Any, start: object) -> None:
  """What no configuration holds, and where the counter starts."""
  for attribute, value in vars(optimizer).items():
    if attribute.startswith("_exclude_from_weight_decay"):
      setattr(found, attribute, value)
  if start or counter_of(found):
    unwrapped(found).iterations.assign(start)


def _with_attributes(optimizer: Any, settings: Mapping[str, Any]) -> Any:
  """A tf.compat.v1.train optimizer, not used yet, with other settings."""
  for name, value in settings.items():
    attributes = [
      attribute
      for attribute in vars(optimizer)
      if _ATTRIBUTES.get(attribute.lstrip("_")) == name
    ]
    if not attributes or isinstance(value, (list, tuple)):
      raise errors.CaseError(
        f"{type(optimizer).__name__} has no place for {name}={value}."
      )
    setattr(optimizer, attributes[0], value)
  return optimizer
