"""Which line of the user's own code did this?

A stack runs through TensorFlow, Keras, the standard library, this package and
the user's code. The innermost frame that is none of the former is the line that
a person can change. What is library is decided by place: the standard library,
and the folders of a fixed set of packages; everything else is the user's, a
dependency of theirs in site-packages too.

AutoGraph runs generated copies of the user's functions. TensorFlow maps a live
stack and an op's traceback back by itself; for an exception this module takes
the map that AutoGraph leaves on it or on the frames.
"""

from __future__ import annotations

import collections.abc
import dataclasses
import functools
import linecache
import os
import sys
import sysconfig
import traceback
import types
from typing import Any, Iterable, List, Optional, Tuple, Union

from parity.tf.compat import stacks

# Packages whose frames are never the user's own.
_LIBRARIES = frozenset((
  "_pytest",
  "absl",
  "astunparse",
  "decorator",
  "gast",
  "google",
  "h5py",
  "keras",
  "ml_dtypes",
  "numpy",
  "opt_einsum",
  "optree",
  "packaging",
  "parity",
  "pluggy",
  "pytest",
  "rich",
  "safetensors",
  "six",
  "tensorboard",
  "tensorflow",
  "tensorflow_core",
  "tensorflow_estimator",
  "tf_keras",
  "tf_slim",
  "tree",
  "wrapt",
))  # fmt: skip

_SITE_FOLDERS = ("site-packages", "dist-packages")

# Frames between the code that asks for an op and TensorFlow.
_PASSING_ON = frozenset((
  "generated",
  "parity",
  "stdlib",
  "tensorflow",
  "tensorflow_core",
  "wrapt",
))  # fmt: skip

# Names of code that is no file but a person's all the same.
_TYPED_IN = ("<stdin>", "<ipython-input", "<doctest", "<console>")


@dataclasses.dataclass(frozen=True)
class SourceFrame:
  """One frame of a stack.

  Attributes:
    file: as Python names it.
    line: 1-based.
    function: the function's name.
    text: the line itself, empty where it can't be read.
  """

  file: str
  line: int
  function: str
  text: str = ""

  @property
  def source(self) -> str:
    """The frame as `file:line`."""
    return f"{self.file}:{self.line}"


Stack = Union[
  None, BaseException, types.TracebackType, types.FrameType, Iterable[Any]
]


def user_source(stack: Stack = None) -> Optional[str]:
  """The innermost line of the user's own code, as `file:line`.

  Args:
    stack: an exception, a traceback or a frame; or the frames of
      `op.traceback`, outermost first, as objects with `filename` and `lineno`
      or as tuples that start with those; None for the stack of the caller.

  Returns:
    `file:line`, or None where no frame is the user's.

  >>> user_source([("/home/me/model.py", 7, "tf1", "x = w * 2")])
  '/home/me/model.py:7'
  """
  if stack is None or isinstance(stack, types.FrameType):
    return _live_source(stack or sys._getframe(1))
  if not isinstance(stack, (BaseException, types.TracebackType)):
    return _summary_source(stack)
  frames = user_frames(stack)
  return frames[-1].source if frames else None


def user_frames(stack: Stack) -> Tuple[SourceFrame, ...]:
  """The frames that are the user's own, outermost first.

  Args:
    stack: as in `user_source`, but not None.

  Returns:
    The user's frames; empty where there are none.
  """
  return tuple(f for f in _all_frames(stack) if is_user_file(f.file))


def describe_user_frames(error: BaseException, limit: int = 8) -> str:
  """An exception's traceback, shortened to the user's frames.

  Args:
    error: the exception.
    limit: how many frames to show at most, the innermost ones.

  Returns:
    Lines as Python prints them, the exception last.
  """
  lines: List[str] = []
  for frame in user_frames(error)[-limit:]:
    lines.append(
      f'  File "{frame.file}", line {frame.line}, in {frame.function}'
    )
    text = frame.text or linecache.getline(frame.file, frame.line).strip()
    if text:
      lines.append(f"    {text}")
  last = "".join(traceback.format_exception_only(type(error), error)).rstrip()
  return "\n".join(lines + [last])


@functools.lru_cache(maxsize=None)
def is_user_file(filename: str) -> bool:
  """Whether code of this file is the user's own.

  >>> is_user_file("/home/me/model.py")
  True
  >>> is_user_file(os.__file__)
  False
  """
  return library_of(filename) is None


def caller_of_tensorflow(stack: Stack = None) -> Optional[str]:
  """The library that calls TensorFlow here, None where the user does.

  Args:
    stack: as in `user_source`.

  Returns:
    The innermost library that is not TensorFlow itself, this package, or one
    that merely passes calls on; None where the user's own code comes first.
  """
  if stack is None:
    files = [f.f_code.co_filename for f in _outwards(sys._getframe(1))]
  else:
    files = [frame.file for frame in _all_frames(stack)][::-1]
  for file in files:
    library = library_of(file)
    if library not in _PASSING_ON:
      return library
  return None


