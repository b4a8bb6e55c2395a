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


def _clipped(low, high, *, unused=0):
  """An op on two constants; its tensors are numbered from `unused`."""
  small = small_traces.SmallTrace()
  for number in range(unused):
    small.root(f"input:unused{number}", np.arange(3.0) + 20 + number)
  operands = [small.root("input:image", _IMAGE)]
  operands += [small.root("constant", np.float32(n)) for n in (low, high)]
  return small.trace({"y": small.op("Clip", operands, _IMAGE + low + high)})


def _runs_of_clipped(*, position):
  """A replay in which only the constant at one position changes anything."""

  def replay(trace):
    tensors = list(trace.tensors)
    for op in trace.ops:
      number = float(tensors[op.inputs[position]].value)
      tensors[op.outputs[0]] = dataclasses.replace(
        tensors[op.outputs[0]], value=_IMAGE * number, digest=str(number)
      )
    return dataclasses.replace(trace, tensors=tuple(tensors))

  return replay


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

  def test_of_two_constants_the_one_that_changes_nothing_is_no_cause(self):
    for position, told in ((1, "0.5 on the tf1"), (2, "6 on the tf1")):
      finding, *_ = blame.explain_traces(
        _clipped(0.5, 6.0),
        _clipped(0.25, 7.0, unused=3),
        ["y"],
        replay=_runs_of_clipped(position=position),
      )
      self.assertEqual(finding.cause, "constant")
      self.assertIn(told, finding.message)

  def test_a_trial_holds_no_more_than_its_ops_read_and_give(self) -> None:
    runs = []

    def replay(trace):
      runs.append(trace)
      return _runs_of_clipped(position=1)(trace)

    blame.explain_traces(
      _clipped(0.5, 6.0), _clipped(0.25, 7.0, unused=9), ["y"], replay=replay
    )
    for trace in runs:
      used = {t for op in trace.ops for t in (*op.inputs, *op.outputs)}
      self.assertEqual(used, set(range(len(trace.tensors))))

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
