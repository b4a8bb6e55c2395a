"""Which line did AutoGraph's generated code come from?

AutoGraph runs a generated copy of the user's function. The map from the copy's
lines to the user's hangs on the copy, which the frame of `converted_call` below
holds; when AutoGraph lets an exception pass, it puts the user's lines on it.
"""

from __future__ import annotations

import functools
import os
import re
import types
from typing import Any, List, Optional, Tuple

# TensorFlow 1.15 gives its generated files the names of any temporary file.
_GENERATED = re.compile(
  r"^(__autograph_generated_file.*|tmp[a-z0-9_]{8})\.pyc?$"
)


@functools.lru_cache(maxsize=4096)
def is_generated_file(filename: str) -> bool:
  """Whether AutoGraph wrote this file (since 1.15)."""
  return _GENERATED.match(os.path.basename(filename)) is not None


def original_line(
  frame: types.FrameType, filename: str, lineno: int
) -> Optional[Tuple[str, int]]:
  """The user's line that a generated line is a copy of (since 1.15).

  Args:
    frame: the frame that runs the generated line; it or one that called it is
      AutoGraph's `converted_call`.
    filename: the generated file.
    lineno: the line in it.

  Returns:
    File and line, or None where AutoGraph left no map.
  """
  caller: Optional[types.FrameType] = frame
  while caller is not None:
    if caller.f_code.co_name == "converted_call":
      converted = caller.f_locals.get("converted_f")
      source_map = getattr(converted, "ag_source_map", None) or {}
      origin = source_map.get((filename, lineno))
      if origin is not None:
        return origin.loc.filename, origin.loc.lineno
    caller = caller.f_back
  return None


def translated_frames(error: BaseException) -> List[Any]:
  """The user's frames that AutoGraph put on an exception (since 1.15).

  Args:
    error: an exception that passed through AutoGraph, or any other.

  Returns:
    Objects with `filename`, `lineno`, `function_name`, outermost first; empty
    for an exception that never saw AutoGraph.
  """
  for candidate in (error, error.__cause__, error.__context__):
    metadata = getattr(candidate, "ag_error_metadata", None)
    if metadata is not None:
      return list(reversed(metadata.translated_stack))
  return []
