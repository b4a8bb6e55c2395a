"""Traces of a few ops, for tests of what reads them."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence

import numpy as np

from parity.records import trace as trace_lib


class SmallTrace:
  """Writes a trace down, op by op; tensors are told by their numbers.

  >>> small = SmallTrace()
  >>> x = small.root("input:x", np.ones(3))
  >>> y = small.op("Relu", [x], np.ones(3))
  >>> small.trace({"y": y}).ops[0].op_type
  'Relu'
  """

  def __init__(self) -> None:
    self._tensors: List[trace_lib.TensorRecord] = []
    self._ops: List[trace_lib.OpRecord] = []

  def root(self, root: str, value: Any) -> int:
    """An input, a variable or a constant."""
    return self._add(np.asarray(value), root)

  def op(
    self,
    op_type: str,
    inputs: Sequence[int],
    value: Any,
    *,
    attributes: Optional[Dict[str, object]] = None,
    source: Optional[str] = None,
  ) -> int:
    """An op with one result; returns the result's number."""
    result = self._add(np.asarray(value), None)
    self._ops.append(
      trace_lib.OpRecord(
        op_type=op_type,
        name=f"{op_type}_{len(self._ops)}",
        scope="",
        attributes=attributes or {},
        inputs=tuple(inputs),
        outputs=(result,),
        source=source,
      )
    )
    return result

  def trace(self, outputs: Dict[str, int]) -> trace_lib.Trace:
    """The trace."""
    return trace_lib.Trace(tuple(self._ops), tuple(self._tensors), outputs)

  def _add(self, value: np.ndarray, root: Optional[str]) -> int:
    flat = np.abs(value.astype(np.float64)).reshape(-1)
    self._tensors.append(
      trace_lib.TensorRecord(
        shape=tuple(value.shape),
        dtype=value.dtype.name,
        digest=f"{value.dtype.name}{value.tolist()}",
        finite=value.size,
        rms=float(np.sqrt(np.mean(np.square(flat)))) if value.size else 0.0,
        peak=float(np.max(flat)) if value.size else 0.0,
        value=value,
        root=root,
      )
    )
    return len(self._tensors) - 1
