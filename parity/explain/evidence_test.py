"""Tests of parity.explain.evidence."""

from __future__ import annotations

import dataclasses

from absl.testing import absltest
import numpy as np

from parity.explain import blame
from parity.explain import evidence
from parity.records import report as report_lib
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

  def test_other_shapes_and_whole_numbers_have_none(self):
    other = _changed((Ellipsis, 3))
    for left, right in (
      (_X, other[:4]),
      (_X.astype(np.int32), other),
      (_X, (9 * other).astype(np.int32)),
    ):
      self.assertIsNone(evidence.pattern_of(left, right))

  def test_equal_results_have_none(self):
    self.assertIsNone(evidence.pattern_of(_X, _X.copy()))


def _trace(factor):
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(6, 5))
  w = made.variable("w", fake_traces.values(5, 7, seed=2))
  net = made.op("Tanh", made.op("MatMul", x, w))
  net = made.op("Mul", net, made.constant(factor), named="net/scale")
  return made.build(y=net)


def _with_output(trace, dtype, *, rows=None):
  """The trace whose output is of another dtype, or has fewer rows."""
  tensors = list(trace.tensors)
  number = trace.outputs["y"]
  value = tensors[number].value[:rows].astype(dtype)
  tensors[number] = dataclasses.replace(
    tensors[number], value=value, shape=value.shape, dtype=value.dtype.name
  )
  return dataclasses.replace(trace, tensors=tuple(tensors))


def _without_output(trace):
  """The trace whose output's value was not kept."""
  tensors = list(trace.tensors)
  number = trace.outputs["y"]
  tensors[number] = dataclasses.replace(tensors[number], value=None)
  return dataclasses.replace(trace, tensors=tuple(tensors))


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

  def test_without_an_op_the_output_that_differs_is_looked_at(self):
    left, right = _trace(0.5), _trace(0.25)
    finding = report_lib.Finding(
      "unknown", "It differs.", where=report_lib.Where(output="y")
    )
    found = evidence.with_evidence(
      finding,
      left,
      right,
      partners=blame.pair(left, right, ["y"]),
      wide=fake_traces.replay(left),
    )
    self.assertStartsWith(found.pattern, "y: ")
    self.assertIn("1/2 times tf1's", found.pattern)
    self.assertGreater(found.times_noise, 1e5)

  def test_of_the_ops_the_results_there_are_looked_at_not_the_output(self):
    self.assertStartsWith(
      _told(_trace(0.5), _trace(0.25)).pattern, "the two results: "
    )

  def test_rounding_is_that_of_float32_and_of_one_shape(self):
    left, right = _trace(0.5), _trace(0.25)
    wide = fake_traces.replay(left)
    (finding,) = blame.explain_traces(left, right, ["y"])

    def times(tf1, tf2, exact):
      partners = blame.pair(left, right, ["y"])
      return evidence.with_evidence(
        finding, tf1, tf2, partners=partners, wide=exact
      ).times_noise

    self.assertIsNotNone(times(left, right, wide))
    self.assertIsNone(times(_with_output(left, np.float64), right, wide))
    for row in (
      (_without_output(left), right, wide),
      (left, _without_output(right), wide),
      (left, right, _without_output(wide)),
      (left, _with_output(right, np.float32, rows=3), wide),
      (left, right, _with_output(wide, np.float64, rows=3)),
    ):
      self.assertIsNone(times(*row))

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
