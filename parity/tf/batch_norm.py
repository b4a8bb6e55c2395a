"""What does fused batch norm give in float64? Its kernels stop at float32.

By the formulas of `tf.nn.fused_batch_norm` and of its gradient. The reserve
outputs beyond mean and variance are a kernel's own affair; they are given as
mean and variance again, and the last, whose shape depends on whether oneDNN is
on, as zeros. So the gradient takes its statistics from its own operands.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np

from parity.records import trace as trace_lib


@dataclasses.dataclass(frozen=True)
class _Layout:
  """Over which axes statistics go, and their shape beside the data."""

  axes: Tuple[int, ...]
  shape: Tuple[int, ...]

  def beside(self, statistic: np.ndarray) -> np.ndarray:
    """A statistic in a shape that goes with the data."""
    return statistic.reshape(self.shape)


def results_of(
  op: trace_lib.OpRecord, operands: Sequence[Any], trace: trace_lib.Trace
) -> List[np.ndarray]:
  """The results of `FusedBatchNorm*` or `FusedBatchNormGrad*`.

  Args:
    op: the op.
    operands: their values, in order.
    trace: gives the shapes of the outputs that no formula gives.
  """
  arrays = [np.asarray(operand) for operand in operands]
  if "Grad" in op.op_type:
    results = _gradient(op, arrays)
  else:
    results = _forward(op, arrays)
  for output in op.outputs[len(results) :]:
    results.append(np.zeros(trace.tensors[output].shape))
  return results[: len(op.outputs)]


def _layout(op: trace_lib.OpRecord, rank: int) -> _Layout:
  if op.attributes.get("data_format", "NHWC") in ("NHWC", "NDHWC"):
    return _Layout(tuple(range(rank - 1)), (-1,))
  return _Layout((0, *range(2, rank)), (-1,) + (1,) * (rank - 2))


def _number(op: trace_lib.OpRecord, name: str, default: float) -> float:
  settings: Dict[str, Any] = dict(op.attributes)
  return float(settings.get(name, default))


def _forward(
  op: trace_lib.OpRecord, operands: Sequence[np.ndarray]
) -> List[np.ndarray]:
  """Result, new mean and variance (unbiased), used mean and variance."""
  x, scale, offset, mean, variance = operands
  layout = _layout(op, x.ndim)
  used_mean, used_variance = mean, variance
  new_mean, new_variance = mean, variance
  if op.attributes.get("is_training"):
    used_mean, used_variance = np.mean(x, layout.axes), np.var(x, layout.axes)
    count = x.size // used_mean.size
    unbiased = used_variance * (count / max(count - 1, 1))
    factor = _number(op, "exponential_avg_factor", 1.0)
    new_mean, new_variance = used_mean, unbiased
    if factor != 1.0:
      new_mean = mean + factor * (used_mean - mean)
      new_variance = variance + factor * (unbiased - variance)
  inverse = scale / np.sqrt(used_variance + _number(op, "epsilon", 1e-4))
  y = (x - layout.beside(used_mean)) * layout.beside(inverse)
  y = y + layout.beside(offset)
  return [y, new_mean, new_variance, used_mean, used_variance]


def _gradient(
  op: trace_lib.OpRecord, operands: Sequence[np.ndarray]
) -> List[np.ndarray]:
  """By the data, the scale and the offset."""
  slope, x, scale, mean, variance = operands[:5]
  layout = _layout(op, x.ndim)
  is_training = bool(op.attributes.get("is_training", True))
  if is_training:
    mean, variance = np.mean(x, layout.axes), np.var(x, layout.axes)
  inverse = 1.0 / np.sqrt(variance + _number(op, "epsilon", 1e-4))
  normal = (x - layout.beside(mean)) * layout.beside(inverse)
  by_offset = np.sum(slope, layout.axes)
  by_scale = np.sum(slope * normal, layout.axes)
  by_x = slope
  if is_training:
    count = x.size // mean.size
    by_x = by_x - layout.beside(by_offset) / count
    by_x = by_x - normal * layout.beside(by_scale) / count
  by_x = by_x * layout.beside(scale * inverse)
  return [by_x, by_scale, by_offset]
