"""Tests of the probe: setting, rule, gradient, update, or rounding alone."""

from __future__ import annotations

from typing import Any

from absl.testing import absltest
import numpy as np

from parity import errors
from parity.checks import check
from parity.checks.optimizers import probe
from testing import fake_training

_KERNEL, _BIAS = fake_training.KERNEL, fake_training.BIAS
Trainer = fake_training.Trainer


def _explain(tf1: Trainer, tf2: Trainer) -> probe.Explained:
  machine = fake_training.Machine(tf1, tf2)
  return probe.explain(machine.evidence, machine.probes)


def _other_bias(gradients: Any, step: int) -> Any:
  del step
  return {**gradients, _BIAS: gradients[_BIAS] + 0.1}


def _flipped(gradients: Any, step: int) -> Any:
  del step
  return {**gradients, _BIAS: gradients[_BIAS][::-1]}


def _nudged(gradients: Any, step: int) -> Any:
  """What rounding does to gradients."""
  del step
  moved = np.float32(1 + 6e-8)
  return {name: value * moved for name, value in gradients.items()}


class ExplainTest(absltest.TestCase):
  def test_a_setting_that_mends_the_updates_is_the_cause(self) -> None:
    found = _explain(
      Trainer("tf1", rule="adam", settings={"epsilon": 1e-3}),
      Trainer("tf2", rule="adam"),
    )
    self.assertEqual(
      [f.cause for f in found.findings], ["optimizer_hyperparameter"]
    )
    self.assertIn("epsilon is 0.001 on tf1", found.findings[0].message)
    self.assertIn("With epsilon=0.001", found.findings[0].message)

  def test_two_settings_are_put_in_together(self) -> None:
    found = _explain(
      Trainer("tf1", rule="adam", settings={"epsilon": 1e-3, "beta_1": 0.5}),
      Trainer("tf2", rule="adam"),
    )
    (finding,) = found.findings
    self.assertEqual(finding.cause, "optimizer_hyperparameter")
    self.assertIn("beta_1 is 0.5", finding.message)
    self.assertIn("epsilon is 0.001", finding.message)

  def test_a_rate_of_another_step_points_to_the_schedule(self) -> None:
    found = _explain(
      Trainer("tf1"), Trainer("tf2", settings={"rate": [0.1, 0.1, 0.05]})
    )
    (finding,) = found.findings
    self.assertIn("at update 3", finding.message)
    self.assertIn("step by step", finding.hint)

  def test_what_no_setting_mends_is_the_rule(self) -> None:
    found = _explain(Trainer("tf1"), Trainer("tf2", apply=_flipped))
    (finding,) = found.findings
    self.assertEqual(finding.cause, "optimizer_formula")
    self.assertIn("the port's Own overrides apply_gradients", finding.message)
    self.assertStartsWith(
      finding.hint, "Do on both sides what the port's Own does in its apply_gr"
    )
    self.assertEqual(finding.where.variable, _BIAS)

  def test_a_run_with_another_setting_is_asked_for_its_updates_alone(self):
    machine = fake_training.Machine(
      Trainer("tf1"), Trainer("tf2", settings={"rate": 0.2})
    )
    probe.explain(machine.evidence, machine.probes)
    asked = [each for each in machine.asked if each.optimizer_settings]
    self.assertLen(asked, 1)
    self.assertFalse(asked[0].gradients)

  def test_a_setting_that_cannot_be_put_in_is_noted(self) -> None:
    machine = fake_training.Machine(
      Trainer("tf1"), Trainer("tf2", settings={"rate": 0.2})
    )

    def ask(request: Any) -> Any:
      if request.optimizer_settings:
        raise errors.CaseError("It takes none.")
      return machine.probes.ask(request)

    probes = check.Probes(ask, machine.probes.write)
    found = probe.explain(machine.evidence, probes)
    self.assertIn("could not be put into", found.notes[0])
    self.assertEqual([f.cause for f in found.findings], ["optimizer_formula"])

  def test_a_gradient_of_its_own_is_no_rule(self) -> None:
    found = _explain(Trainer("tf1"), Trainer("tf2", slopes=_other_bias))
    self.assertEqual([f.cause for f in found.findings], ["unknown"])
    self.assertIn("At tf1's own weights", found.findings[0].message)

  def test_a_setting_and_a_gradient_are_two_findings(self) -> None:
    port = Trainer("tf2", slopes=_other_bias, settings={"rate": 0.2})
    causes = [f.cause for f in _explain(Trainer("tf1"), port).findings]
    self.assertEqual(causes, ["optimizer_hyperparameter", "unknown"])

  def test_a_setting_beside_gradients_that_both_classes_change(self) -> None:
    def halved(gradients: Any, _: int) -> Any:
      return {name: value / 2 for name, value in gradients.items()}

    tf1 = Trainer("tf1", compute=halved)
    port = Trainer("tf2", apply=halved, settings={"rate": 0.2})
    (finding,) = _explain(tf1, port).findings
    self.assertEqual(finding.cause, "optimizer_hyperparameter")
    self.assertIn("learning_rate is 0.1 on tf1", finding.message)
    port = Trainer("tf2", settings={"rate": 0.2})
    causes = [f.cause for f in _explain(tf1, port).findings]
    self.assertIn("loss_scale", causes)
    port = Trainer("tf2", apply=halved, momentum=1.0)
    causes = [f.cause for f in _explain(tf1, port).findings]
    self.assertEqual(causes, ["update_missing"])

  def test_an_update_that_does_not_run_is_told(self) -> None:
    found = _explain(Trainer("tf1"), Trainer("tf2", momentum=1.0))
    self.assertEqual([f.cause for f in found.findings], ["update_missing"])

  def test_variables_that_tf1_leaves_out_are_told_once(self) -> None:
    def head_only(gradients: Any, step: int) -> Any:
      del step
      return {_BIAS: gradients[_BIAS]}

    found = _explain(Trainer("tf1", compute=head_only), Trainer("tf2"))
    self.assertEqual([f.cause for f in found.findings], ["optimizer_formula"])
    self.assertIn(_KERNEL, found.findings[0].message)

  def test_rounding_that_a_rule_amplifies_is_only_noted(self) -> None:
    def tiny(gradients: Any, _: int) -> Any:
      """A bias before a norm: nothing but rounding, on either side its own."""
      return {**gradients, _BIAS: np.float32([1e-9, -1e-9, 1e-9])}

    def other(gradients: Any, _: int) -> Any:
      return {**gradients, _BIAS: np.float32([-1e-9, 1e-9, 2e-9])}

    found = _explain(
      Trainer("tf1", rule="adam", slopes=tiny),
      Trainer("tf2", rule="adam", slopes=other),
    )
    (finding,) = found.findings
    self.assertEqual(finding.cause, "rounding")
    self.assertTrue(finding.is_note)

  def test_what_a_class_forgets_when_it_is_made_again_is_no_rounding(self):
    for forgets in (False, True):
      port = Trainer("tf2", rule="adam", apply=_flipped, forgets=forgets)
      found = _explain(Trainer("tf1", rule="adam"), port)
      self.assertEqual([f.cause for f in found.findings], ["optimizer_formula"])

  def test_an_epsilon_beside_such_rounding_is_no_rounding(self) -> None:
    found = _explain(
      Trainer("tf1", rule="adam", slopes=_nudged),
      Trainer("tf2", rule="adam", settings={"epsilon": 1e-3}),
    )
    self.assertEqual(
      [f.cause for f in found.findings], ["optimizer_hyperparameter"]
    )


if __name__ == "__main__":
  absltest.main()
