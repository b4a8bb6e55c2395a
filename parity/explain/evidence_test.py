"""Tests of parity.explain.evidence."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.explain import blame
from parity.explain import evidence
from testing import fake_traces

_X = fake_traces.values(5, 6, 8)


def _changed(index, by=1.0):
  other = _X.copy()
  other[index] += np.float32(by)
  return other


class PatternTest(absltest.TestCase):
  def test_a_transpose_is_told(self):
    pattern = evidence.pattern_of(_X, _X.transpose(0, 2, 1))
    self.assertEqual(
      pattern, "the port's is tf1's with its axes permuted to (0, 2, 1)"
    )

  def test_a_factor_is_told(self):
    self.assertIn("1/2 times tf1's", evidence.pattern_of(_X, _X / 2))

  def test_one_channel_is_told(self):
    pattern = evidence.pattern_of(_X, _changed((Ellipsis, 3)))
    self.assertIn("100% of the squared difference", pattern)
    self.assertIn("index 3 of axis 2 (of 8)", pattern)

  def test_edges_are_told(self):
    x = fake_traces.values(3, 12, 12)
    other = x.copy()
    other[:, 0] += 1.0
    other[:, -1] += 1.0
    self.assertIn(
      "first and last indices of axis 1", evidence.pattern_of(x, other)
    )

  def test_a_difference_everywhere_has_no_pattern(self):
    noise = fake_traces.values(5, 6, 8, seed=9)
    self.assertIsNone(evidence.pattern_of(_X, _X + noise))

  def test_equal_results_have_none(self):
    self.assertIsNone(evidence.pattern_of(_X, _X.copy()))


def _trace(factor):
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(6, 5))
  w = made.variable("w", fake_traces.values(5, 7, seed=2))
  net = made.op("Tanh", made.op("MatMul", x, w))
  net = made.op("Mul", net, made.constant(factor), named="net/scale")
  return made.build(y=net)


def _told(left, right):
  partners = blame.pair(left, right, ["y"])
  (finding,) = blame.explain_traces(
    left, right, ["y"], replay=fake_traces.replay
  )
  return evidence.with_evidence(
    finding,
    left,
    right,
    partners=partners,
    wide=fake_traces.replay(left),
  )


class WithEvidenceTest(absltest.TestCase):
  def test_the_results_of_the_ops_are_looked_at(self):
    finding = _told(_trace(0.5), _trace(0.25))
    self.assertIn("the port's is 1/2 times tf1's", finding.pattern)

  def test_the_difference_is_told_in_units_of_rounding(self):
    large = _told(_trace(0.5), _trace(0.25)).times_noise
    small = _told(_trace(0.5), _trace(0.4999)).times_noise
    self.assertGreater(large, 1e5)
    self.assertLess(small, large / 1000)

  def test_without_float64_nothing_is_said_of_rounding(self):
    left, right = _trace(0.5), _trace(0.25)
    (finding,) = blame.explain_traces(left, right, ["y"])
    found = evidence.with_evidence(
      finding,
      left,
      right,
      partners=blame.pair(left, right, ["y"]),
      wide=None,
    )
    self.assertIsNone(found.times_noise)


if __name__ == "__main__":
  absltest.main()
