"""Which random op took which seed, and what became of its numbers?

A *draw* is one random op as it was asked for: its seed is known before the op
is. The op itself is seen when it has run or has been put into a graph, and the
variable that it initialises when that variable has been made.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, FrozenSet, Iterable, List, Optional, Tuple
import weakref

from parity.records import recording as recording_lib
from parity.tf import random_ops
from parity.tf.compat import execution
from parity.tf.compat import seeds

EAGER = "eager"
FUNCTION = "function"
GRAPH = "graph"
# Keras builds some graphs only to learn shapes; what they draw never runs.
SCRATCH = "scratch"


@dataclasses.dataclass(eq=False)
class Draw:
  """A random op, filled in as it becomes known.

  Attributes:
    op_seed: the op seed it got, None where it escaped.
    place: `eager`, `function`, `graph` or `scratch`.
    source: the user's line.
    graph: where it lies, None in eager mode.
    event: the op; None until it is seen. Of an eager one without its outputs:
      a draw must not keep the numbers of a large variable in memory.
    signature: what must agree for another op to be the same draw a step later.
    scope: the name scope it ran in.
    variable: the variable it initialises.
  """

  op_seed: Optional[int]
  place: str
  source: Optional[str]
  graph: Optional[Any] = None
  event: Optional[execution.OpEvent] = None
  scope: str = ""
  variable: Optional[str] = None
  signature: Tuple[Any, ...] = ("unknown", (), "")

  def see(self, event: execution.OpEvent) -> None:
    """Takes notice of the op."""
    self.signature = signature_of(event)
    if event.graph is None:
      event = dataclasses.replace(event, outputs=())
    self.event = event

  def describe(self) -> str:
    """The draw in a few words, for messages."""
    op_type, shape, dtype = self.signature
    words = [str(op_type)]
    if self.event is not None:
      words.append(f"of shape {shape} and dtype {dtype}")
    if self.variable is not None:
      words.append(f"(initialises {self.variable})")
    words.append(f"at {self.source or 'unknown line'}")
    return " ".join(words)

  def record(self, index: int) -> recording_lib.RandomOpRecord:
    """The draw as plain data."""
    op_type, shape, dtype = self.signature
    name = self.scope
    if self.event is not None and self.event.name:
      name = self.event.name
    return recording_lib.RandomOpRecord(
      index=index,
      op_type=op_type,
      name=name,
      shape=shape,
      dtype=dtype,
      op_seed=self.op_seed,
      variable=self.variable,
      source=self.source,
    )


def signature_of(event: execution.OpEvent) -> Tuple[Any, ...]:
  """An op's type, result shape and dtype."""
  output = event.outputs[0]
  return (event.op_type, random_ops.plain_shape(output), output.dtype.name)


def place_now() -> Tuple[str, Optional[Any]]:
  """Where an op made now would run, and the graph it would lie in."""
  if execution.is_eager():
    return EAGER, None
  graph = execution.default_graph()
  return place_in(graph), graph


def place_in(graph: Optional[Any]) -> str:
  """Where the ops of a graph run."""
  if graph is None:
    return EAGER
  if execution.is_scratch_graph(graph):
    return SCRATCH
  return FUNCTION if execution.is_function_graph(graph) else GRAPH


class Lineage:
  """Which eager tensors come out of which draws, or of a changing state.

  Tensors are held weakly: what the program has dropped is forgotten.
  """

  # Stands for a variable's value among the draws that a tensor comes from.
  STATE = object()

  def __init__(self) -> None:
    self._origins: Dict[int, Tuple[Any, FrozenSet[Any]]] = {}

  def follow(self, event: execution.OpEvent, draw: Optional[Draw]) -> None:
    """Passes an eager op's origins on to its outputs."""
    origins = self.of(event.inputs)
    if draw is not None:
      origins |= {draw}
    if event.op_type in random_ops.STATE_READERS:
      origins |= {self.STATE}
    if not origins:
      return
    for tensor in event.outputs:
      key = id(tensor)
      reference = weakref.ref(
        tensor, lambda _, key=key: self._origins.pop(key, None)
      )
      self._origins[key] = (reference, origins)

  def of(self, tensors: Iterable[Any]) -> FrozenSet[Any]:
    """The draws (and STATE) that any of the tensors comes from."""
    found: FrozenSet[Any] = frozenset()
    for tensor in tensors:
      entry = self._origins.get(id(tensor))
      if entry is not None and entry[0]() is tensor:
        found |= entry[1]
    return found


def draws_behind(
  tensor: Any, draws: List[Draw], lineage: Lineage
) -> List[Draw]:
  """The draws that a tensor comes from, eager or in a graph."""
  graph = None if hasattr(tensor, "numpy") else getattr(tensor, "graph", None)
  if graph is None:
    return [d for d in lineage.of([tensor]) if isinstance(d, Draw)]
  names = {op.name for op in random_ops.ancestors(tensor.op)}
  return [
    d
    for d in draws
    if d.graph is graph and d.event is not None and d.event.name in names
  ]


def seeds_of(event: execution.OpEvent) -> Tuple[int, int]:
  """The graph seed and op seed that a stateful op carries."""
  pair = []
  for name in ("seed", "seed2"):
    value = event.attributes.get(name)
    pair.append(int(getattr(value, "i", value) or 0))
  return pair[0], pair[1]


def resolve_from_graphs(draws: List[Draw], seed: int) -> None:
  """Fills in the ops of draws that nobody saw, from the graphs they lie in.

  A TensorFlow before 2.1 does not tell of ops; a graph there still holds them.

  Args:
    draws: in the order of their seeds.
    seed: the graph seed of all of them.
  """
  waiting: Dict[int, List[Draw]] = {}
  for draw in draws:
    if draw.event is None and draw.graph is not None:
      waiting.setdefault(id(draw.graph), []).append(draw)
  for unseen in waiting.values():
    graph = unseen[0].graph
    for op in graph.get_operations():
      if random_ops.kind_of(op.type) != random_ops.STATEFUL:
        continue
      pair = (op.get_attr("seed"), op.get_attr("seed2"))
      for draw in unseen:
        if pair == seeds.usable(seed, int(draw.op_seed or 0)):
          draw.see(
            execution.OpEvent(
              op.type, tuple(op.inputs), {}, tuple(op.outputs), op.name, graph
            )
          )
          unseen.remove(draw)
          break
