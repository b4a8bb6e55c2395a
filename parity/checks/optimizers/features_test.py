"""Tests for parity.checks.optimizers.features."""

from __future__ import annotations

import dataclasses
from typing import Dict, Sequence, Tuple

from absl.testing import absltest
import numpy as np

from parity.checks.optimizers import features
from parity.checks.optimizers import updates
from parity.records import recording as recording_lib
from testing import fakes

_NAME = "net/fc/bias"
_START = np.array([0.5, -0.25, 1.0], np.float32)
_GRADIENT = np.array([0.1, 0.3, -0.2], np.float32)


def _recording(
  side: str, after: np.ndarray, **settings: object
) -> recording_lib.Recording:
  variable = fakes.make_variable(_NAME, (3,), initial=_START)
  return fakes.make_recording(
    side,
    variables=(variable,),
    optimizer=recording_lib.OptimizerRecord("keras.optimizers.SGD", settings),
    steps=(
      recording_lib.StepRecord(
        loss=np.float32(1.0),
        variables={_NAME: after.astype(np.float32)},
        slots={},
        gradients={_NAME: _GRADIENT},
      ),
    ),
  )


def _first() -> updates.Difference:
  comparison = fakes.make_comparison(_NAME, "beyond")
  return updates.Difference(1, _NAME, None, comparison)


def _described(tf1: np.ndarray, tf2: np.ndarray) -> Tuple[str, ...]:
  return features.describe(
    _recording("tf1", tf1), _recording("tf2", tf2), _first()
  )


def _decays(found: Sequence[str]) -> Dict[str, str]:
  return {each.partition(" ")[0]: each for each in found if "decay" in each}


class DescribeTest(absltest.TestCase):
  def test_a_decay_of_the_port_is_seen(self) -> None:
    plain = _START - 0.1 * _GRADIENT
    found = _described(plain, plain - 0.02 * _START)
    self.assertLen(found, 1)
    self.assertIn("the port also takes 0.02 times its own value", found[0])

  def test_a_decay_of_tf1_is_seen(self) -> None:
    plain = _START - 0.1 * _GRADIENT
    found = _described(plain - 0.02 * _START, plain)
    self.assertIn("tf1 also takes 0.02 times its own value", found[0])

  def test_another_rate_is_no_decay(self) -> None:
    found = _described(_START - 0.1 * _GRADIENT, _START - 0.2 * _GRADIENT)
    self.assertEmpty(_decays(found))
    self.assertIn("2 times as far", found[0])

  def test_a_constraint_of_one_side_is_seen(self) -> None:
    bound = {f"constraint {_NAME}": "MaxNorm"}
    found = features.describe(
      _recording("tf1", _START - 0.1 * _GRADIENT),
      _recording("tf2", np.sqrt(np.abs(_START)), **bound),
      _first(),
    )
    self.assertIn("the port follows each update", found[0])
    self.assertIn("MaxNorm, tf1 with none", found[0])

  def test_the_same_constraint_stays_silent(self) -> None:
    bound = {f"constraint {_NAME}": "MaxNorm"}
    found = features.describe(
      _recording("tf1", _START - 0.1 * _GRADIENT, **bound),
      _recording("tf2", np.sqrt(np.abs(_START)), **bound),
      _first(),
    )
    self.assertEmpty(found)


