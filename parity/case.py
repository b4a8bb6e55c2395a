"""What is to be compared? A case: a TF1.x forward pass, its port, the inputs.

A case is an ordinary Python object, usually the `CASE` of an ordinary Python
file. `load_case` imports such a file; whoever calls it runs the user's code, so
only a side's process does.

1. `Case(...)` checks its fields at once and names the mistake.
2. `load_case("file.py:NAME")` imports the file as a module of its own, with the
   file's folder first on `sys.path`, and returns the case.
3. `facts_of(case)` reduces a case to the plain data that the driver needs.
"""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import importlib
import importlib.util
import os
import sys
import traceback
import types
from typing import (
  Any,
  Callable,
  Collection,
  Dict,
  Mapping,
  Optional,
  Sequence,
  Type,
  TypeVar,
  Union,
)

import numpy as np

from parity import errors
from parity.records import facts as facts_lib
from parity.records import tolerance as tolerance_lib
from parity.records import vocabulary

_Self = TypeVar("_Self", bound="Case")

# Optional fields that hold several words.
_WORDS = ("steps", "tags")
_CALLABLES = ("loss", "tf1_optimizer", "tf2_optimizer")
# Optional fields of one type, each with how to say it.
_TYPES = {
  "name": (str, "text"),
  "checkpoint": (str, "a path prefix"),
  "functional": (bool, "True or False"),
}


def _nearest(name: str, valid: Sequence[str]) -> str:
  found = difflib.get_close_matches(name, valid, n=1, cutoff=0.5)
  return f" Did you mean {found[0]!r}?" if found else ""


