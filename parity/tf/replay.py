"""What would a trace's ops give without rounding? Runs them again in float64.

A trace holds each op with its attributes and operands, so it can be run again
from its roots: inputs, variables, constants and random draws keep their
recorded values, every float32 becomes float64, and every op is run eagerly.
What two sides then still disagree in is no rounding. Any TensorFlow runs the
ops of any other whose ops it has, from 1.15 on, on a side of either name.

With `wide=False` the dtypes stay as they are: what a trace without values, such
as a golden's, would have held.

1. An op that computes in float32 is run with float64 in its attributes, and
   one of complex64 with complex128; float16, bfloat16 and float64 stay as they
   are, since they are the model's own choice.
2. Fused batch norm and its gradient have no float64 kernel, and are computed by
   their formulas.
3. What has kernels for float32 alone, such as `CropAndResize`, is run with them
   on operands that are rounded for it.
4. What a graph computed inside its loops was not seen, and is run here for the
   first time: `unrolling` unrolls them.
5. An op that cannot be run keeps its recorded result, and the trace says that
   it is not exact, unless no rounding has touched it, as with text and tables.
6. A value is held until its last use; what is kept of all is what a recorder
   keeps, within `BUDGET`, or only what is wanted where the trace says so.
"""

from __future__ import annotations

import collections
import dataclasses
from typing import Any, Callable, Dict, List, Optional, Sequence, Set, Tuple

import numpy as np
import tensorflow as tf2

from parity.records import standing
from parity.records import trace as trace_lib
from parity.tf import assigning
from parity.tf import batch_norm
from parity.tf import unrolling
from parity.tf.compat import definitions
from parity.tf.compat import execution
from parity.tf.record import keeping

_FAILURES = (tf2.errors.OpError, LookupError, TypeError, ValueError)
BUDGET = 128 << 20
"""Bytes that the values of a trace may take after it was run again."""


def replay(trace: trace_lib.Trace, *, wide: bool = True) -> trace_lib.Trace:
  """Runs a trace again.

  Args:
    trace: with the values of its roots and of what its random ops drew.
    wide: in float64; else in the trace's own dtypes.

  Returns:
    The same tensor numbers and ops with values, loops unrolled, float64 where
    the trace had float32; `notes` names each type of op that could not be run.
  """
  with execution.eager_mode():
    if unrolling.is_needed(trace):
      return _replay_unrolled(trace, wide=wide)
    return _replay(trace, wide=wide)


def _replay_unrolled(trace: trace_lib.Trace, *, wide: bool) -> trace_lib.Trace:
  """The same for a graph with loops or branches, all values held at once."""
  widened = _widened if wide else _as_it_is
  notes: List[str] = []

  def computed(
    op: trace_lib.OpRecord, operands: Sequence[Any]
  ) -> Optional[Sequence[np.ndarray]]:
    if any(operand is None for operand in _read(op, operands)):
      return None
    wide_operands = [widened(operand) for operand in operands]
    results = _run(op, wide_operands, trace, notes=notes, wide=wide)
    return None if results is None or not _fits(results, op, trace) else results

  machine = unrolling.Machine(trace, computed)
  found = machine.run()
  keeper = keeping.Keeper(values=True, budget=BUDGET)
  wanted = {*trace.wanted, *trace.outputs.values()}
  for number, value in machine.values.items():
    if value is None and _is_text(found.tensors[number]):
      continue
    keeper.see(number, widened(value), is_wanted=number in wanted)
    root = found.tensors[number].root
    keeper.change(number, root=None if root == "unseen" else root)
  kept = {
    t for op in trace.ops if trace_lib.is_draw(op.op_type) for t in op.outputs
  }
  inexact = machine.inexact - kept - standing.standing(trace)
  if inexact:
    notes.append(f"{len(inexact)} results keep their recorded values.")
  return dataclasses.replace(
    found,
    tensors=tuple(
      keeper.records.get(number, record)
      for number, record in enumerate(found.tensors)
    ),
    complete=not inexact,
    notes=tuple(dict.fromkeys(notes)),
  )


