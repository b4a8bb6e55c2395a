"""Tests of parity.checks.updates: each difference, and its silent twin."""

from __future__ import annotations

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from parity.checks import updates
from parity.compare import pairs
from parity.records import tolerance as tolerance_lib
from testing import fakes

_MEAN = "bn/moving_mean"
_VARIANCE = "bn/moving_variance"


def _variable(name, move, **changes):
  """A variable that starts at 1, and moves."""
  initial = np.ones(3, np.float32)
  return fakes.make_variable(
    name,
    (3,),
    trainable=False,
    initial=initial,
    final=initial + np.asarray(move, np.float32),
    **changes,
  )


def _evidence(tf1_moves, tf2_moves):
  recordings = [
    fakes.make_recording(
      side,
      request=fakes.make_request(side, training=True),
      variables=tuple(
        _variable(name, move, source=f"{side}.py:9")
        for name, move in moves.items()
      ),
    )
    for side, moves in (("tf1", tf1_moves), ("tf2", tf2_moves))
  ]
  return fakes.make_evidence(*recordings)


def _final(evidence):
  """The variables after the updates, compared."""
  sides = [
    {v.tf1_name: v.final for v in recording.variables}
    for recording in (evidence.tf1, evidence.tf2)
  ]
  return pairs.compare_named(
    *sides, kind="final", policy=tolerance_lib.TolerancePolicy()
  )


class ConstantRatioTest(parameterized.TestCase):
  def test_two_numbers_have_a_ratio_and_one_has_none(self):
    pair = np.array([1.0, -2.0])
    self.assertAlmostEqual(updates.constant_ratio(pair, 3 * pair), 3.0)
    self.assertIsNone(updates.constant_ratio(pair[:1], 3 * pair[:1]))

  def test_one_factor_everywhere_is_found(self):
    reference = np.array([1.0, -2.0, 3.0])
    self.assertAlmostEqual(
      updates.constant_ratio(reference, -2 * reference), -2
    )

  @parameterized.named_parameters(
    ("other_values", [1.0, 2.0, 3.0], [1.0, 2.0, 4.0]),
    ("one_element", [2.0], [4.0]),
    ("zeros", [0.0, 0.0], [1.0, 1.0]),
    ("to_zeros", [1.0, 2.0], [0.0, 0.0]),
    ("another_shape", [1.0, 2.0], [1.0, 2.0, 3.0]),
    ("infinite", [1.0, np.inf], [2.0, np.inf]),
  )
  def test_there_is_none_for(self, reference, other):
    ratio = updates.constant_ratio(np.array(reference), np.array(other))
    self.assertIsNone(ratio)

  def test_there_is_none_without_values(self):
    self.assertIsNone(updates.constant_ratio(None, np.ones(3)))


class UpdatesTest(parameterized.TestCase):
  def _explain(self, tf1_moves, tf2_moves):
    evidence = _evidence(tf1_moves, tf2_moves)
    return updates.explain_updates(evidence, _final(evidence))

  def test_equal_updates_are_silent(self):
    moves = {_MEAN: [0.5, 0.25, 0.1], _VARIANCE: [1.0, 2.0, 3.0]}
    self.assertEmpty(self._explain(moves, moves))

  def test_variables_that_neither_side_moves_are_silent(self):
    self.assertEmpty(self._explain({_MEAN: 0.0}, {_MEAN: 0.0}))

  @parameterized.parameters("tf1", "tf2")
  def test_what_one_side_does_not_update_is_one_finding(self, still):
    moved = {_MEAN: [0.5, 0.25, 0.1], _VARIANCE: [1.0, 2.0, 3.0]}
    stayed = {_MEAN: 0.0, _VARIANCE: 0.0}
    sides = (stayed, moved) if still == "tf1" else (moved, stayed)
    findings = self._explain(*sides)
    self.assertEqual([f.cause for f in findings], ["update_missing"])
    self.assertIn(f"is not updated on the {still} side", findings[0].message)
    self.assertEqual(set(findings[0].details), {_MEAN, _VARIANCE})
    self.assertEqual(findings[0].where.tf1.source, "tf1.py:9")

  def test_another_rate_is_a_constant_with_its_factor(self):
    findings = self._explain(
      {_MEAN: [0.5, 0.25, 0.1]}, {_MEAN: [1.0, 0.5, 0.2]}
    )
    self.assertEqual([f.cause for f in findings], ["constant"])
    self.assertIn("is 2 times as large", findings[0].message)

  def test_other_values_are_unknown(self):
    findings = self._explain(
      {_MEAN: [0.5, 0.25, 0.1]}, {_MEAN: [0.1, 0.5, 0.25]}
    )
    self.assertEqual([f.cause for f in findings], ["unknown"])

  def test_two_kinds_are_two_findings(self):
    findings = self._explain(
      {_MEAN: [0.5, 0.25, 0.1], _VARIANCE: [1.0, 2.0, 3.0]},
      {_MEAN: 0.0, _VARIANCE: [0.5, 1.0, 1.5]},
    )
    self.assertEqual(
      {f.cause for f in findings}, {"update_missing", "constant"}
    )


class BranchTest(absltest.TestCase):
  def _explain(self, tf1_moves, tf2_moves):
    evidence = _evidence(tf1_moves, tf2_moves)
    return updates.explain_branch(evidence, _final(evidence))

  def test_a_layer_that_moves_on_one_side_only_runs_the_wrong_branch(self):
    finding = self._explain({_MEAN: [0.5, 0.25, 0.1]}, {_MEAN: 0.0})
    self.assertEqual(finding.cause, "training_flag")
    self.assertStartsWith(
      finding.message, "bn runs its inference branch on the tf2 side"
    )
    self.assertEqual(finding.where.variable, _MEAN)
    self.assertEqual(finding.where.tf2.scope, "bn")

  def test_layers_that_move_on_both_sides_are_silent(self):
    self.assertIsNone(self._explain({_MEAN: 0.5}, {_MEAN: 0.75}))

  def test_layers_that_move_on_neither_side_are_silent(self):
    self.assertIsNone(self._explain({_MEAN: 0.0}, {_MEAN: 0.0}))


if __name__ == "__main__":
  absltest.main()
