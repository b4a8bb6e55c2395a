"""What would a person call this number?

A factor of 0.5 is `1/2`, one of 32 with a batch of 32 is `32, the size of axis
0`. A number without such a name is given with six digits.
"""

from __future__ import annotations

import math
from typing import List, Sequence, Tuple

# How near a number must be to a named one, relative to it.
_NEAR = 1e-5

_NAMES: Tuple[Tuple[float, str], ...] = (
  (255.0, "255"),
  (127.5, "127.5"),
  (math.sqrt(2), "sqrt(2)"),
  (math.log(2), "ln(2)"),
  (math.log(10), "ln(10)"),
  (math.pi, "pi"),
)


def name_of(value: float, shape: Sequence[int] = ()) -> str:
  """A plain name of a factor.

  >>> name_of(0.5)
  '1/2'
  >>> name_of(1 / 32, shape=(32, 7))
  '1/32, 32 being the size of axis 0'
  >>> name_of(-1.0000001)
  '-1'

  Args:
    value: the factor.
    shape: of the tensor, whose sizes and their product are names too.
  """
  if value < 0:
    return "-" + name_of(-value, shape)
  for number, name, note in _candidates(shape):
    if abs(value - number) <= _NEAR * number:
      return name + note
    if abs(value * number - 1) <= _NEAR:
      return f"1/{name}{note}"
  return f"{value:.6g}"


def _candidates(shape: Sequence[int]) -> List[Tuple[float, str, str]]:
  """Numbers with their names and a note on where each comes from."""
  found = [(float(n), str(n), "") for n in (1, 2, 3, 4)]
  for axis, size in enumerate(shape):
    if size > 4:
      note = f", {size} being the size of axis {axis}"
      found.append((float(size), str(size), note))
  elements = 1
  for size in shape:
    elements *= size
  if len(shape) > 1 and elements > 4:
    note = f", {elements} being the number of elements"
    found.append((float(elements), str(elements), note))
  found += [(float(n), str(n), "") for n in (5, 6, 7, 8, 9, 10, 16, 100, 1000)]
  found += [(number, name, "") for number, name in _NAMES]
  return found
