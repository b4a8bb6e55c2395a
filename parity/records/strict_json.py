"""How is JSON that a stranger may have written read? Only what is one thing.

`json` takes the last of two values of one key, where another reader takes the
first; and it takes NaN, which is no JSON. Both are refused here.
"""

from __future__ import annotations

import json
from typing import Any, Dict, List, Tuple, Union


def loads(text: Union[str, bytes]) -> Any:
  """Reads JSON text.

  >>> loads('{"a": [1, null]}')
  {'a': [1, None]}
  >>> loads('{"a": 1, "a": 2}')
  Traceback (most recent call last):
    ...
  ValueError: it holds the key 'a' twice

  Args:
    text: the whole text, or its bytes in UTF-8.

  Raises:
    ValueError: it is no JSON, nested too deep to be read, or holds a key twice.
  """
  if isinstance(text, bytes):
    text = text.decode("utf-8")
  try:
    return json.loads(
      text, object_pairs_hook=_object, parse_constant=_refuse_constant
    )
  except RecursionError as error:
    raise ValueError("it is nested too deep") from error


def _object(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
  found = dict(pairs)
  if len(found) < len(pairs):
    keys = [key for key, _ in pairs]
    twice = next(key for key in keys if keys.count(key) > 1)
    raise ValueError(f"it holds the key {_shown(twice)} twice")
  return found


def _shown(key: str) -> str:
  return repr(key if len(key) < 60 else key[:57] + "...")


def _refuse_constant(constant: str) -> None:
  raise ValueError(f"it holds the number {constant}")
