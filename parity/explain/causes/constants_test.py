"""Tests of parity.explain.causes.constants."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.explain import blame
from parity.explain import frontier
from parity.explain.causes import constants
from testing import fake_traces


def _scaled(factor, *, op_type="Mul"):
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(4, 5))
  return made.build(y=made.op(op_type, x, made.constant(factor), named="net/s"))


def _summed(axis, *, shift=0.0):
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(4, 4))
  y = made.op("Sum", x, made.constant(axis))
  return made.build(y=made.op("AddV2", y, made.constant(shift)))


def _explain(left, right):
  places = blame.first_places(left, right, ["y"])
  return constants.explain(places[0]) if places else None


class ConstantsTest(absltest.TestCase):
  def test_another_constant_is_named_with_both_values(self):
    finding = _explain(_scaled(0.5), _scaled(0.25))
    self.assertEqual(finding.cause, "constant")
    self.assertIn("0.5 on the tf1 side (net/s), 0.25", finding.message)

  def test_statistics_that_training_does_not_read_are_none(self):
    def normed(mean, *, is_training):
      made = fake_traces.TraceMaker()
      x = made.input("x", fake_traces.values(4, 5))
      ones, zeros = np.ones(5, np.float32), np.zeros(5, np.float32)
      operands = [made.constant(each) for each in (ones, zeros, mean, ones)]
      gives = fake_traces.values(4, 5, seed=int(mean.size) + 2)
      norm = made.op(
        "FusedBatchNormV3", x, *operands, gives=gives, is_training=is_training
      )
      return made.build(y=norm)

    blank, moving = np.zeros(0, np.float32), np.ones(5, np.float32)
    for is_training, said in ((True, False), (False, True)):
      left = normed(blank, is_training=is_training)
      right = normed(moving, is_training=is_training)
      self.assertEqual(_explain(left, right) is not None, said, is_training)

  def test_another_axis_is_one(self):
    finding = _explain(_summed(0), _summed(1))
    self.assertEqual(finding.cause, "constant")

  def test_of_other_sums_the_same_axis_is_none_and_another_is_told(self):
    def summed(axis, seed):
      made = fake_traces.TraceMaker()
      x = made.input("x", fake_traces.values(4, 4))
      gives = fake_traces.values(4, seed=seed)
      return made.build(y=made.op("Sum", x, made.constant(axis), gives=gives))

    for axis, is_told in ((-1, False), (-2, True), (0, True)):
      left, right = summed(1, 5), summed(axis, 6)
      self.assertNotEmpty(blame.first_places(left, right, ["y"]))
      self.assertEqual(_explain(left, right) is not None, is_told, axis)

  def test_the_same_axis_counted_from_the_end_is_none(self):
    self.assertIsNone(_explain(_summed(1), _summed(-1)))

  def test_another_op_is_none(self):
    self.assertIsNone(_explain(_scaled(0.5), _scaled(0.5, op_type="AddV2")))

  def test_a_weight_is_no_setting(self):
    made = fake_traces.TraceMaker()
    x = made.input("x", fake_traces.values(4, 5))
    weight = made.variable("w", fake_traces.values(5))
    shown = made.op("Mul", x, weight)
    trace = made.build(y=shown)
    made_by = frontier.producers(trace)
    self.assertFalse(constants.is_setting(trace, weight, made_by))
    self.assertFalse(constants.is_setting(trace, shown, made_by))

  def test_what_follows_from_constants_is_a_setting(self):
    made = fake_traces.TraceMaker()
    sum_of_two = made.op("AddV2", made.constant(1.0), made.constant(2.0))
    trace = made.build(y=sum_of_two)
    self.assertTrue(
      constants.is_setting(trace, sum_of_two, frontier.producers(trace))
    )


class ShownTest(absltest.TestCase):
  def test_numbers_are_as_short_as_their_dtype_tells_them(self):
    self.assertEqual(constants.shown(np.float32(0.1)), "0.1")
    self.assertEqual(constants.shown(np.array([1, 2])), "[1, 2]")
    self.assertEqual(constants.shown(np.zeros((3, 9))), "float64[3, 9]")
    self.assertIn("not kept", constants.shown(None))


if __name__ == "__main__":
  absltest.main()
