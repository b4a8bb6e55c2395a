"""Tests of parity.explain.edits."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.explain import blame
from parity.explain import edits
from testing import small_traces

_X = np.array([1.0, 5.0, 9.0])


def _loop(step, *, lines=("port.py:7", "port.py:7")):
  """Two rounds that subtract a step, each from a line."""
  small = small_traces.SmallTrace()
  value, made = _X, small.root("input:x", _X)
  for line in lines:
    constant = small.root("constant", np.array(step))
    value = value - step
    made = small.op("Sub", [made, constant], value, source=line)
  return small.trace({"y": made})


def _reduced(axes, keep_dims):
  small = small_traces.SmallTrace()
  x = small.root("input:x", np.array([[1.0, 2.0], [5.0, 9.0]]))
  axis = small.root("constant", np.array(axes, np.int32))
  value = np.mean(
    np.array([[1.0, 2.0], [5.0, 9.0]]), axis=tuple(axes), keepdims=keep_dims
  )
  mean = small.op("Mean", [x, axis], value, attributes={"keep_dims": keep_dims})
  return small.trace({"y": mean})


def _candidates(tf1, tf2):
  [place] = blame.first_places(tf1, tf2, ["y"])
  return edits.candidates(place)


class CandidatesTest(absltest.TestCase):
  def test_an_edit_is_tried_on_all_ops_of_a_line(self) -> None:
    first = _candidates(_loop(2.0), _loop(3.0))[0]
    self.assertEqual(first.kind, "constant")
    self.assertEqual(first.ours, 2.0)
    self.assertLen(first.others, 1)
    self.assertIs(first.change(first.number), first.op)

  def test_other_lines_are_left_alone(self) -> None:
    port = _loop(3.0, lines=("port.py:7", "port.py:8"))
    for edit in _candidates(_loop(2.0), port):
      self.assertEmpty(edit.others)

  def test_an_axis_is_tried_together_with_keep_dims(self) -> None:
    found = _candidates(_reduced([1], True), _reduced([0, 1], False))
    both = [
      edit
      for edit in found
      if edit.kind == "constant" and edit.op.attributes["keep_dims"]
    ]
    self.assertLen(both, 1)
    np.testing.assert_array_equal(both[0].ours, [1])


if __name__ == "__main__":
  absltest.main()
