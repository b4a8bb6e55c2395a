"""Which generation's behaviour does this process have? Set, and held.

A side's world is process-wide. In a process of its own the tf1 side has TF1.x
behaviour for good: no eager execution, no tensor equality, v1 control flow. The
tf2 side keeps TF2 behaviour, although legacy modules call
`disable_v2_behavior()` when they are imported: there such calls do nothing and
are noted with the module that made them. Where both sides share a process, the
tf1 side gets TF1.x behaviour for a while, and its modules are held as well.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Any, Callable, Iterator, List

from parity import errors
from parity.tf.compat import patching

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

    _ = tensorflow.__version__
  except Exception as error:
    if getattr(error, "name", None) == "tensorflow":
      raise errors.EnvironmentProblem(
        f"TensorFlow is not installed for {sys.executable}. Install it there"
        " (pip install tensorflow), or run parity with an interpreter that has"
        " it. `parity doctor` tells more."
      ) from error
    raise errors.EnvironmentProblem(
      f"TensorFlow does not import in {sys.executable}:"
      f" {type(error).__name__}: {error}. Reinstall it there; `parity doctor`"
      " tells more."
    ) from error
  return tensorflow


def become_tf1() -> None:
  """Gives this process TF1.x behaviour for good."""
  compat = import_tensorflow().compat.v1
  disable = getattr(compat, "disable_v2_behavior", None)
  if disable is not None:
    disable()


def require_tf2() -> None:
  """Checks that the tf2 side can run in this process.

  Raises:
    EnvironmentProblem: TensorFlow here is a 1.x, or its TF2 behaviour is off.
  """
  tensorflow = import_tensorflow()
  if tensorflow.__version__.startswith("1."):
    raise errors.EnvironmentProblem(
      "The tf2 side needs TensorFlow 2, found"
      f" {tensorflow.__version__} in {sys.executable}. Name another cell or"
      " interpreter for it."
    )
  if not _is_tf2_behaviour_on():
    raise errors.EnvironmentProblem(
      "TF2 behaviour is off in this process, so the tf2 side cannot run in it:"
      " a module that was imported before called tf.disable_v2_behavior() or"
      " its like, or a graph is the default. Check the case by its file, in"
      " processes of its own, or import that module only inside tf1."
    )


def _is_tf2_behaviour_on() -> bool:
  compat = import_tensorflow().compat.v1
  is_eager = getattr(compat, "executing_eagerly_outside_functions", None)
  # TensorFlow 1.15 lacks the question, and the behaviour.
  return is_eager is not None and bool(is_eager())


@contextlib.contextmanager
def kept(notes: List[str]) -> Iterator[None]:
  """Keeps TF2 behaviour, where it is on, whatever the user's modules call.

  Args:
    notes: gets a sentence for each call that would have turned it off.

  Yields:
    Nothing.
  """
  with contextlib.ExitStack() as stack:
    if _is_tf2_behaviour_on():
      for name in _DISABLERS:
        neutral = _neutral(name, notes)
        for owner in _owners(name):
          stack.enter_context(patching.attribute_replaced(owner, name, neutral))
    yield


def _owners(name: str) -> List[Any]:
  """The modules by which a function of `compat.v1` can be reached."""
  compat = import_tensorflow().compat
  spaces = [compat.v1]
  for space in (compat.v1, getattr(compat, "v2", None)):
    inner = getattr(getattr(space, "compat", None), "v1", None)
    if inner is not None:
      spaces.append(inner)
  function = getattr(compat.v1, name, None)
  defined_in = getattr(function, "__module__", None)
  if defined_in in sys.modules:
    spaces.append(sys.modules[defined_in])
  found: List[Any] = []
  for space in spaces:
    if hasattr(space, name) and space not in found:
      found.append(space)
  return found


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
  # Its import needs TensorFlow; this module's must not.
  from parity.tf.compat import behavior

  with contextlib.ExitStack() as stack:
    for scope in (
      behavior.tensor_equality,
      behavior.control_flow_v2,
      behavior.resource_variables,
      behavior.tensorshape_v2,
    ):
      stack.enter_context(scope(enabled=False))
    yield
