"""How is an attribute of somebody else's module replaced for a while?"""

from __future__ import annotations

import contextlib
from typing import Any, Iterator


@contextlib.contextmanager
def attribute_replaced(owner: Any, name: str, value: Any) -> Iterator[None]:
  """Sets `owner.name` to `value` inside the scope, and restores it after.

  An attribute that the owner inherits (or lacks) is removed again, not set.

  Args:
    owner: a module or a class.
    name: the attribute.
    value: what it is inside the scope.

  Yields:
    Nothing.
  """
  was_own = name in vars(owner)
  previous = vars(owner).get(name)
  setattr(owner, name, value)
  try:
    yield
  finally:
    if was_own:
      setattr(owner, name, previous)
    else:
      delattr(owner, name)
