"""Tests of parity.explain.idle."""

from __future__ import annotations

import dataclasses

from absl.testing import absltest
import numpy as np

from parity.explain import blame
from testing import small_traces

_IMAGE = np.arange(4.0).reshape(2, 2)


def _net(padding, *, is_activated):
  small = small_traces.SmallTrace()
  image = small.root("input:image", _IMAGE)
  kernel = small.root("variable:w", np.array([0.5]))
  before = small.op("Relu", [image], _IMAGE + 3) if is_activated else image
  value = _IMAGE * 2 + (7 if is_activated else 0)
  attributes = {"padding": padding}
  y = small.op("Conv2D", [before, kernel], value, attributes=attributes)
  return small.trace({"y": y})


def _runs(*, padding_counts):
  """A replay in which only the padding of a Conv2D may change anything."""

  def replay(trace):
    tensors = list(trace.tensors)
    for op in trace.ops:
      number = len(str(op.attributes.get("padding"))) if padding_counts else 1
      tensors[op.outputs[0]] = dataclasses.replace(
        tensors[op.outputs[0]], value=_IMAGE * number, digest=str(number)
      )
    return dataclasses.replace(trace, tensors=tuple(tensors))

  return replay


class WithoutTest(absltest.TestCase):
  def test_a_padding_that_pads_nothing_is_no_cause(self) -> None:
    [finding] = blame.explain_traces(
      _net("SAME", is_activated=True),
      _net("VALID", is_activated=False),
      ["y"],
      replay=_runs(padding_counts=False),
    )
    self.assertEqual(finding.cause, "op_structure")

  def test_a_padding_that_changes_the_result_is_one(self) -> None:
    [finding] = blame.explain_traces(
      _net("SAME", is_activated=True),
      _net("VALID", is_activated=False),
      ["y"],
      replay=_runs(padding_counts=True),
    )
    self.assertEqual(finding.cause, "op_attribute")


if __name__ == "__main__":
  absltest.main()