@dataclasses.dataclass(frozen=True, eq=False)
class Case:
  """What is compared, once, for every command.

  Example:
  >>> case = Case(
  ...   inputs={"x": [1.0]},
  ...   tf1=lambda inputs, training: inputs["x"],
  ...   tf2=lambda: lambda inputs, training: inputs["x"],
  ... )
  >>> case.seed
  42

  Attributes:
    inputs: `callable(rng)` or a nest of arrays.
    tf1: `callable(inputs, training)` or `"module:attribute"`, built in a graph.
    tf2: `callable()` returning the port, or `"module:attribute"`.
    name: a name for reports; the file's stem where None.
    seed: seeds `rng` and the aligned randomness.
    tolerance: a Tolerance, or a dict from a name pattern to one, last wins.
    rename: dict or `callable(tf2_name) -> tf1_name`.
    loss: `callable(outputs, inputs) -> scalar`; asks for the gradients check.
    tf1_optimizer: callable returning a `tf.compat.v1.train` optimizer.
    tf2_optimizer: callable returning its TF2 counterpart.
    train_steps: how many updates the optimizer check compares.
    checkpoint: path prefix of a TF1.x name-based checkpoint.
    functional: also embed the port in a functional model; None for where the
      port is a Keras layer.
    steps: names of the checks to run; None for all that apply.
    tags: words for reports and filters.

  Raises:
    CaseError: a field is unknown, missing, or of a wrong type.
  """

  inputs: Any = None
  tf1: Union[Callable[..., Any], str, None] = None
  tf2: Union[Callable[..., Any], str, None] = None
  name: Optional[str] = None
  seed: int = 42
  tolerance: Union[
    tolerance_lib.Tolerance, Mapping[str, tolerance_lib.Tolerance]
  ] = tolerance_lib.Tolerance()
  rename: Union[Mapping[str, str], Callable[[str], str], None] = None
  loss: Optional[Callable[..., Any]] = None
  tf1_optimizer: Optional[Callable[[], Any]] = None
  tf2_optimizer: Optional[Callable[[], Any]] = None
  train_steps: int = 3
  checkpoint: Optional[str] = None
  functional: Optional[bool] = None
  steps: Optional[Sequence[str]] = None
  tags: Sequence[str] = ()

  def __new__(cls: Type[_Self], *unused_args: Any, **fields: Any) -> _Self:
    """Names an unknown field, and the nearest that there is."""
    valid = [field.name for field in dataclasses.fields(cls)]
    for field in fields:
      if field not in valid:
        raise errors.CaseError(
          f"parity.Case has no field {field!r}.{_nearest(field, valid)}"
          f" It has: {', '.join(valid)}."
        )
    return super().__new__(cls)

  def __post_init__(self) -> None:
    if self.inputs is None:
      raise errors.CaseError(
        "parity.Case needs `inputs`: a callable(rng) or a nest of arrays."
      )
    if self.tf1 is None and self.tf2 is None:
      raise errors.CaseError("parity.Case needs `tf1`, `tf2`, or both.")
    for side in vocabulary.SIDES:
      self._check_side(side)
    for field in _CALLABLES:
      value = getattr(self, field)
      if value is not None and not callable(value):
        raise errors.CaseError(
          f"Case field {field!r} must be callable, found {value!r}."
        )
    self._take_plain()
    self._check_numbers()
    self._check_tolerance()
    if self.rename is not None and not (
      callable(self.rename) or isinstance(self.rename, Mapping)
    ):
      raise errors.CaseError(
        "Case field 'rename' must be a dict or a callable(tf2_name) ->"
        f" tf1_name, found {self.rename!r}."
      )
    self._check_types()
    for step in self.steps or ():
      check_step(step)

  def _take_plain(self) -> None:
    """Makes what NumPy computed plain Python, as every record holds it."""
    for field in (*_TYPES, *_WORDS, "seed", "train_steps"):
      value = getattr(self, field)
      if isinstance(value, (np.generic, np.ndarray)):
        object.__setattr__(self, field, value.tolist())
      elif isinstance(value, (list, tuple)):
        plain = [w.item() if isinstance(w, np.generic) else w for w in value]
        object.__setattr__(self, field, type(value)(plain))

  def _check_types(self) -> None:
    for field, (kind, said) in _TYPES.items():
      value = getattr(self, field)
      if value is not None and not isinstance(value, kind):
        raise errors.CaseError(
          f"Case field {field!r} must be {said}, found {value!r}."
        )
    for field in _WORDS:
      value = getattr(self, field)
      words = () if value is None else value
      # What can be walked through only once would be empty the next time.
      is_list = isinstance(words, Collection) and not isinstance(words, str)
      if not is_list or not all(isinstance(word, str) for word in words):
        raise errors.CaseError(
          f"Case field {field!r} must be a list of words, found {value!r}."
        )

  def _check_side(self, side: str) -> None:
    value = getattr(self, side)
    if value is None or callable(value):
      return
    if isinstance(value, str) and value.count(":") == 1:
      return
    raise errors.CaseError(
      f"Case field {side!r} must be a callable or 'module:attribute', found"
      f" {value!r}."
    )

  def _check_numbers(self) -> None:
    for field, least in (("seed", 0), ("train_steps", 1)):
      value = getattr(self, field)
      if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise errors.CaseError(
          f"Case field {field!r} must be a whole number of at least {least},"
          f" found {value!r}."
        )

  def _check_tolerance(self) -> None:
    spec = self.tolerance
    limits = spec.values() if isinstance(spec, Mapping) else (spec,)
    for limit in limits:
      if not isinstance(limit, tolerance_lib.Tolerance):
        raise errors.CaseError(
          "Case field 'tolerance' must be a parity.Tolerance, or a dict from"
          f" name patterns to one, found {limit!r}."
        )
    for pattern in spec if isinstance(spec, Mapping) else ():
      if not isinstance(pattern, str):
        raise errors.CaseError(
          "Case field 'tolerance' must be a parity.Tolerance, or a dict from"
          f" name patterns to one, found the key {pattern!r}."
        )

  def tf1_name(self, tf2_name: str) -> str:
    """The tf1-side name of a variable of the port, after `rename`."""
    if self.rename is None:
      return tf2_name
    if callable(self.rename):
      renamed: object = self.rename(tf2_name)
    else:
      renamed = self.rename.get(tf2_name, tf2_name)
    if not isinstance(renamed, str):
      raise errors.CaseError(
        f"`rename` must give a name, found {renamed!r} for {tf2_name!r}."
      )
    return renamed


def check_step(step: str) -> None:
  """Raises CaseError unless `step` is the name of a check."""
  if step not in vocabulary.CHECKS:
    raise errors.CaseError(
      f"There is no check {step!r}.{_nearest(step, list(vocabulary.CHECKS))}"
      f" The checks are: {', '.join(vocabulary.CHECKS)}."
    )


def resolve_side(case: Case, side: str) -> Callable[..., Any]:
  """The callable of a side; imports it where the case names it as text."""
  value = getattr(case, side)
  if not isinstance(value, str):
    return value
  module_name, attribute = value.split(":")
  try:
    module = importlib.import_module(module_name)
  except ModuleNotFoundError as error:
    if not f"{module_name}.".startswith(f"{error.name}."):
      raise
    raise errors.CaseError(
      f"Case field {side!r} names {value!r}, but there is no module"
      f" {error.name!r}; it must lie beside the case file or on PYTHONPATH."
    ) from error
  if not hasattr(module, attribute):
    public = [name for name in vars(module) if not name.startswith("_")]
    raise errors.CaseError(
      f"Case field {side!r} names {value!r}, but module {module_name!r} has no"
      f" {attribute!r}.{_nearest(attribute, public)}"
    )
  return getattr(module, attribute)