def _replay(trace: trace_lib.Trace, *, wide: bool) -> trace_lib.Trace:
  widened = _widened if wide else _as_it_is
  notes: List[str] = []
  inexact: Set[int] = set()
  values = _Values(trace, widened)
  for op in trace.ops:
    operands = [values.take(operand) for operand in op.inputs]
    results = None
    if all(operand is not None for operand in _read(op, operands)):
      results = _run(op, operands, trace, notes=notes, wide=wide)
    if results is None or not _fits(results, op, trace):
      results = [widened(trace.tensors[t].value) for t in op.outputs]
      if not trace_lib.is_draw(op.op_type):
        inexact.update(op.outputs)
    values.put(op, results)
  if inexact:
    inexact -= standing.standing(trace)
  if inexact:
    notes.append(f"{len(inexact)} results keep their recorded values.")
  return dataclasses.replace(
    trace,
    tensors=values.tensors(),
    complete=not inexact,
    notes=tuple(dict.fromkeys(notes)),
  )


class _Values:
  """The values of a trace that is run again, each while it is needed."""

  def __init__(
    self,
    trace: trace_lib.Trace,
    widened: Callable[[Optional[np.ndarray]], Optional[np.ndarray]],
  ) -> None:
    self._trace = trace
    self._widened = widened
    self._keeper = keeping.Keeper(
      values=True, budget=BUDGET, digests=trace.digests
    )
    self._alive: Dict[int, Any] = {}
    self._uses = collections.Counter(
      operand for op in trace.ops for operand in op.inputs
    )
    self._wanted = {*trace.wanted, *trace.outputs.values()}

  def take(self, number: int) -> Any:
    """A tensor's value for an op; it is let go after its last use."""
    if number not in self._alive and number not in self._keeper.records:
      self._see(number, self._widened(self._trace.tensors[number].value))
    value = self._alive.get(number)
    self._uses[number] -= 1
    if self._uses[number] <= 0:
      self._alive.pop(number, None)
    return value

  def put(self, op: trace_lib.OpRecord, results: Sequence[Any]) -> None:
    """An op's results."""
    for number, value in zip(op.outputs, results):
      self._see(number, value, is_draw=trace_lib.is_draw(op.op_type))

  def _see(self, number: int, value: Any, *, is_draw: bool = False) -> None:
    if value is None and _is_text(self._trace.tensors[number]):
      return
    if not self._trace.only_wanted or number in self._wanted:
      self._keeper.see(
        number,
        value,
        is_wanted=number in self._wanted,
        is_draw=is_draw,
      )
      # A wide root may go as well: the trace that was run again has it.
      self._keeper.change(number, root=self._trace.tensors[number].root)
    if self._uses[number] > 0:
      self._alive[number] = value

  def tensors(self) -> Tuple[trace_lib.TensorRecord, ...]:
    """The records of all tensors; those that were not seen are as they were."""
    return tuple(
      self._keeper.records.get(number, record)
      for number, record in enumerate(self._trace.tensors)
    )


def _read(op: trace_lib.OpRecord, operands: Sequence[Any]) -> Sequence[Any]:
  """The operands whose values matter: what is overwritten is not read."""
  return operands[1:] if op.op_type in assigning.OVERWRITES else operands


def _is_text(tensor: trace_lib.TensorRecord) -> bool:
  """Whether all that is known of a tensor is its digest, which is to stay."""
  return tensor.dtype == "string"


def _as_it_is(value: Optional[np.ndarray]) -> Optional[np.ndarray]:
  return None if value is None else np.asarray(value)


def _widened(value: Optional[np.ndarray]) -> Optional[np.ndarray]:
  return None if value is None else _as_float64(np.asarray(value))


def _as_float64(array: np.ndarray) -> np.ndarray:
  """The array, in float64 where it was in float32; complex ones likewise."""
  if array.dtype == np.complex64:
    return array.astype(np.complex128)
  return array.astype(np.float64) if array.dtype == np.float32 else array


def _as_float32(array: np.ndarray) -> np.ndarray:
  """The contrary."""
  if array.dtype == np.complex128:
    return array.astype(np.complex64)
  return array.astype(np.float32) if array.dtype == np.float64 else array


