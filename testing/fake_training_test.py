"""Tests of the small machine that trains: what it does is what was asked."""

from __future__ import annotations

import dataclasses
import doctest

from absl.testing import absltest
import numpy as np

from testing import fake_training

_KERNEL, _BIAS = fake_training.KERNEL, fake_training.BIAS


def _machine(**port):
  return fake_training.Machine(
    fake_training.Trainer("tf1"), fake_training.Trainer("tf2", **port)
  )


class MachineTest(absltest.TestCase):
  def test_examples_hold(self):
    self.assertEqual(doctest.testmod(fake_training).failed, 0)

  def test_training_lowers_the_loss_alike_on_both_sides(self):
    evidence = _machine().evidence
    losses = [float(step.loss) for step in evidence.tf1.steps]
    self.assertEqual(losses, sorted(losses, reverse=True))
    self.assertEqual(losses, [float(s.loss) for s in evidence.tf2.steps])

  def test_the_gradient_is_that_of_the_loss(self):
    tf1 = _machine().evidence.tf1
    slope = float(tf1.steps[0].gradients[_BIAS][0])
    machine = _machine()
    losses = []
    for change in (-1e-2, 1e-2):
      value = np.array(tf1.variables[1].initial)
      value[0] += change
      request = dataclasses.replace(
        machine.evidence.plan.tf2,
        weights="carried",
        weights_file=machine.probes.write({_BIAS: value}),
      )
      losses.append(float(machine.probes.ask(request).steps[0].loss))
    self.assertAlmostEqual((losses[1] - losses[0]) / 2e-2, slope, places=3)

  def test_a_perturbation_moves_a_little(self):
    machine = _machine()
    request = machine.evidence.plan.tf1
    plain = machine.probes.ask(request).steps[0].gradients[_KERNEL]
    moved = machine.probes.ask(dataclasses.replace(request, perturb=1))
    gap = np.max(np.abs(moved.steps[0].gradients[_KERNEL] - plain))
    self.assertGreater(gap, 0.0)
    self.assertLess(gap, 1e-5)

  def test_the_ways_of_clipping_keep_their_limits(self):
    raw = {"a": np.float32([3.0, 4.0]), "b": np.float32([0.3])}
    each = fake_training.clip_each(raw, 1.0)
    np.testing.assert_allclose(each["a"], [0.6, 0.8], rtol=1e-6)
    np.testing.assert_array_equal(each["b"], raw["b"])
    together = fake_training.clip_together(raw, 1.0)
    self.assertLess(together["b"][0], raw["b"][0])
    elements = fake_training.clip_elements(raw, 3.5)
    np.testing.assert_allclose(elements["a"], [3.0, 3.5])


if __name__ == "__main__":
  absltest.main()
