"""Where did the user's own code raise? Calls it, and shortens the traceback.

An exception of the user's code becomes a CaseCodeError whose message holds the
exception and the frames of the user's own files, innermost last. Errors that
`parity` itself raises on purpose pass unchanged.
"""

from __future__ import annotations

import traceback
from typing import Any, Callable, List

from parity import errors
from parity.tf import sources

_MOST_FRAMES = 8
_MOST_TEXT = 1500


def call(label: str, function: Callable[..., Any], *args: Any) -> Any:
  """Calls the user's function.

  Args:
    label: what the case calls it, such as `tf1`.
    function: the user's.
    *args: its arguments.

  Returns:
    What it returns.

  Raises:
    CaseCodeError: it raised; the message holds the user's frames.
  """
  try:
    return function(*args)
  except errors.ParityError:
    raise
  except (Exception, SystemExit) as error:
    raise errors.CaseCodeError(describe(label, error)) from error


def describe(label: str, error: BaseException) -> str:
  """`LABEL raised TYPE: TEXT` and the user's frames of an exception."""
  text = str(error).strip()
  if len(text) > _MOST_TEXT:
    text = text[:_MOST_TEXT] + " ..."
  lines = [f"{label} raised {type(error).__name__}: {text}"]
  frames = user_frames(error)
  lines += [f"  {line}" for line in frames[-_MOST_FRAMES:]]
  return "\n".join(lines)


def user_frames(error: BaseException) -> List[str]:
  """The frames of an exception that are the user's own, outermost first."""
  found = []
  for frame in traceback.extract_tb(error.__traceback__):
    if sources.is_user_file(frame.filename):
      code = f": {frame.line}" if frame.line else ""
      found.append(f"{frame.filename}:{frame.lineno} in {frame.name}{code}")
  return found
