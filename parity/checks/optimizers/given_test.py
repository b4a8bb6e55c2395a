"""Tests of what a rule was given: by its first update, or not to be told."""

from __future__ import annotations

from typing import Any, Dict, Optional

from absl.testing import absltest
import numpy as np

from parity.checks.optimizers import given
from parity.records import recording as recording_lib
from testing import fake_training
from testing import fakes

_START = np.float32([0.5, -0.25, 1.0])
_GRADIENT = np.float32([0.1, 0.3, -0.2])


def _given(
  class_name: str,
  settings: Dict[str, Any],
  *,
  after: Any = _START,
  slots: Optional[Dict[str, Any]] = None,
) -> Optional[Dict[str, np.ndarray]]:
  step = recording_lib.StepRecord(
    loss=np.float32(1.0),
    variables={"w": np.asarray(after, np.float32)},
    slots={f"w/{name}": value for name, value in (slots or {}).items()},
  )
  recording = fakes.make_recording(
    optimizer=recording_lib.OptimizerRecord(class_name, settings),
    steps=(step,),
  )
  return given.given_to(recording, {"w": _START})


class GivenToTest(absltest.TestCase):
  def test_descent_moves_by_the_rate(self) -> None:
    found = _given(
      "keras.optimizers.SGD",
      {"learning_rate": 0.5},
      after=_START - 0.5 * _GRADIENT,
    )
    np.testing.assert_allclose(found["w"], _GRADIENT, rtol=1e-5)

  def test_the_first_rate_of_a_schedule_counts(self) -> None:
    found = _given(
      "x.GradientDescentOptimizer",
      {"learning_rate": (0.5, 0.1)},
      after=_START - 0.5 * _GRADIENT,
    )
    np.testing.assert_allclose(found["w"], _GRADIENT, rtol=1e-5)

  def test_nesterov_looks_ahead(self) -> None:
    found = _given(
      "x.MomentumOptimizer",
      {"learning_rate": 0.5, "momentum": 0.9, "nesterov": True},
      after=_START - 0.5 * 1.9 * _GRADIENT,
    )
    np.testing.assert_allclose(found["w"], _GRADIENT, rtol=1e-5)

  def test_adams_first_moment_tells(self) -> None:
    found = _given(
      "keras.optimizers.Adam", {"beta_1": 0.8}, slots={"m": 0.2 * _GRADIENT}
    )
    np.testing.assert_allclose(found["w"], _GRADIENT, rtol=1e-5)

  def test_adagrads_accumulator_tells(self) -> None:
    found = _given(
      "x.AdagradOptimizer",
      {"initial_accumulator_value": 0.1},
      after=_START - _GRADIENT,
      slots={"accumulator": np.float32(0.1) + _GRADIENT**2},
    )
    np.testing.assert_allclose(found["w"], _GRADIENT, rtol=1e-4)

  def test_a_decay_hides_it(self) -> None:
    found = _given(
      "keras.optimizers.SGD", {"learning_rate": 0.5, "weight_decay": 0.1}
    )
    self.assertIsNone(found)

  def test_slots_that_are_not_there_tell_nothing(self) -> None:
    self.assertIsNone(_given("keras.optimizers.Adam", {"beta_1": 0.8}))
    self.assertIsNone(_given("x.AdagradOptimizer", {}))

  def test_another_rule_tells_nothing(self) -> None:
    self.assertIsNone(_given("keras.optimizers.Ftrl", {"learning_rate": 0.5}))

  def test_a_run_tells_its_own_gradients(self) -> None:
    for rule in ("sgd", "adam"):
      machine = fake_training.Machine(
        fake_training.Trainer("tf1", rule=rule),
        fake_training.Trainer("tf2", rule=rule),
      )
      tf1 = machine.evidence.tf1
      starts = {v.tf1_name: v.initial for v in tf1.variables if v.trainable}
      found = given.given_to(tf1, starts)
      for name, value in tf1.steps[0].gradients.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-3, atol=1e-5)


if __name__ == "__main__":
  absltest.main()
