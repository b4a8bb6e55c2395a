"""Tests of the check optimizer: sides that train alike pass, others fail."""

from __future__ import annotations

import dataclasses
from typing import Any

from absl.testing import absltest

from parity.checks import check
from parity.checks import optimizer
from parity.records import report as report_lib
from testing import fake_training
from testing import fakes

Trainer = fake_training.Trainer


def _machine(**settings: Any) -> fake_training.Machine:
  return fake_training.Machine(
    Trainer("tf1"), Trainer("tf2", settings=settings)
  )


def _with_escaped_op(evidence: check.Evidence) -> check.Evidence:
  """The evidence with a random op of the port that was not aligned."""
  op = fakes.make_random_op(op_seed=None)
  port = dataclasses.replace(evidence.tf2, random_ops=(op,))
  return fakes.make_evidence(evidence.tf1, port)


def _judge(evidence: check.Evidence) -> report_lib.CheckResult:
  return optimizer.CHECK.judge(evidence)


class JudgeTest(absltest.TestCase):
  def test_equal_updates_pass_and_say_what_was_compared(self) -> None:
    result = _judge(_machine().evidence)
    self.assertEqual((result.name, result.status), ("optimizer", "pass"))
    self.assertEqual((result.findings, result.notes), ((), ()))
    self.assertEqual(result.summary, "3 updates of 3 variables")
    self.assertLen(result.comparisons, 9)

  def test_another_rate_fails_at_the_first_step(self) -> None:
    result = _judge(_machine(rate=0.2).evidence)
    self.assertEqual(result.status, "fail")
    (finding,) = result.findings
    self.assertEqual(finding.where.variable, fake_training.KERNEL)
    self.assertIn("step 1", finding.where.output)

  def test_an_op_that_escaped_makes_a_difference_an_error(self) -> None:
    result = _judge(_with_escaped_op(_machine(rate=0.2).evidence))
    self.assertEqual((result.name, result.status), ("optimizer", "error"))
    self.assertIn("on the tf2 side", result.reason)
    self.assertLen(result.comparisons, 9)

  def test_an_op_that_escaped_without_a_difference_passes(self) -> None:
    result = _judge(_with_escaped_op(_machine().evidence))
    self.assertEqual(result.status, "pass")

  def test_nothing_to_compare_is_an_error(self) -> None:
    evidence = _machine().evidence
    alone = dataclasses.replace(evidence.tf2, steps=())
    result = _judge(fakes.make_evidence(evidence.tf1, alone))
    self.assertEqual(result.status, "error")
    self.assertIn("nothing was compared", result.reason)

  def test_a_setting_without_effect_is_noted(self) -> None:
    machine = fake_training.Machine(
      Trainer("tf1", rule="adam"),
      Trainer("tf2", rule="adam", settings={"epsilon": 1.1e-7}),
    )
    (note,) = _judge(machine.evidence).notes
    self.assertIn("epsilon", note)
    self.assertIn("these updates agree within the tolerance", note)


class PlanTest(absltest.TestCase):
  def test_both_sides_train_and_give_the_gradients_that_may_lead(self) -> None:
    facts = fakes.make_facts(has_optimizers=True, train_steps=4)
    plan = optimizer.CHECK.plan(facts, 7)
    for request in plan.requests:
      self.assertTrue(request.training)
      self.assertEqual(request.train_steps, 4)
      # Either side's golden may be what another version's port is held against.
      self.assertTrue(request.gradients)


class ExplainTest(absltest.TestCase):
  def test_a_probe_gives_the_cause(self) -> None:
    machine = _machine(rate=0.2)
    result = _judge(machine.evidence)
    assert optimizer.CHECK.explain is not None
    explained = optimizer.CHECK.explain(
      machine.evidence, result, machine.probes
    )
    self.assertEqual(explained.status, "fail")
    self.assertEqual(
      [f.cause for f in explained.findings], ["optimizer_hyperparameter"]
    )


if __name__ == "__main__":
  absltest.main()