class RowsTest(absltest.TestCase):
  """A table of which some rows had no gradient."""

  def _described(self, *, tf1_is_dense: bool, tf2_is_dense: bool) -> str:
    start = np.arange(1, 9, dtype=np.float32).reshape(4, 2)
    gradient = np.zeros((4, 2), np.float32)
    gradient[1] = [0.5, -0.25]
    sides = []
    for side, is_dense, rate in (
      ("tf1", tf1_is_dense, 0.1),
      ("tf2", tf2_is_dense, 0.2),
    ):
      after = start - np.float32(rate) * gradient
      if is_dense:
        after[2:] += np.float32([[0.25, -0.5], [0.125, 0.75]])
      sides.append(
        fakes.make_recording(
          side,
          variables=(fakes.make_variable(_NAME, (4, 2), initial=start),),
          optimizer=recording_lib.OptimizerRecord("keras.optimizers.SGD", {}),
          steps=(
            recording_lib.StepRecord(
              loss=np.float32(1.0),
              variables={_NAME: after},
              slots={},
              gradients={_NAME: gradient},
            ),
          ),
        )
      )
    return " ".join(features.describe(sides[0], sides[1], _first()))

  def test_one_that_moves_rows_without_a_gradient_is_told(self) -> None:
    found = self._described(tf1_is_dense=False, tf2_is_dense=True)
    self.assertIn("the port also updates the 3 of 4 rows", found)
    found = self._described(tf1_is_dense=True, tf2_is_dense=False)
    self.assertIn("tf1 also updates the 3 of 4 rows", found)

  def test_sides_that_both_move_or_both_leave_them_are_silent(self) -> None:
    for is_dense in (False, True):
      found = self._described(tf1_is_dense=is_dense, tf2_is_dense=is_dense)
      self.assertNotIn("rows", found)


class FormsTest(absltest.TestCase):
  """The formula by which an update follows from its slots."""

  def _described(self, *, tf1_is_known: bool) -> str:
    settings = {
      "learning_rate": 0.01,
      "beta_1": 0.9,
      "beta_2": 0.999,
      "epsilon": 1e-2,
    }
    slots = {f"{_NAME}/m": 0.1 * _GRADIENT, f"{_NAME}/v": 1e-3 * _GRADIENT**2}
    m, v = slots.values()
    corrected = (1 - 0.999) ** 0.5 / (1 - 0.9)
    moves = (
      0.01 * corrected * m / (np.sqrt(v) + 1e-2),
      0.01 * m / (np.sqrt(v) + 1e-2),
    )
    sides = []
    for side, move in zip(("tf1", "tf2"), moves):
      made = _recording(side, _START - move, **settings)
      is_known = side == "tf2" or tf1_is_known
      step = dataclasses.replace(made.steps[0], slots=slots if is_known else {})
      record = recording_lib.OptimizerRecord("keras.optimizers.Adam", settings)
      sides.append(dataclasses.replace(made, steps=(step,), optimizer=record))
    return " ".join(features.describe(sides[0], sides[1], _first()))

  def test_two_formulas_are_told(self) -> None:
    found = self._described(tf1_is_known=True)
    self.assertIn("tf1 moves it by rate * sqrt(1 - beta_2^t)", found)
    self.assertIn("the port by rate * m / (sqrt(v)", found)

  def test_one_that_is_not_known_is_not_told(self) -> None:
    found = self._described(tf1_is_known=False)
    self.assertNotIn("moves it by", found)


class CorrectionTest(absltest.TestCase):
  """Adam's first step, at which the correction is a factor of 0.316."""

  def _described(self, ratio: float) -> str:
    moved = 0.01 * np.sign(_GRADIENT)
    betas = {"beta_1": 0.9, "beta_2": 0.999}
    found = features.describe(
      _recording("tf1", _START - moved, **betas),
      _recording("tf2", _START - ratio * moved, **betas),
      _first(),
    )
    return " ".join(found)

  def test_the_side_that_does_not_correct_the_moments_is_told(self) -> None:
    factor = (1 - 0.999) ** 0.5 / (1 - 0.9)
    self.assertIn(": tf1 does not correct the bias", self._described(factor))
    self.assertIn(
      ": the port does not correct the bias", self._described(1 / factor)
    )

  def test_another_factor_is_no_correction(self) -> None:
    found = self._described(0.5)
    self.assertIn("0.5 times as far", found)
    self.assertNotIn("correct", found)


if __name__ == "__main__":
  absltest.main()
