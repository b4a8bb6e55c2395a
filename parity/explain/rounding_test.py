"""Tests of parity.explain.rounding."""

from __future__ import annotations

import dataclasses

from absl.testing import absltest
import numpy as np

from parity.explain import rounding
from parity.records import tolerance as tolerance_lib
from testing import fake_traces


def _trace(*, order="left", bug=0.0, unseen=False):
  """(x + big) - big, or x + (big - big): far apart, and rounding alone."""
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(4, 5))
  big = made.constant(1000.0)
  if order == "left":
    net = made.op("Sub", made.op("AddV2", x, big), big)
  else:
    net = made.op("AddV2", x, made.op("Sub", big, big))
  net = made.op("AddV2", net, made.constant(bug))
  if unseen:
    gives = np.asarray(fake_traces.values(4, 5))
    net = made.op("Unknown", net, gives=gives)
  return made.build(y=net)


def _without_value(trace):
  tensors = list(trace.tensors)
  number = trace.outputs["y"]
  tensors[number] = dataclasses.replace(tensors[number], value=None)
  return dataclasses.replace(trace, tensors=tuple(tensors))


def _gaps(left, right):
  return rounding.gaps_of(
    "y", left, right, fake_traces.replay(left), fake_traces.replay(right)
  )


class RoundingTest(absltest.TestCase):
  def test_what_is_gone_in_float64_is_rounding(self):
    gaps = _gaps(_trace(), _trace(order="right"))
    self.assertGreater(gaps.narrow, 1e-5)
    self.assertTrue(gaps.is_rounding)

  def test_a_bug_of_its_size_is_not(self):
    gaps = _gaps(_trace(), _trace(order="right", bug=2e-5))
    self.assertFalse(gaps.is_rounding)

  def test_what_cannot_be_run_again_proves_nothing(self):
    gaps = _gaps(_trace(unseen=True), _trace(order="right"))
    self.assertFalse(gaps.is_proof)
    self.assertFalse(gaps.is_rounding)

  def test_an_output_whose_value_one_side_did_not_keep_has_no_gap(self):
    left, right = _trace(), _trace(order="right")
    for tf1, tf2 in (
      (_without_value(left), right),
      (left, _without_value(right)),
    ):
      gaps = rounding.gaps_of(
        "y", tf1, tf2, fake_traces.replay(left), fake_traces.replay(right)
      )
      self.assertIsNone(gaps.narrow)
      self.assertIsNotNone(gaps.wide)
      self.assertFalse(gaps.is_rounding)

  def test_what_float64_leaves_may_be_within_the_tolerance(self):
    policy = tolerance_lib.TolerancePolicy()
    for wide, is_proof, is_it in (
      (1e-9, True, True),  # Rounding by itself.
      (9e-6, True, True),  # Within the tolerance of 1e-5.
      (9e-6, False, False),
      (2e-5, True, False),
      (None, True, False),
    ):
      gaps = rounding.Gaps("y", 3e-5, wide, 1.0, is_proof)
      self.assertEqual(gaps.is_rounding_within(policy), is_it, gaps)
    self.assertTrue(
      rounding.Gaps("y", 1.0, 1e-4, 1.0, is_proof=True).is_rounding_within(
        policy
      )
    )

  def test_the_note_says_both_differences(self):
    left, right = _trace(), _trace(order="right")
    finding = rounding.finding(_gaps(left, right), left, right)
    self.assertTrue(finding.is_note)
    self.assertEqual(finding.cause, "rounding")
    self.assertIn("in float64 the difference is", finding.message)
    self.assertEqual(finding.where.output, "y")


if __name__ == "__main__":
  absltest.main()
