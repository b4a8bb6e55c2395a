"""Tests of what the port does of its own, led by tf1: gradients, updates."""

from __future__ import annotations

from absl.testing import absltest

from parity.checks.optimizers import floors as floors_lib
from parity.checks.optimizers import led as led_lib
from parity.checks.optimizers import own
from testing import fake_training

_KERNEL, _BIAS = fake_training.KERNEL, fake_training.BIAS
Trainer = fake_training.Trainer


def _halved(gradients, step):
  del step
  return {name: value / 2 for name, value in gradients.items()}


def _head_only(gradients, step):
  del step
  return {_BIAS: gradients[_BIAS]}


def _other_bias(gradients, step):
  del step
  return {**gradients, _BIAS: gradients[_BIAS] + 0.1}


def _drifting(gradients, step):
  """Something carries over from step to step."""
  return {name: value * (1 + 0.1 * step) for name, value in gradients.items()}


class _Case:
  """A case whose port is led."""

  def __init__(self, tf1: Trainer, tf2: Trainer) -> None:
    machine = fake_training.Machine(tf1, tf2)
    self.evidence = machine.evidence
    self.led = led_lib.lead(machine.evidence, machine.probes)
    self.floors = floors_lib.StepFloors(machine.evidence, machine.probes)

  def gradient(self, *, without: bool = False):
    return own.gradient_difference(
      self.evidence, self.led, self.floors, without=without
    )

  def untrained(self):
    return own.untrained_difference(self.evidence, self.led, self.floors)


class ChosenVariablesTest(absltest.TestCase):
  def test_variables_that_tf1s_class_leaves_out_are_named(self) -> None:
    tf1 = Trainer("tf1", compute=_head_only)
    case = _Case(tf1, Trainer("tf2"))
    found = own.chosen_variables(case.evidence, case.led)
    self.assertEqual(found.cause, "optimizer_formula")
    self.assertIn("leaves 1 of 2 trainable variables out", found.message)
    self.assertEqual(found.where.variable, _KERNEL)

  def test_a_class_that_leaves_none_out_is_silent(self) -> None:
    case = _Case(Trainer("tf1", compute=_halved), Trainer("tf2"))
    self.assertIsNone(own.chosen_variables(case.evidence, case.led))

  def test_the_librarys_own_class_is_silent(self) -> None:
    tf1 = Trainer("tf1", trains=(_BIAS,))
    case = _Case(tf1, Trainer("tf2"))
    self.assertIsNone(own.chosen_variables(case.evidence, case.led))


class GradientDifferenceTest(absltest.TestCase):
  def test_a_gradient_that_differs_is_left_to_the_gradients_check(self) -> None:
    found = _Case(Trainer("tf1"), Trainer("tf2", slopes=_other_bias)).gradient()
    self.assertEqual(found.cause, "unknown")
    self.assertEqual(found.where.variable, _BIAS)
    self.assertIn("differs in step 1.", found.message)
    self.assertNotIn("carried over", found.message)

  def test_one_that_parts_later_is_told_to_be_carried_over(self) -> None:
    found = _Case(Trainer("tf1"), Trainer("tf2", slopes=_drifting)).gradient()
    self.assertIn("differs in step 2", found.message)
    self.assertIn("carried over", found.message)

  def test_a_factor_of_tf1s_own_class_is_a_loss_scale(self) -> None:
    found = _Case(Trainer("tf1", compute=_halved), Trainer("tf2")).gradient()
    self.assertEqual(found.cause, "loss_scale")
    self.assertIn("are 2 (2, the batch size) times", found.message)
    self.assertIn("tf1's Own", found.message)

  def test_a_factor_of_the_model_is_left_to_the_gradients_check(self) -> None:
    found = _Case(Trainer("tf1"), Trainer("tf2", slopes=_halved)).gradient()
    self.assertEqual(found.cause, "unknown")

  def test_equal_gradients_are_silent_whatever_the_rule(self) -> None:
    case = _Case(Trainer("tf1"), Trainer("tf2", settings={"rate": 0.3}))
    self.assertIsNone(case.gradient())

  def test_what_tf1_does_not_train_may_be_left_out(self) -> None:
    tf1 = Trainer("tf1", compute=_head_only)
    case = _Case(tf1, Trainer("tf2"))
    self.assertIsNone(case.gradient(without=True))
    self.assertEqual(case.gradient(without=False).where.variable, _KERNEL)


class UntrainedDifferenceTest(absltest.TestCase):
  def test_an_average_that_stays_is_an_update_that_is_missing(self) -> None:
    found = _Case(Trainer("tf1"), Trainer("tf2", momentum=1.0)).untrained()
    self.assertEqual(found.cause, "update_missing")
    self.assertIn("not updated on the tf2 side", found.message)
    self.assertEqual(found.where.variable, fake_training.AVERAGE)

  def test_one_that_stays_on_tf1_is_told_of_tf1(self) -> None:
    found = _Case(Trainer("tf1", momentum=1.0), Trainer("tf2")).untrained()
    self.assertIn("not updated on the tf1 side", found.message)

  def test_one_that_moves_otherwise_is_not_missing(self) -> None:
    found = _Case(Trainer("tf1"), Trainer("tf2", momentum=0.5)).untrained()
    self.assertEqual(found.cause, "unknown")
    self.assertIn("updated in another way", found.message)

  def test_the_same_average_is_silent_whatever_is_trained(self) -> None:
    case = _Case(Trainer("tf1"), Trainer("tf2", settings={"rate": 0.3}))
    self.assertIsNone(case.untrained())


if __name__ == "__main__":
  absltest.main()