def _fits(
  results: Sequence[Any], op: trace_lib.OpRecord, trace: trace_lib.Trace
) -> bool:
  """Whether what was run has the shapes that were recorded."""
  if len(results) != len(op.outputs):
    return False
  compared = list(zip(results, op.outputs))
  if op.op_type.startswith("FusedBatchNorm"):
    # Behind y, mean and variance it gives what its own gradient wants, in
    # another shape with oneDNN than without.
    compared = compared[:3]
  return all(
    result is not None and _is_like(result, trace.tensors[number])
    for result, number in compared
  )


def _is_like(result: Any, recorded: trace_lib.TensorRecord) -> bool:
  """Whether a result has the recorded shape, where one was recorded."""
  if not recorded.digest:
    return True
  return tuple(result.shape) == recorded.shape


def _run(
  op: trace_lib.OpRecord,
  operands: Sequence[Any],
  trace: trace_lib.Trace,
  *,
  notes: List[str],
  wide: bool,
) -> Optional[List[np.ndarray]]:
  """An op's results, or None where it cannot be run."""
  if trace_lib.is_draw(op.op_type) or trace_lib.is_of_table(op.op_type):
    return None
  try:
    by_formula = _by_formula(op, operands, trace, wide=wide)
    if by_formula is not None:
      return by_formula
    results = _run_kernel(op, operands, wide=wide)
  except _FAILURES as error:
    how = "in float64" if wide else "again"
    notes.append(f"{op.op_type} cannot be run {how}: {_short(error)}")
    return None
  if any(result.dtype in (tf2.resource, tf2.variant) for result in results):
    return None
  # Some kernels give float32 whatever they get: ResizeBilinear does.
  found = [np.asarray(result.numpy()) for result in results]
  return [_as_float64(each) for each in found] if wide else found


def _run_kernel(
  op: trace_lib.OpRecord, operands: Sequence[Any], *, wide: bool
) -> Sequence[Any]:
  """Runs an op, in float32 where that is all that it has a kernel for.

  Both sides' results then have that op's own rounding, and no more than that.
  """

  def run(given: Sequence[Any], *, wide: bool) -> Sequence[Any]:
    constants = [tf2.constant(operand) for operand in given]
    attributes = _attributes(op, wide=wide)
    return execution.run_op(op.op_type, constants, attributes, len(op.outputs))

  try:
    return run(operands, wide=wide)
  except _FAILURES:
    if not wide or _is_wide_itself(op):
      raise
  return run([_as_float32(np.asarray(o)) for o in operands], wide=False)


def _is_wide_itself(op: trace_lib.OpRecord) -> bool:
  """Whether the model has the op in double precision, by its own choice."""
  return any(v in ("float64", "complex128") for v in op.attributes.values())


def _by_formula(
  op: trace_lib.OpRecord,
  operands: Sequence[Any],
  trace: trace_lib.Trace,
  *,
  wide: bool,
) -> Optional[List[np.ndarray]]:
  """The results of ops that have no float64 kernel, or work on a variable."""
  if op.op_type in assigning.FORMULAS:
    return [assigning.value_after(op.op_type, operands)]
  if wide and op.op_type.startswith("FusedBatchNorm"):
    return batch_norm.results_of(op, operands, trace)
  if op.op_type == "ResourceGather":
    return [np.take(operands[0], operands[1], axis=0)]
  return None


def _short(error: BaseException) -> str:
  return str(error).strip().split("\n", maxsplit=1)[0][:120]


def _attributes(op: trace_lib.OpRecord, *, wide: bool) -> Dict[str, Any]:
  """The attributes as a kernel wants them, float32 perhaps widened."""
  types = definitions.type_attributes(op.op_type)
  return {
    name: _type(value, wide=wide) if name in types else _listed(value)
    for name, value in op.attributes.items()
  }


def _type(value: Any, *, wide: bool) -> Any:
  if isinstance(value, (list, tuple)):
    return [_type(item, wide=wide) for item in value]
  dtype = tf2.as_dtype(value)
  if wide:
    dtype = {tf2.float32: tf2.float64, tf2.complex64: tf2.complex128}.get(
      dtype, dtype
    )
  return dtype.as_datatype_enum


def _listed(value: Any) -> Any:
  return list(value) if isinstance(value, tuple) else value
