"""Tests of updates: where two series part, and that equal ones do not."""

from __future__ import annotations

import dataclasses
from typing import Any

from absl.testing import absltest

from parity.checks.optimizers import updates
from parity.records import tolerance as tolerance_lib
from testing import fake_training
from testing import fakes

_KERNEL, _BIAS = fake_training.KERNEL, fake_training.BIAS
Trainer = fake_training.Trainer


def _evidence(**port: Any) -> Any:
  rule = port.get("rule", "sgd")
  machine = fake_training.Machine(
    Trainer("tf1", rule=rule), Trainer("tf2", **port)
  )
  return machine.evidence


def _compare(evidence: Any) -> updates.Compared:
  return updates.compare(
    evidence.tf1, evidence.tf2, policy=tolerance_lib.TolerancePolicy()
  )


class CompareTest(absltest.TestCase):
  def test_equal_updates_part_nowhere(self) -> None:
    found = _compare(_evidence(rule="adam"))
    self.assertTrue(found.is_match)
    self.assertIsNone(found.first)
    self.assertEqual(found.summary, "3 updates of 3 variables and 4 slots")

  def test_the_first_step_that_differs_is_found(self) -> None:
    found = _compare(_evidence(settings={"rate": [0.1, 0.2, 0.2]}))
    self.assertFalse(found.is_match)
    self.assertEqual((found.first.step, found.first.variable), (2, _KERNEL))
    self.assertIsNone(found.first.slot)
    self.assertEqual(found.counted(1), "0 of 3")
    self.assertEqual(found.counted(3), "3 of 3")

  def test_a_slot_is_named_with_its_variable(self) -> None:
    found = _compare(_evidence(rule="adam", settings={"beta_2": 0.9}))
    step = found.steps[0]
    slot = next(each for each in step.slots if not each.is_match)
    difference = updates.Difference.of(step, slot)
    self.assertEqual(difference.name, f"slot v of {_KERNEL}")

  def test_a_slot_of_tf1_is_what_the_ports_is_held_against(self) -> None:
    evidence = _evidence(rule="adam", settings={"beta_2": 0.9})
    for slot in _compare(evidence).steps[0].slots:
      if not slot.is_match:
        ours = evidence.tf1.steps[0].slots[slot.name]
        self.assertEqual(slot.worst_reference, ours[slot.worst_index])
        return
    self.fail("No slot differs.")

  def test_every_pair_is_told_with_its_step(self) -> None:
    names = [each.name for each in _compare(_evidence()).all]
    self.assertIn(f"step 1: {_KERNEL}", names)
    self.assertIn(f"step 3: {_BIAS}", names)
    self.assertLen(names, 9)

  def test_only_steps_of_both_are_compared(self) -> None:
    evidence = _evidence()
    shorter = fakes.make_recording(
      "tf2",
      optimizer=evidence.tf2.optimizer,
      steps=evidence.tf2.steps[:2],
    )
    found = updates.compare(
      evidence.tf1, shorter, policy=tolerance_lib.TolerancePolicy()
    )
    self.assertLen(found.steps, 2)

  def test_without_a_shared_variable_nothing_is_compared(self) -> None:
    evidence = _evidence()
    stranger = fakes.make_recording(
      "tf2", optimizer=evidence.tf2.optimizer, steps=()
    )
    found = updates.compare(
      evidence.tf1, stranger, policy=tolerance_lib.TolerancePolicy()
    )
    self.assertEqual(found.all, ())

  def test_steps_that_share_no_variable_are_no_compared_steps(self) -> None:
    evidence = _evidence()
    renamed = tuple(
      dataclasses.replace(
        step, variables={f"port/{n}": v for n, v in step.variables.items()}
      )
      for step in evidence.tf2.steps
    )
    stranger = fakes.make_recording(
      "tf2", optimizer=evidence.tf2.optimizer, steps=renamed
    )
    found = updates.compare(
      evidence.tf1, stranger, policy=tolerance_lib.TolerancePolicy()
    )
    self.assertEqual((found.all, found.steps), ((), ()))


class WhereOfTest(absltest.TestCase):
  def test_names_the_variable_and_both_optimizers(self) -> None:
    evidence = _evidence(settings={"rate": 0.2})
    where = updates.where_of(evidence, _compare(evidence).first)
    self.assertEqual(where.variable, _KERNEL)
    self.assertEqual(where.tf1.op_type, "GradientDescentOptimizer")
    self.assertEqual(where.tf2.op_type, "SGD")
    self.assertEqual(where.tf2.source, "model.py:40")
    self.assertIsNone(where.tf2.op)

  def test_a_class_of_the_users_own_is_named(self) -> None:
    evidence = _evidence(apply=lambda gradients, _: gradients)
    evidence_of_other = _evidence(settings={"rate": 0.2})
    first = _compare(evidence_of_other).first
    self.assertEqual(updates.where_of(evidence, first).tf2.op, "Own")


class SettingsTableTest(absltest.TestCase):
  def test_marks_what_differs_and_nothing_else(self) -> None:
    rows = updates.settings_table(_evidence(settings={"rate": 0.2}))
    marked = [row for row in rows if row.startswith("*")]
    self.assertLen(marked, 1)
    self.assertIn("learning_rate", marked[0])
    rows = updates.settings_table(_evidence())
    self.assertFalse([row for row in rows if row.startswith("*")])


if __name__ == "__main__":
  absltest.main()
