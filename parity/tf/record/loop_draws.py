"""What did the random ops in a graph's loops draw, round by round?

Nobody can fetch what a loop of TF1.x computes. So the graph is copied, and
behind each random op in a loop stands an op that calls back into Python and
hands its operand on: it sees every round, and what the loop computes is what
it computed before. A random op's stream is that of its seeds, which the copy
keeps.

As they are, ten rounds of a loop may overlap (`parallel_iterations`), and then
they race for the numbers of the stream: two runs of one graph differ. In the
copy rounds do not overlap, so what is told comes in order.

Certain: the values, and which round each belongs to. The order of several
random ops in one round is that in which they were constructed.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

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
    self._told: Dict[str, List[np.ndarray]] = {
      record.name: []
      for record in records
      if record.loop is not None and record.variable is None
    }

  def copy_of(self, graph_def: Any) -> Any:
    """A graph like another, that tells what is drawn in its loops."""
    graph = tf1.Graph()
    with graph.as_default():
      nodes = {node.name: node for node in graph_def.node}
      telling = [
        self._telling(nodes[name], number)
        for number, name in enumerate(self._told)
      ]
      changed = type(graph_def)()
      changed.CopyFrom(graph_def)
      for node in changed.node:
        for place, operand in enumerate(node.input):
          name = operand.partition(":")[0]
          if name in self._told and operand in (name, f"{name}:0"):
            node.input[place] = name + _SUFFIX
        if node.op in _ENTER:
          node.attr["parallel_iterations"].i = 1
      changed.node.extend(telling)
      tf1.import_graph_def(changed, name="")
    return graph

  def _telling(self, node: Any, number: int) -> Any:
    """The op behind a random op; the function lives as long as the graph."""
    told = self._told[node.name]

    def tell(value: np.ndarray) -> np.ndarray:
      told.append(np.array(value))
      return value

    dtype = tf1.as_dtype(node.attr["dtype"].type)
    blank = tf1.placeholder(dtype, name=f"parity_blank_{number}")
    template = tf1.numpy_function(tell, [blank], dtype)
    made = type(node)()
    made.CopyFrom(template.op.node_def)
    made.name = node.name + _SUFFIX
    made.device = node.device
    del made.input[:]
    made.input.append(node.name)
    return made

  def unrolled(
    self, records: Records
  ) -> Tuple[recording_lib.RandomOpRecord, ...]:
    """The records with one a round for those in loops, numbered anew."""
    found: List[recording_lib.RandomOpRecord] = []
    for loop in itertools.groupby(records, key=lambda each: each.loop):
      group = tuple(loop[1])
      found.extend(group if loop[0] is None else self._rounds(group))
    return tuple(
      dataclasses.replace(record, index=index)
      for index, record in enumerate(found)
    )

  def _rounds(self, records: Records) -> Iterator[recording_lib.RandomOpRecord]:
    """What the random ops of one loop drew, the first round first."""
    most = max(len(self._told.get(record.name, ())) for record in records)
    if not most:
      yield from records  # Nothing that was asked for ran the loop.
    for place in range(most):
      for record in records:
        told = self._told.get(record.name, [])
        if place < len(told):
          value = told[place]
          yield dataclasses.replace(
            record, value=value, shape=tuple(value.shape)
          )
