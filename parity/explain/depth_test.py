"""Tests of parity.explain.depth."""

from __future__ import annotations

from absl.testing import absltest

from parity.explain import blame
from parity.explain import counterparts
from parity.explain import depth
from testing import fake_traces


def _trace(factor=0.5, *, budget=None):
  made = fake_traces.TraceMaker(budget=budget)
  x = made.input("x", fake_traces.values(40, 30))
  net = made.op("Tanh", x, named="net/first")
  net = made.op("Mul", net, made.constant(factor), named="net/scale")
  net = made.op("Exp", net, named="net/exp")
  return made.build(y=net)


def _points(left, right, *, wide=None):
  partners = blame.pair(left, right, ["y"])
  found = counterparts.find_counterparts(
    left, right, partners, parting=[(1, 1)]
  )
  return depth.depth_points(left, right, found, wide=wide)


class DepthTest(absltest.TestCase):
  def test_the_error_begins_at_the_bug(self):
    points = _points(_trace(), _trace(0.6))
    self.assertEqual(
      [p.op for p in points], ["net/first", "net/scale", "net/exp"]
    )
    self.assertEqual(points[0].error, 0.0)
    self.assertAlmostEqual(points[1].error, 0.2, places=4)

  def test_equal_sides_have_no_error(self):
    self.assertEqual({p.error for p in _points(_trace(), _trace())}, {0.0})

  def test_the_floor_is_what_float64_leaves(self):
    left = _trace()
    points = _points(left, _trace(0.6), wide=fake_traces.replay(left))
    for point in points:
      self.assertLess(point.noise, 1e-6)

  def test_without_float64_there_is_no_floor(self):
    self.assertEqual({p.noise for p in _points(_trace(), _trace(0.6))}, {None})

  def test_sketches_give_a_lower_bound(self):
    exact = _points(_trace(), _trace(0.6))
    bound = _points(_trace(budget=0), _trace(0.6, budget=0))
    self.assertGreater(bound[1].error, 0.0)
    self.assertLessEqual(bound[1].error, exact[1].error * (1 + 1e-6))

  def test_a_value_that_one_side_did_not_keep_gives_a_bound_too(self):
    exact = _points(_trace(), _trace(0.6))[1].error
    for ours, theirs in ((None, 0), (0, None)):
      points = _points(_trace(budget=ours), _trace(0.6, budget=theirs))
      self.assertGreater(points[1].error, 0.0)
      self.assertLessEqual(points[1].error, exact * (1 + 1e-6))


if __name__ == "__main__":
  absltest.main()