@dataclasses.dataclass(frozen=True)
class Target:
  """A case as the command line names it: `path` or `path:NAME`."""

  path: str
  attribute: str = "CASE"

  @classmethod
  def from_text(cls, text: str) -> Target:
    """Splits `path:NAME`; a path may hold colons if it exists as it is."""
    path, colon, attribute = text.rpartition(":")
    if os.path.exists(text) or not colon or not attribute.isidentifier():
      return cls(text)
    return cls(path, attribute)

  @property
  def name(self) -> str:
    """The name for reports of a case that has none."""
    stem = os.path.splitext(os.path.basename(self.path))[0]
    return stem if self.attribute == "CASE" else f"{stem}:{self.attribute}"


def require_file(path: str) -> None:
  """Raises CaseError unless there is a file at the path."""
  path = os.path.abspath(path)
  if os.path.isdir(path):
    raise errors.CaseError(f"{path} is a folder; name a case file.")
  if not os.path.exists(path):
    folder = os.path.dirname(path)
    names = os.listdir(folder) if os.path.isdir(folder) else []
    nearest = _nearest(os.path.basename(path), names)
    raise errors.CaseError(f"There is no case file {path}.{nearest}")


def import_file(path: str) -> types.ModuleType:
  """Imports a case file as a module of its own; the user's errors pass."""
  require_file(path)
  path = os.path.abspath(path)
  digest = hashlib.sha256(path.encode()).hexdigest()[:8]
  stem = os.path.splitext(os.path.basename(path))[0]
  name = f"parity_case_{digest}_{stem}"
  if name in sys.modules:
    return sys.modules[name]
  folder = os.path.dirname(path)
  if folder not in sys.path:
    sys.path.insert(0, folder)
  spec = importlib.util.spec_from_file_location(name, path)
  if spec is None or spec.loader is None:
    raise errors.CaseError(f"{path} is not a Python file.")
  module = importlib.util.module_from_spec(spec)
  sys.modules[name] = module
  try:
    spec.loader.exec_module(module)
  except BaseException:
    del sys.modules[name]
    raise
  return module


def load_case(target: Union[Target, str]) -> Case:
  """Imports a case file and returns its case.

  Args:
    target: `path`, `path:NAME`, or a Target.

  Returns:
    The case, named after the file where it has no name.

  Raises:
    CaseError: the file is missing, does not parse, or holds no case.
  """
  if isinstance(target, str):
    target = Target.from_text(target)
  try:
    module = import_file(target.path)
  except SyntaxError as error:
    raise errors.CaseError(
      f"{error.filename}:{error.lineno}: the case file does not parse:"
      f" {error.msg}."
    ) from error
  except errors.CaseError as error:
    raise errors.CaseError(f"{_line_of(target.path, error)}{error}") from error
  found = getattr(module, target.attribute, None)
  if isinstance(found, Case):
    if found.name is None:
      found = dataclasses.replace(found, name=target.name)
    return found
  cases = [name for name, value in vars(module).items() if _is_case(value)]
  if found is not None:
    raise errors.CaseError(
      f"{target.attribute} in {target.path} is no parity.Case, found"
      f" {type(found).__name__}."
    )
  listed = f" It holds: {', '.join(cases)}." if cases else ""
  raise errors.CaseError(
    f"{target.path} has no {target.attribute}.{listed} Write `CASE ="
    " parity.Case(inputs=..., tf1=..., tf2=...)` in it, or name another with"
    " FILE:NAME."
  )


def _line_of(path: str, error: BaseException) -> str:
  """`PATH:LINE: ` where the file's own code raised; empty where it did not."""
  frames = traceback.extract_tb(error.__traceback__)
  lines = [f.lineno for f in frames if f.filename == os.path.abspath(path)]
  return f"{os.path.abspath(path)}:{lines[-1]}: " if lines else ""


def _is_case(value: object) -> bool:
  return isinstance(value, Case)


def facts_of(case: Case, *, path: Optional[str] = None) -> facts_lib.CaseFacts:
  """Reduces a case to plain data; imports and calls nothing of the user's."""
  fields: Dict[str, Any] = {
    "name": case.name or "case",
    "path": path,
    "seed": case.seed,
    "tolerances": tolerance_lib.TolerancePolicy.from_spec(case.tolerance),
    "has_tf1": case.tf1 is not None,
    "has_tf2": case.tf2 is not None,
    "has_loss": case.loss is not None,
    "has_optimizers": bool(case.tf1_optimizer and case.tf2_optimizer),
    "has_checkpoint": case.checkpoint is not None,
    "functional": case.functional,
    "train_steps": case.train_steps,
    "steps": tuple(case.steps or ()),
    "tags": tuple(case.tags or ()),
  }
  return facts_lib.CaseFacts(**fields)
