"""What did the forward pass draw in a graph? Its random ops' results, fetched.

Only what the outputs and updates depend on runs, and only that is fetched, in
the same run as they are: a random op of a graph draws anew at each run. Inside
a loop or a function nothing can be fetched; such a record keeps no value.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, Mapping, Sequence, Tuple

import numpy as np

from parity.records import recording as recording_lib
from parity.tf.record import graph_trace


def fetches_of(
  records: Sequence[recording_lib.RandomOpRecord],
  targets: graph_trace.Targets,
) -> Dict[str, str]:
  """Tensor name by op name, for every forward draw that can be fetched."""
  wanted = {record.name for record in records if record.variable is None}
  needed = [op for op in graph_trace.needed_ops(targets) if op.name in wanted]
  return {
    tensor.op.name: tensor.name
    for tensor in graph_trace.fetchable(needed)
    if tensor.value_index == 0 and _is_unconditional(tensor.op)
  }


def _is_unconditional(op: Any) -> bool:
  """Whether an op runs whenever the graph does: in no branch of a cond."""
  return getattr(op, "_control_flow_context", None) is None


def with_values(
  records: Sequence[recording_lib.RandomOpRecord],
  values: Mapping[str, np.ndarray],
) -> Tuple[recording_lib.RandomOpRecord, ...]:
  """The records with what was fetched, by op name."""
  return tuple(
    dataclasses.replace(record, value=np.asarray(values[record.name]))
    if record.name in values
    else record
    for record in records
  )
