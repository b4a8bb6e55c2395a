"""Tests of the optimizer check's floors: the first step's, then the step's."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.checks import check
from parity.checks.optimizers import floors
from parity.compare import pairs
from parity.records import recording as recording_lib
from parity.records import tolerance as tolerance_lib
from testing import fakes

_GRADIENT = np.float32([1.0, -2.0])


def _step():
  return recording_lib.StepRecord(
    loss=np.float32(1.0),
    variables={"w": np.float32([0.5, 0.5])},
    slots={},
    gradients={"w": _GRADIENT},
  )


class StepFloorsTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    self.asked = []
    tf1 = fakes.make_recording("tf1", steps=(_step(), _step()))
    evidence = fakes.make_evidence(tf1, fakes.make_recording("tf2"))
    self.floors = floors.StepFloors(
      evidence, check.Probes(ask=self._ask, write=lambda _: "weights")
    )

  def _ask(self, request):
    """An ulp moves the first step's gradient by 1e-4, the second's by 1e-2."""
    self.asked.append(request)
    spread = 1e-2 if request.weights == "carried" else 1e-4
    value = _GRADIENT + (np.float32(spread) if request.perturb else 0)
    return fakes.make_recording(
      "tf1",
      request=request,
      gradients=(recording_lib.GradientRecord("w", value),),
    )

  def _left_over(self, step, gap):
    right = {"w": _GRADIENT + np.float32(gap)}
    compared = pairs.compare_named(
      {"w": _GRADIENT},
      right,
      kind="gradient",
      policy=tolerance_lib.TolerancePolicy(),
      orders={"w": 0},
    )
    return self.floors.explain(
      step, {"w": _GRADIENT}, right, compared, "gradient"
    )

  def test_what_the_first_steps_floor_explains_asks_no_more(self):
    self.assertEqual(self._left_over(2, 2e-4), [])
    self.assertEqual({r.weights for r in self.asked}, {"initial"})
    self.assertTrue(all(r.gradients and not r.train_steps for r in self.asked))

  def test_then_the_steps_own_floor_is_measured_at_its_weights(self):
    self.assertEqual(self._left_over(2, 1e-2), [])
    self.assertIn("carried", {r.weights for r in self.asked})

  def test_what_is_beyond_both_is_left(self):
    self.assertLen(self._left_over(2, 0.5), 1)
    self.assertLen(self._left_over(1, 1e-2), 1)


if __name__ == "__main__":
  absltest.main()
