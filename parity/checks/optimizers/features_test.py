"""Tests for parity.checks.optimizers.features."""

from __future__ import annotations

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


if __name__ == "__main__":
  absltest.main()
