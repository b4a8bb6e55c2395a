"""Tests of leading: the port at tf1's variables, given tf1's gradients."""

from __future__ import annotations

import json

from absl.testing import absltest
import numpy as np

from parity import errors
from parity.checks import check
from parity.checks.optimizers import led as led_lib
from testing import fake_training
from testing import fakes

_KERNEL = fake_training.KERNEL


def _twice(gradients, step):
  del step
  return {name: 2 * value for name, value in gradients.items()}


def _machine(**port):
  return fake_training.Machine(
    fake_training.Trainer("tf1", rule=port.get("rule", "sgd")),
    fake_training.Trainer("tf2", **port),
  )


class LeadTest(absltest.TestCase):
  def test_the_ports_own_gradients_do_not_move_it(self) -> None:
    machine = _machine(slopes=_twice)
    led = led_lib.lead(machine.evidence, machine.probes)
    self.assertTrue(led.compared.is_match)
    self.assertEqual(led.request.weights, "carried")

  def test_its_own_gradients_are_those_at_tf1s_variables(self) -> None:
    machine = _machine(slopes=_twice)
    led = led_lib.lead(machine.evidence, machine.probes)
    for left, right in zip(machine.evidence.tf1.steps, led.recording.steps):
      np.testing.assert_allclose(
        2 * left.gradients[_KERNEL], right.gradients[_KERNEL], rtol=1e-6
      )

  def test_another_rule_shows_although_it_is_led(self) -> None:
    machine = _machine(settings={"rate": 0.2})
    led = led_lib.lead(machine.evidence, machine.probes)
    self.assertFalse(led.compared.is_match)

  def test_steps_are_judged_each_by_itself(self) -> None:
    machine = _machine(settings={"rate": [0.1, 0.2, 0.1]})
    led = led_lib.lead(machine.evidence, machine.probes)
    differing = [
      any(not each.is_match for each in step.variables)
      for step in led.compared.steps
    ]
    self.assertEqual(differing, [False, True, False])

  def test_every_variable_that_starts_is_carried_over(self) -> None:
    machine, written = _machine(), []

    def write(arrays):
      written.append(sorted(arrays))
      return machine.probes.write(arrays)

    led_lib.lead(machine.evidence, check.Probes(machine.probes.ask, write))
    names = (fake_training.AVERAGE, fake_training.BIAS, _KERNEL)
    self.assertEqual(written[0], sorted(names))

  def test_tf1_is_what_the_port_is_held_against(self) -> None:
    machine = _machine(settings={"rate": 0.2})
    first = led_lib.lead(machine.evidence, machine.probes).compared.first
    ours = machine.evidence.tf1.steps[0].variables[first.variable]
    self.assertEqual(
      first.comparison.worst_reference, ours[first.comparison.worst_index]
    )


class LeadingArraysTest(absltest.TestCase):
  def test_variables_lead_the_step_after(self) -> None:
    tf1 = _machine().evidence.tf1
    arrays = led_lib.leading_arrays(tf1)
    self.assertIs(
      arrays[f"1:variable:{_KERNEL}"], tf1.steps[0].variables[_KERNEL]
    )
    self.assertIs(
      arrays[f"1:gradient:{_KERNEL}"], tf1.steps[1].gradients[_KERNEL]
    )
    self.assertNotIn(f"0:variable:{_KERNEL}", arrays)

  def test_a_run_without_steps_leads_nothing(self) -> None:
    self.assertEmpty(led_lib.leading_arrays(fakes.make_recording("tf1")))


class ValuesAfterTest(absltest.TestCase):
  def test_each_sides_values_are_its_own(self) -> None:
    machine = _machine(rule="adam", settings={"beta_2": 0.9})
    tf1, tf2 = machine.evidence.tf1, machine.evidence.tf2
    slot = f"{_KERNEL}/v"
    port = led_lib.values_after(tf1, tf2, 1)
    np.testing.assert_array_equal(port[slot], tf2.steps[1].slots[slot])
    np.testing.assert_array_equal(
      port[_KERNEL], tf2.steps[1].variables[_KERNEL]
    )
    ours = led_lib.values_of_tf1(tf1, tf2, 1)
    np.testing.assert_array_equal(ours[slot], tf1.steps[1].slots[slot])
    self.assertFalse(np.array_equal(port[slot], ours[slot]))


class TrainableTest(absltest.TestCase):
  def test_what_has_a_gradient_is_trained_in_creation_order(self) -> None:
    tf1 = _machine().evidence.tf1
    self.assertEqual(
      led_lib.trainable(tf1), (fake_training.KERNEL, fake_training.BIAS)
    )

  def test_without_gradients_nothing_is(self) -> None:
    self.assertEqual(led_lib.trainable(_machine().evidence.tf2), ())


class RuleFloorsTest(absltest.TestCase):
  def test_an_ulp_of_the_gradients_and_of_the_settings_is_measured(self):
    machine = _machine(rule="adam")
    led = led_lib.lead(machine.evidence, machine.probes)
    floors = led_lib.rule_floors(machine.evidence, machine.probes, led)
    self.assertLen(floors, fake_training.STEPS)
    self.assertGreater(floors[0][_KERNEL], 0.0)
    self.assertLess(floors[0][_KERNEL], 1e-4)
    self.assertIn(f"{_KERNEL}/m", floors[0])
    moved = [
      json.loads(r.optimizer_settings)
      for r in machine.asked
      if r.optimizer_settings
    ]
    self.assertLen(moved, 3)
    self.assertNotIn("learning_rate", moved[0])
    self.assertEqual(moved[0]["beta_2"], 0.999)
    self.assertLess(moved[1]["beta_2"], 0.999)
    self.assertGreater(moved[2]["beta_2"], 0.999)

  def test_without_settings_that_are_numbers_only_gradients_move(self) -> None:
    machine = _machine()
    led = led_lib.lead(machine.evidence, machine.probes)
    led_lib.rule_floors(machine.evidence, machine.probes, led)
    self.assertFalse([r for r in machine.asked if r.optimizer_settings])

  def test_a_class_that_takes_no_settings_is_measured_without(self) -> None:
    machine = _machine(rule="adam")
    led = led_lib.lead(machine.evidence, machine.probes)

    def ask(request):
      if request.optimizer_settings:
        raise errors.CaseError("It takes none.")
      return machine.probes.ask(request)

    floors = led_lib.rule_floors(
      machine.evidence, check.Probes(ask, machine.probes.write), led
    )
    self.assertIn(_KERNEL, floors[0])

  def test_a_run_that_fails_otherwise_is_no_floor(self) -> None:
    machine = _machine()
    led = led_lib.lead(machine.evidence, machine.probes)

    def ask(request):
      raise errors.CaseError(f"No {request.side}.")

    with self.assertRaises(errors.CaseError):
      led_lib.rule_floors(
        machine.evidence, check.Probes(ask, machine.probes.write), led
      )


if __name__ == "__main__":
  absltest.main()
