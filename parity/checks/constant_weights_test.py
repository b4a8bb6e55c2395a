"""Tests of the check constant_weights, and of the note on its limit."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.checks import constant_weights
from parity.checks import variables_created_once
from testing import fakes


def _judge(tf1, tf2):
  sides = [
    fakes.make_recording(
      side,
      outputs=tuple(
        fakes.make_output(path, value, order=i)
        for i, (path, value) in enumerate(values.items())
      ),
      variables=(fakes.make_variable(initial=None, final=None),),
    )
    for side, values in (("tf1", tf1), ("tf2", tf2))
  ]
  return constant_weights.CHECK.judge(fakes.make_evidence(*sides))


class ConstantWeightsTest(absltest.TestCase):
  def test_equal_outputs_pass_without_a_note(self):
    result = _judge({"y": [1.0, 2.0]}, {"y": [1.0, 2.0]})
    self.assertEqual((result.status, result.notes), ("pass", ()))

  def test_other_outputs_fail(self):
    result = _judge({"y": [1.0]}, {"y": [1.1]})
    self.assertEqual(result.status, "fail")

  def test_outputs_below_the_tolerance_are_noted_as_no_proof(self):
    result = _judge(
      {"stem": [1.0], "logits": [1e-9]}, {"stem": [1.0], "logits": [-2e-9]}
    )
    self.assertEqual(result.status, "pass")
    (note,) = result.notes
    self.assertStartsWith(note, "1 of 2 outputs are smaller than the tolerance")
    self.assertIn("(logits)", note)
    self.assertIn("the random checks do", note)

  def test_small_outputs_that_agree_bit_for_bit_are_proof(self):
    result = _judge({"y": [1e-9]}, {"y": [1e-9]})
    self.assertEqual(result.notes, ())

  def test_zeros_are_no_proof_although_they_agree(self):
    self.assertLen(_judge({"y": [0.0]}, {"y": [0.0]}).notes, 1)

  def test_at_most_three_outputs_are_named(self):
    for names, told in (("abc", "(a, b, c)"), ("abcd", "(a, b, c, ...)")):
      values = {name: [np.float32(1e-9)] for name in names}
      others = {name: [np.float32(2e-9)] for name in names}
      self.assertIn(told, _judge(values, others).notes[0])


class PlanTest(absltest.TestCase):
  def test_one_run_of_the_port_serves_the_first_checks(self):
    facts = fakes.make_facts()
    plan = constant_weights.CHECK.plan(facts, 42)
    once = variables_created_once.CHECK.plan(facts, 42)
    self.assertEqual(plan.tf2, once.tf2)
    self.assertEqual(plan.tf1.constant, 0.001)
    self.assertEqual(plan.tf1.weights, "constant")


if __name__ == "__main__":
  absltest.main()
