"""What did the random ops in a graph's loops draw, round by round?

Nobody can fetch what a loop of TF1.x computes. So the graph is copied, and
behind each random op in a loop stands an op that calls back into Python and
hands its operand on: it sees every round, and what the loop computes is what
it computed before. A random op's stream is that of its seeds, which the copy
keeps.

As they are, ten rounds of a loop may overlap (`parallel_iterations`), and then
they race for the numbers of the stream: two runs of one graph differ. In the
copy rounds do not overlap, and the op that decides on another round tells when
one begins; in a round the order is that in which the ops were constructed.

Certain: the values, and which round each belongs to. Where two loops stand side
by side in a third, their rounds come in the order in which they ran.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
import tensorflow.compat.v1 as tf1

from parity.records import recording as recording_lib

_SUFFIX = "/parity_told"
_ENTER = ("Enter", "RefEnter")

Records = Sequence[recording_lib.RandomOpRecord]


def hearing(records: Records) -> Optional[LoopDraws]:
  """Who hears of what is drawn in loops; None where nothing is."""
  drawing = any(op.loop and op.variable is None for op in records)
  return LoopDraws(records) if drawing else None


class LoopDraws:
  """The draws of a graph's loops, once a session has run the copy.

  Args:
    records: the graph's random ops.
  """

  def __init__(self, records: Records) -> None:
    self._conditions: Dict[str, List[str]] = {
      record.name: record.loop.split()
      for record in records
      if record.loop is not None and record.variable is None
    }
    # What was told, in order: an op's name, and what it drew.
    self._log: List[Tuple[str, np.ndarray]] = []

  def copy_of(self, graph_def: Any) -> Any:
    """A graph like another, that tells what is drawn in its loops."""
    rounds = {name for names in self._conditions.values() for name in names}
    graph = tf1.Graph()
    with graph.as_default():
      changed = type(graph_def)()
      changed.CopyFrom(graph_def)
      telling = []
      for node in changed.node:
        if node.name in self._conditions:
          dtype = tf1.as_dtype(node.attr["dtype"].type)
          telling.append(self._telling(node, dtype, node.name))
        if node.name in rounds:
          telling.append(self._telling(node, tf1.bool, node.input[0]))
          node.input[0] = node.name + _SUFFIX
        for place, operand in enumerate(node.input):
          name = operand.partition(":")[0]
          if name in self._conditions and operand in (name, f"{name}:0"):
            node.input[place] = name + _SUFFIX
        if node.op in _ENTER:
          node.attr["parallel_iterations"].i = 1
      changed.node.extend(telling)
      tf1.import_graph_def(changed, name="")
    return graph

  def _telling(self, node: Any, dtype: Any, operand: str) -> Any:
    """An op for a copy that tells of its operand under a node's name."""
    name, log = node.name, self._log

    def tell(value: np.ndarray) -> np.ndarray:
      log.append((name, np.array(value)))
      return value

    # The function lives as long as the graph in which this is made.
    template = tf1.numpy_function(tell, [tf1.placeholder(dtype)], dtype)
    made = type(node)()
    made.CopyFrom(template.op.node_def)
    made.name = name + _SUFFIX
    made.device = node.device
    del made.input[:]
    made.input.append(operand)
    return made

  def unrolled(
    self, records: Records
  ) -> Tuple[recording_lib.RandomOpRecord, ...]:
    """The records with one a round for those in loops, numbered anew."""
    loops: Dict[str, List[recording_lib.RandomOpRecord]] = {}
    for record in records:
      loops.setdefault(_outermost(record), []).append(record)
    found: List[recording_lib.RandomOpRecord] = []
    for record in records:
      loop = _outermost(record)
      if not loop:
        found.append(record)
      elif loop in loops:
        # Initialisers may stand between the draws of one loop.
        found.extend(self._rounds(loops.pop(loop)))
    return tuple(
      dataclasses.replace(record, index=index)
      for index, record in enumerate(found)
    )

  def _rounds(self, records: Records) -> Records:
    """What the random ops of one loop drew, the first round first."""
    places = {record.name: place for place, record in enumerate(records)}
    conditions = {
      name for record in records for name in self._conditions[record.name]
    }
    rounds = 0
    drawn: List[_Drawn] = []
    for name, value in self._log:
      rounds += name in conditions
      if name in places:
        drawn.append(_Drawn(rounds, places[name], value))
    if not drawn:
      return records  # Nothing that was asked for ran the loop.
    drawn.sort(key=lambda each: (each.round, each.place))
    return [
      dataclasses.replace(
        records[each.place], value=each.value, shape=tuple(each.value.shape)
      )
      for each in drawn
    ]


@dataclasses.dataclass(frozen=True, eq=False)
class _Drawn:
  """What the random op at a place of a loop drew in a round."""

  round: int
  place: int
  value: np.ndarray


def _outermost(record: recording_lib.RandomOpRecord) -> str:
  """The outermost loop of a forward draw; empty outside of loops."""
  if record.loop is None or record.variable is not None:
    return ""
  return record.loop.split()[0]