@functools.lru_cache(maxsize=None)
def library_of(filename: str) -> Optional[str]:
  """The library that a file belongs to, None where it is the user's own.

  Args:
    filename: as a frame names it.

  Returns:
    A package's name, `stdlib`, `generated` for code without a file.
  """
  if filename.startswith("<"):
    return None if filename.startswith(_TYPED_IN) else "generated"
  if stacks.is_generated_file(filename):
    return "generated"
  path = os.path.abspath(filename)
  parts = path.split(os.sep)
  for place in range(len(parts) - 2, -1, -1):
    if parts[place] in _SITE_FOLDERS:
      package = os.path.splitext(parts[place + 1])[0]
      return package if package in _LIBRARIES else None
  if any(_is_under(path, root) for root in _stdlib_roots()):
    return "stdlib"
  if path.endswith("_test.py"):
    # A test that lies inside a package is a user of it; also our own.
    return None
  for name in sorted(_LIBRARIES):
    if any(_is_under(path, root) for root in _package_roots(name)):
      return name
  return None


def _is_under(path: str, root: str) -> bool:
  return path.startswith(root + os.sep)


@functools.lru_cache(maxsize=None)
def _stdlib_roots() -> Tuple[str, ...]:
  paths = sysconfig.get_paths()
  roots = {paths["stdlib"], paths["platstdlib"], os.path.dirname(os.__file__)}
  return tuple(
    sorted({os.path.abspath(r) for r in roots}
           | {os.path.realpath(r) for r in roots})
  )  # fmt: skip


def _package_roots(name: str) -> Tuple[str, ...]:
  """Where a package lies that is not installed in site-packages."""
  module = sys.modules.get(name)
  roots = list(getattr(module, "__path__", None) or ())
  # TensorFlow's lazy name for a Keras that is missing holds what is no path.
  return tuple(os.path.abspath(r) for r in roots if isinstance(r, str))


def _all_frames(stack: Stack) -> List[SourceFrame]:
  if isinstance(stack, types.FrameType):
    return [_from_live(frame) for frame in _outwards(stack)][::-1]
  if isinstance(stack, BaseException):
    return _exception_frames(stack)
  if isinstance(stack, types.TracebackType):
    return _traceback_frames(stack)
  return [_from_summary(entry) for entry in stack or ()]


def _outwards(frame: Optional[types.FrameType]) -> Iterable[types.FrameType]:
  while frame is not None:
    yield frame
    frame = frame.f_back


def _live_source(frame: types.FrameType) -> Optional[str]:
  for here in _outwards(frame):
    name = here.f_code.co_filename
    if stacks.is_generated_file(name):
      mapped = stacks.original_line(here, name, here.f_lineno)
      if mapped is not None and is_user_file(mapped[0]):
        return f"{mapped[0]}:{mapped[1]}"
    elif is_user_file(name):
      return f"{name}:{here.f_lineno}"
  return None


def _summary_source(stack: Iterable[Any]) -> Optional[str]:
  """Looks at file and line only: a summary reads its file to give the text."""
  # The user's line is mostly near the innermost end; making an object of each
  # frame of a deep stack costs more than all the rest.
  frames = stack if isinstance(stack, collections.abc.Sized) else list(stack)
  for place in range(len(frames) - 1, -1, -1):
    entry = frames[place]
    if hasattr(entry, "filename"):
      file, line = str(entry.filename), int(entry.lineno)
    else:
      file, line = str(entry[0]), int(entry[1])
    if is_user_file(file):
      return f"{file}:{line}"
  return None


def _from_live(frame: types.FrameType) -> SourceFrame:
  return _mapped(
    frame, frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name
  )


def _mapped(
  frame: types.FrameType, file: str, line: int, function: str
) -> SourceFrame:
  if stacks.is_generated_file(file):
    mapped = stacks.original_line(frame, file, line)
    if mapped is not None:
      file, line = mapped
      function = function[4:] if function.startswith("tf__") else function
  return SourceFrame(file, line, function)


def _traceback_frames(tb: Optional[types.TracebackType]) -> List[SourceFrame]:
  found = []
  while tb is not None:
    code = tb.tb_frame.f_code
    found.append(
      _mapped(tb.tb_frame, code.co_filename, tb.tb_lineno, code.co_name)
    )
    tb = tb.tb_next
  return found


def _exception_frames(error: BaseException) -> List[SourceFrame]:
  found = _traceback_frames(error.__traceback__)
  translated = [
    SourceFrame(
      str(entry.filename), int(entry.lineno), str(entry.function_name)
    )
    for entry in stacks.translated_frames(error)
  ]
  # AutoGraph cuts the traceback where it raises anew, and keeps what it cut.
  known = {(frame.file, frame.line) for frame in found}
  return found + [f for f in translated if (f.file, f.line) not in known]


def _from_summary(entry: Any) -> SourceFrame:
  if isinstance(entry, (tuple, list)) and not hasattr(entry, "filename"):
    function = entry[2] if len(entry) > 2 else ""
    text = entry[3] if len(entry) > 3 and isinstance(entry[3], str) else ""
    return SourceFrame(str(entry[0]), int(entry[1]), str(function), text or "")
  return SourceFrame(
    str(entry.filename),
    int(entry.lineno),
    str(getattr(entry, "name", "")),
    str(getattr(entry, "line", None) or ""),
  )
