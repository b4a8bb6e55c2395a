"""Where did the user's own code raise? Calls it, and shortens the traceback.

An exception of the user's code becomes a CaseCodeError whose message holds the
exception and the frames of the user's own files, innermost last. TensorFlow and
Keras write stacks into their messages; there too only the user's frames stay.
Errors that `parity` itself raises on purpose pass unchanged.
"""

from __future__ import annotations

import linecache
import os
import re
from typing import Any, Callable, List

from parity import errors
from parity.tf import legacy_keras
from parity.tf import sources

_MOST_FRAMES = 8
_MOST_TEXT = 1500
_FRAME = re.compile(r'^(\s*)File "([^"]+)", line \d+')
# Where TensorFlow 1.15 says that an op was defined: always a line of its own.
_DEFINED = re.compile(r" \(defined at [^()]*\)")
# What TensorFlow 2.x puts before the message of a kernel called eagerly.
_KERNEL = re.compile(r"\{\{function_node __wrapped__[^}]*\}\} ?")


def call(
  label: str, function: Callable[..., Any], *args: Any, asked: str = ""
) -> Any:
  """Calls the user's function.

  Args:
    label: what the case calls it, such as `tf1`.
    function: the user's.
    *args: its arguments.
    asked: how it was called, where that helps whoever it surprised.

  Returns:
    What it returns.

  Raises:
    CaseCodeError: it raised; the message holds the user's frames.
    EnvironmentProblem: it raised because tf_keras is missing.
  """
  try:
    return function(*args)
  except errors.ParityError:
    raise
  except (Exception, SystemExit) as error:
    text = describe(label, error, asked=asked)
    advice = legacy_keras.advice_for(error)
    if advice is not None:
      raise errors.EnvironmentProblem(f"{text}\n{advice}") from error
    raise errors.CaseCodeError(text) from error


def describe(label: str, error: BaseException, *, asked: str = "") -> str:
  """`LABEL raised TYPE: TEXT`, how it was called, and the user's frames."""
  text = without_library_frames(_text(error)).strip()
  if len(text) > _MOST_TEXT:
    text = text[:_MOST_TEXT] + " ..."
  lines = [f"{label} raised {type(error).__name__}: {text}"]
  lines += [f"It was called as {asked}."] if asked else []
  frames = user_frames(error)
  lines += [f"  {line}" for line in frames[-_MOST_FRAMES:]]
  return "\n".join(lines)


def _text(error: BaseException) -> str:
  """What an exception says; a KeyError's own text is a repr of it."""
  if isinstance(error, KeyError) and len(error.args) == 1:
    said = error.args[0]
    return said if isinstance(said, str) and "\n" in said else str(error)
  return str(error)


def without_library_frames(text: str) -> str:
  r"""A message without the frames of stacks in it that are not the user's.

  >>> without_library_frames('  File "<frozen runpy>", line 8, in _run\nBad.')
  'Bad.'
  """
  kept: List[str] = []
  dropped = -1  # The indent of the frame that is being dropped, -1 for none.
  for line in _DEFINED.sub("", _KERNEL.sub("", text)).splitlines():
    frame = _FRAME.match(line)
    indent = len(line) - len(line.lstrip())
    if frame is not None:
      # TensorFlow 1.15 writes them without their first slash.
      path = os.path.join(os.sep, frame.group(2))
      is_users = sources.is_user_file(
        path if os.path.exists(path) else frame.group(2)
      )
      dropped = -1 if is_users else len(frame.group(1))
    elif indent <= dropped:
      dropped = -1
    if dropped < 0:
      kept.append(line)
  return "\n".join(kept)


def user_frames(error: BaseException) -> List[str]:
  """The frames of an exception that are the user's own, outermost first."""
  found = []
  for frame in sources.user_frames(error):
    text = frame.text or linecache.getline(frame.file, frame.line).strip()
    code = f": {text}" if text else ""
    found.append(f"{frame.source} in {frame.function}{code}")
  return found
