"""Which generation's behaviour does this process have? Set, and held.

A side's world is process-wide. In a process of its own the tf1 side has TF1.x
behaviour for good: no eager execution, no tensor equality, v1 control flow. The
tf2 side keeps TF2 behaviour, although legacy modules call
`disable_v2_behavior()` when they are imported: there such calls do nothing and
are noted with the module that made them.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Any, Callable, Iterator, List

from parity import errors
from parity.tf import sources

# What legacy modules call at import, and what would turn TF2 behaviour off.
_DISABLERS = (
  "disable_v2_behavior",
  "disable_eager_execution",
  "disable_v2_tensorshape",
  "disable_resource_variables",
  "disable_control_flow_v2",
  "disable_tensor_equality",
)


def import_tensorflow() -> Any:
  """Imports TensorFlow, with a sentence instead of a traceback where it fails.

  Raises:
    EnvironmentProblem: it is missing, or fails to import.
  """
  try:
    import tensorflow
  except ImportError as error:
    if getattr(error, "name", None) == "tensorflow":
      raise errors.EnvironmentProblem(
        f"TensorFlow is not installed for {sys.executable}. Install it there"
        " (pip install tensorflow), or run parity with an interpreter that has"
        " it. `parity doctor` tells more."
      ) from error
    raise errors.EnvironmentProblem(
      f"TensorFlow does not import in {sys.executable}: {error}. `parity"
      " doctor` tells more."
    ) from error
  return tensorflow


def become_tf1() -> None:
  """Gives this process TF1.x behaviour for good."""
  compat = import_tensorflow().compat.v1
  disable = getattr(compat, "disable_v2_behavior", None)
  if disable is not None:
    disable()


@contextlib.contextmanager
def tf2_behaviour(notes: List[str]) -> Iterator[None]:
  """Keeps TF2 behaviour inside, whatever the user's modules call at import.

  Args:
    notes: gets a sentence for each call that would have turned it off.

  Yields:
    Nothing.

  Raises:
    EnvironmentProblem: TensorFlow here is a 1.x.
  """
  tensorflow = import_tensorflow()
  if tensorflow.__version__.startswith("1."):
    raise errors.EnvironmentProblem(
      "The tf2 side needs TensorFlow 2, found"
      f" {tensorflow.__version__} in {sys.executable}. Name another cell or"
      " interpreter for it."
    )
  compat = tensorflow.compat.v1
  before = {n: getattr(compat, n) for n in _DISABLERS if hasattr(compat, n)}
  for name in before:
    setattr(compat, name, _neutral(name, notes))
  try:
    yield
  finally:
    for name, function in before.items():
      setattr(compat, name, function)


def _neutral(name: str, notes: List[str]) -> Callable[..., None]:
  def neutral(*unused_args: Any, **unused_kwargs: Any) -> None:
    frame = sys._getframe(1)
    module = frame.f_globals.get("__name__", "?")
    file = os.path.basename(frame.f_code.co_filename)
    sentence = (
      f"Module {module} ({file}:{frame.f_lineno}) calls tf.{name}(), which"
      " would have turned TF2 behaviour off for the port; the tf2 side ignored"
      " it."
    )
    if sentence not in notes:
      notes.append(sentence)

  neutral.__name__ = name
  return neutral


@contextlib.contextmanager
def tf1_behaviour() -> Iterator[None]:
  """TF1.x behaviour inside; what was before is restored after.

  Tensor equality off is TF1.x's own, and makes construction linear: with it on,
  `set(global_variables())` enters `init_scope` for each variable. Eager
  execution needs nothing: a graph's own scope leaves it.
  """
  compat = import_tensorflow().compat.v1
  equality = getattr(compat, "enable_tensor_equality", None)
  if equality is None:
    yield
    return
  variable = compat.Variable
  before = getattr(variable, "_USE_EQUALITY", False)
  compat.disable_tensor_equality()
  try:
    yield
  finally:
    if before:
      compat.enable_tensor_equality()
