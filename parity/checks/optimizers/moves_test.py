"""Tests of moves: each known form is told, and no form where none fits."""

from __future__ import annotations

from typing import Any, Dict, Optional

from absl.testing import absltest
import numpy as np

from parity.checks.optimizers import moves
from parity.records import recording as recording_lib
from testing import fakes

_RNG = np.random.RandomState(5)
_GRADIENT = _RNG.normal(size=6).astype(np.float32) * 1e-2
_SECOND = np.square(_RNG.normal(size=6)).astype(np.float32) * 1e-4
_RATE, _EPSILON = 0.1, 1e-3


def _form(
  class_name: str,
  move: np.ndarray,
  *,
  slots: Dict[str, np.ndarray],
  step: int = 1,
  **settings: Any,
) -> Optional[str]:
  record = recording_lib.StepRecord(
    loss=np.float32(1.0),
    variables={},
    slots={f"net/w/{name}": value for name, value in slots.items()},
    gradients={"net/w": _GRADIENT},
  )
  own = {"learning_rate": _RATE, "epsilon": _EPSILON, **settings}
  recording = fakes.make_recording(
    optimizer=recording_lib.OptimizerRecord(class_name, own),
    steps=(record,) * step,
  )
  return moves.form_of(recording, "net/w", step, np.asarray(move, np.float64))


def _adam(move: np.ndarray, step: int = 3) -> Optional[str]:
  slots = {"m": _GRADIENT, "v": _SECOND}
  return _form(
    "keras.optimizers.Adam",
    move,
    slots=slots,
    step=step,
    beta_1=0.9,
    beta_2=0.999,
  )


class FormOfTest(absltest.TestCase):
  def test_the_gradient_is_that_of_the_same_update(self) -> None:
    steps = tuple(
      recording_lib.StepRecord(
        loss=np.float32(1.0),
        variables={},
        slots={"net/w/rms": _SECOND},
        gradients={"net/w": gradient},
      )
      for gradient in (_GRADIENT[::-1], _GRADIENT)
    )
    settings = {"learning_rate": _RATE, "epsilon": _EPSILON}
    recording = fakes.make_recording(
      optimizer=recording_lib.OptimizerRecord(
        "keras.optimizers.RMSprop", settings
      ),
      steps=steps,
    )
    move = _RATE * _GRADIENT / np.sqrt(_SECOND + _EPSILON)
    self.assertIsNone(moves.form_of(recording, "net/w", 1, move))
    self.assertIsNotNone(moves.form_of(recording, "net/w", 2, move))

  def test_a_rule_with_one_form_tells_it(self) -> None:
    move = _RATE * _GRADIENT / np.sqrt(_SECOND)
    slots = {"accumulator": _SECOND}
    found = _form("x.AdagradOptimizer", move, slots=slots, epsilon=0.0)
    self.assertEqual(found, "rate * gradient / sqrt(accumulator)")

  def test_rmsprop_tells_epsilon_inside_from_outside(self) -> None:
    name = "keras.optimizers.RMSprop"
    slots = {"rms": _SECOND}
    inside = _RATE * _GRADIENT / np.sqrt(_SECOND + _EPSILON)
    outside = _RATE * _GRADIENT / (np.sqrt(_SECOND) + _EPSILON)
    self.assertIn("sqrt(rms + eps", _form(name, inside, slots=slots) or "")
    self.assertIn("sqrt(rms) + eps", _form(name, outside, slots=slots) or "")

  def test_adagrad_tells_whether_epsilon_is_there(self) -> None:
    name = "x.AdagradOptimizer"
    slots = {"accumulator": _SECOND}
    move = _RATE * _GRADIENT / np.sqrt(_SECOND)
    self.assertEqual(
      _form(name, move, slots=slots), "rate * gradient / sqrt(accumulator)"
    )
    inside = _RATE * _GRADIENT / np.sqrt(_SECOND + _EPSILON)
    self.assertIn("accumulator + eps", _form(name, inside, slots=slots) or "")

  def test_adam_tells_epsilon_hat_from_epsilon(self) -> None:
    first, second = 1 - 0.9**3, 1 - 0.999**3
    hat = _RATE * second**0.5 / first * _GRADIENT
    hat = hat / (np.sqrt(_SECOND) + _EPSILON)
    self.assertIn("sqrt(1 - beta_2^t)", _adam(hat) or "")
    plain = _RATE * (_GRADIENT / first)
    plain = plain / (np.sqrt(_SECOND / second) + _EPSILON)
    self.assertIn("corrected for bias", _adam(plain) or "")
    lacking = _RATE * _GRADIENT / (np.sqrt(_SECOND) + _EPSILON)
    self.assertIn("no correction", _adam(lacking) or "")

  def test_the_rate_of_the_step_counts(self) -> None:
    move = 0.5 * _GRADIENT / (np.sqrt(_SECOND) + _EPSILON)
    found = _form(
      "keras.optimizers.RMSprop",
      move,
      slots={"rms": _SECOND},
      step=2,
      learning_rate=(0.1, 0.5),
    )
    self.assertIn("sqrt(rms) + eps", found or "")

  def test_a_move_of_no_form_is_not_told(self) -> None:
    self.assertIsNone(_adam(_GRADIENT[::-1]))

  def test_two_forms_that_both_fit_are_not_told(self) -> None:
    move = _RATE * _GRADIENT / np.sqrt(_SECOND)
    found = _form(
      "keras.optimizers.RMSprop",
      move,
      slots={"rms": _SECOND},
      epsilon=0.0,
    )
    self.assertIsNone(found)

  def test_nothing_that_moved_has_no_form(self) -> None:
    self.assertIsNone(_adam(np.zeros(6)))

  def test_slots_that_are_not_there_have_no_form(self) -> None:
    self.assertIsNone(_form("keras.optimizers.Adam", _GRADIENT, slots={}))

  def test_momentum_hides_the_form_of_rmsprop(self) -> None:
    move = _RATE * _GRADIENT / np.sqrt(_SECOND + _EPSILON)
    found = _form(
      "keras.optimizers.RMSprop",
      move,
      slots={"rms": _SECOND},
      momentum=0.9,
    )
    self.assertIsNone(found)

  def test_a_rule_without_known_forms_has_none(self) -> None:
    self.assertIsNone(_form("keras.optimizers.SGD", _GRADIENT, slots={}))


if __name__ == "__main__":
  absltest.main()
