"""Is this trace of a function the second one of the same first call?

A `tf.function` that creates variables is traced twice in its first call: once
to find the variables, and once more to run. Both traces draw, only the second
ever runs. A graph has these ops once; so the second trace gets the op seeds of
the first again.

Two traces are taken for the same function where they have the same name, the
first created a variable, no other trace repeated it yet, and they draw at the
same lines. Where the lines differ after the first draw, that is an error.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Optional, Set

from parity import errors
from parity.tf import random_draws
from parity.tf.compat import execution


@dataclasses.dataclass(eq=False)
class _Repeat:
  """A trace, the earlier one that it repeats, and how far it has come."""

  graph: Any
  earlier: List[random_draws.Draw]
  position: int = 0


class Traces:
  """The traces that created variables, and those that repeat them."""

  def __init__(self) -> None:
    self._creating: List[Any] = []
    self._repeats: Dict[int, _Repeat] = {}
    self._repeated: Set[int] = set()

  def note_creation(self) -> None:
    """Notes that a variable is created here, perhaps inside a trace."""
    # Keras leaves the trace to create a variable; its graph stays the default.
    graph = execution.default_graph()
    while graph is not None and execution.is_function_graph(graph):
      if not any(graph is known for known in self._creating):
        self._creating.append(graph)
      graph = execution.outer_graph(graph)

  def repeated(
    self,
    draws: List[random_draws.Draw],
    graph: Any,
    source: Optional[str],
  ) -> Optional[random_draws.Draw]:
    """The draw of the earlier trace that a draw made now repeats.

    Args:
      draws: all draws so far.
      graph: the function's graph that is traced now.
      source: the user's line that draws.

    Returns:
      The draw, or None where this trace repeats no other.

    Raises:
      AlignmentError: the second trace draws otherwise than the first.
    """
    repeat = self._repeats.get(id(graph))
    if repeat is None:
      repeat = self._find(draws, graph, source)
      self._repeats[id(graph)] = repeat
    if not repeat.earlier:
      return None
    if repeat.position < len(repeat.earlier):
      draw = repeat.earlier[repeat.position]
      if draw.source == source:
        repeat.position += 1
        return draw
    raise errors.AlignmentError(
      f"The tf.function {graph.name!r} is traced twice in its first call, since"
      f" it creates variables, and its random op at {source or 'unknown line'}"
      " is not in the first trace, or not in this place. Create its variables"
      " before the first call."
    )

  def _find(
    self, draws: List[random_draws.Draw], graph: Any, source: Optional[str]
  ) -> _Repeat:
    for earlier in self._creating:
      if earlier is graph or id(earlier) in self._repeated:
        continue
      forward = [d for d in draws if d.graph is earlier and d.variable is None]
      is_same_function = earlier.name == graph.name and bool(forward)
      if is_same_function and forward[0].source == source:
        self._repeated.add(id(earlier))
        return _Repeat(graph, forward)
    return _Repeat(graph, [])
