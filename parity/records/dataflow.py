"""What stands around a divergence, and how does error grow along the network?

Both are drawn from the traces of a failing check and kept in its report, small
enough to read: a `Neighbourhood` is a dozen ops a side, a `Depth` one figure an
op. Reports draw them and compute nothing.
"""

from __future__ import annotations

import dataclasses
from typing import Optional, Tuple


@dataclasses.dataclass(frozen=True)
class Node:
  """One op, variable, input or constant near a divergence.

  Attributes:
    number: its number on its side.
    kind: `op`, `variable`, `input` or `constant`.
    label: the op's type, the variable's or input's name, the constant's value.
    name: the op's name.
    source: the user's line.
    shape: of its first result, None where that was not seen.
    dtype: of its first result.
    role: `parts` for the op where the sides part, `agrees` where the other side
      has its result too, `differs` where it has not.
    twin: a number that it shares with the node of the other side that has the
      same result; None where the neighbourhood shows none.
    inputs: numbers of the nodes that it uses, in order.
    settings: for the op where the sides part, `name=value` of each attribute
      that the other side's op has otherwise.
  """

  number: int
  kind: str
  label: str
  name: str = ""
  source: Optional[str] = None
  shape: Optional[Tuple[int, ...]] = None
  dtype: Optional[str] = None
  role: str = "agrees"
  twin: Optional[int] = None
  inputs: Tuple[int, ...] = ()
  settings: Tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Neighbourhood:
  """The ops around a divergence, in execution order.

  Attributes:
    tf1: nodes of the tf1 side, each after those that it uses.
    tf2: nodes of the tf2 side.
  """

  tf1: Tuple[Node, ...] = ()
  tf2: Tuple[Node, ...] = ()


@dataclasses.dataclass(frozen=True)
class DepthPoint:
  """How far apart the sides are at one op of the tf1 side.

  Attributes:
    order: the op's place in the tf1 side's execution order.
    op: its name.
    op_type: its type.
    error: largest difference of its result from the other side's, of the
      result's largest magnitude, or a lower bound of that where values were too
      large to be kept; None where it is not finite.
    noise: the op's noise floor: largest difference of its result from what the
      tf1 side gives in float64, of the same magnitude; None where it was not
      measured.
    match: how its partner was found: `value`, `congruent` (the same function of
      partners), `behind` (the corresponding op at or behind a divergence), or
      `name` (both are an output or a variable of one name).
  """

  order: int
  op: str
  op_type: str
  error: Optional[float]
  noise: Optional[float] = None
  match: str = "value"
