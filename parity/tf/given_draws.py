"""Can the port be given the very numbers that the other side drew? In order.

Where two versions draw from other streams, no seed aligns them. Then what the
reference drew in its forward pass is put in place of what the port draws:

1. The n-th draw of the port is the n-th of the reference where both draw the
   same kind of numbers, in the same shape and dtype; it then counts as aligned.
2. A draw that does not fit keeps its own numbers and is recorded as it is, so
   that the lists of random ops differ and the check names it.
3. A `tf.function` runs eagerly meanwhile. What still draws inside of a graph
   cannot be given anything: that is refused by name.

To be used for one eager forward pass.
"""

from __future__ import annotations

import contextlib
from typing import Any, Dict, Iterator, List, Tuple

import numpy as np
import tensorflow as tf2

from parity import errors
from parity.golden import tensors
from parity.records import recording as recording_lib
from parity.tf import random_ops
from parity.tf import sources
from parity.tf.compat import draws as compat_draws
from parity.tf.compat import execution
from parity.tf.compat import variables as compat_variables


class GivenDraws:
  """The reference's draws, and what became of them.

  Args:
    path: a file that `carrying.drawn_values` filled: `INDEX:TYPE`.
  """

  def __init__(self, path: str) -> None:
    arrays = tensors.map_tensors(path)
    self._given: List[Tuple[str, np.ndarray]] = [
      (key.partition(":")[2], arrays[key]) for key in sorted(arrays)
    ]
    self._records: List[recording_lib.RandomOpRecord] = []

  @property
  def records(self) -> Tuple[recording_lib.RandomOpRecord, ...]:
    """The draws of the forward pass, in order."""
    return tuple(self._records)

  @contextlib.contextmanager
  def scope(self) -> Iterator[None]:
    """Gives the draws to the random ops inside."""
    before = tf2.config.functions_run_eagerly()
    tf2.config.run_functions_eagerly(True)
    try:
      with compat_draws.results_replaced(self._give), execution.ops_watched(
        self._see
      ):
        yield
    finally:
      tf2.config.run_functions_eagerly(before)

  def _give(self, op_type: str, result: Any) -> Any:
    source = sources.user_source()
    if not hasattr(result, "numpy"):
      raise errors.AlignmentError(
        f"{op_type} at {source} draws inside of a graph, where the other side's"
        " numbers cannot be put in its place. Let the port draw eagerly, or run"
        " both sides in versions that draw alike."
      )
    index = len(self._records)
    shape, dtype = tuple(result.shape), result.dtype.name
    name = f"{compat_variables.current_scope_name()}/{op_type}"
    settings: Dict[str, Any] = {
      "index": index,
      "name": name.replace("//", "/").lstrip("/"),
      "shape": shape,
      "dtype": dtype,
      "source": source,
    }
    if index < len(self._given):
      given_type, value = self._given[index]
      if (
        compat_draws.kind_of(given_type) == compat_draws.kind_of(op_type)
        and value.shape == shape
        and value.dtype.name == dtype
      ):
        self._records.append(
          recording_lib.RandomOpRecord(
            op_type=given_type, op_seed=index, value=value, **settings
          )
        )
        return tf2.constant(value)
    self._records.append(
      recording_lib.RandomOpRecord(op_type=op_type, op_seed=-1, **settings)
    )
    return result

  def _see(self, event: execution.OpEvent) -> None:
    """Notes random ops of kinds for which nothing can be put in."""
    if random_ops.kind_of(event.op_type) is None:
      return
    if compat_draws.kind_of(event.op_type) is not None:
      return
    output = event.outputs[0]
    self._records.append(
      recording_lib.RandomOpRecord(
        index=len(self._records),
        op_type=event.op_type,
        name=compat_variables.current_scope_name(),
        shape=random_ops.plain_shape(output),
        dtype=output.dtype.name,
        op_seed=None,
        source=sources.user_source(),
      )
    )
