"""Tests of slots: those of one rule are paired, in tf1's form, others not."""

from __future__ import annotations

import doctest
from typing import Any, Dict

from absl.testing import absltest
import numpy as np

from parity.checks.optimizers import slots
from parity.records import recording as recording_lib
from testing import fakes

_SLOT = np.float32([0.5, -1.0])
_MOMENTUM = "x.MomentumOptimizer"
_SGD = "keras.optimizers.SGD"


def _recording(
  side: str,
  class_name: str,
  found: Dict[str, np.ndarray],
  **settings: Any,
) -> recording_lib.Recording:
  step = recording_lib.StepRecord(
    loss=np.float32(1.0),
    variables={"net/w": np.zeros(2, np.float32)},
    slots=found,
  )
  return fakes.make_recording(
    side,
    optimizer=recording_lib.OptimizerRecord(class_name, settings),
    steps=(step,),
  )


def _sgd(rate: Any, **settings: Any) -> slots.PairedSlots:
  """Momentum descent on both sides."""
  tf1 = _recording("tf1", _MOMENTUM, {"net/w/momentum": _SLOT}, momentum=0.9)
  tf2 = _recording(
    "tf2",
    _SGD,
    {"net/w/momentum": np.float32(-0.5) * _SLOT},
    **{"learning_rate": rate, "momentum": 0.9, **settings},
  )
  return slots.pair(tf1, tf2, 0)


class NamesTest(absltest.TestCase):
  def test_examples_hold(self) -> None:
    self.assertEqual(doctest.testmod(slots).failed, 0)

  def test_generations_of_a_rule_are_one_family(self) -> None:
    for one, other in (
      ("x.AdamOptimizer", "keras.optimizers.Adam"),
      ("x.GradientDescentOptimizer", _SGD),
      (_MOMENTUM, _SGD),
      ("x.RMSPropOptimizer", "keras.optimizers.RMSprop"),
    ):
      families = {
        slots.family_of(recording_lib.OptimizerRecord(name, {}))
        for name in (one, other)
      }
      self.assertLen(families, 1, (one, other))

  def test_other_rules_are_other_families(self) -> None:
    families = {
      slots.family_of(recording_lib.OptimizerRecord(name, {}))
      for name in ("x.AdamOptimizer", "x.AdagradOptimizer", _SGD)
    }
    self.assertLen(families, 3)


class PairTest(absltest.TestCase):
  def test_slots_of_two_names_are_one(self) -> None:
    tf1 = _recording("tf1", "x.AdagradOptimizer", {"net/w/accumulator": _SLOT})
    tf2 = _recording(
      "tf2", "keras.optimizers.Adagrad", {"net/w/accumulators": _SLOT}
    )
    found = slots.pair(tf1, tf2, 0)
    self.assertEqual(list(found.tf1), ["net/w/accumulator"])
    self.assertEqual(list(found.tf2), ["net/w/accumulator"])

  def test_a_slot_of_one_side_alone_is_left_out(self) -> None:
    tf1 = _recording("tf1", "x.AdamOptimizer", {"net/w/m": _SLOT})
    tf2 = _recording(
      "tf2",
      "keras.optimizers.Adam",
      {"net/w/m": _SLOT, "net/w/vhat": _SLOT},
    )
    found = slots.pair(tf1, tf2, 0)
    self.assertEqual(list(found.tf1), ["net/w/m"])
    self.assertEqual(list(found.tf2), ["net/w/m"])
    self.assertEqual(found.notes, ())

  def test_what_belongs_to_no_variable_is_left_out(self) -> None:
    tf1 = _recording("tf1", "x.AdamOptimizer", {"other/m": _SLOT})
    tf2 = _recording("tf2", "keras.optimizers.Adam", {"other/m": _SLOT})
    self.assertEqual(slots.pair(tf1, tf2, 0).tf1, {})

  def test_momentum_is_converted_to_tf1s_form(self) -> None:
    found = _sgd(0.5)
    np.testing.assert_allclose(found.tf2["net/w/momentum"], _SLOT)
    self.assertEqual(found.notes, ())

  def test_momentum_under_a_schedule_is_not_compared_and_noted(self) -> None:
    found = _sgd((0.5, 0.25))
    self.assertEqual(found.tf2, {})
    self.assertIn("this slot was not compared", found.notes[0])

  def test_momentum_that_the_port_lost_is_not_compared_and_noted(self) -> None:
    found = _sgd(0.5, momentum=0.0)
    self.assertEqual(found.tf2, {})
    self.assertIn("this slot was not compared", found.notes[0])

  def test_descent_without_momentum_has_nothing_to_note(self) -> None:
    tf1 = _recording("tf1", "x.GradientDescentOptimizer", {})
    tf2 = _recording("tf2", _SGD, {}, learning_rate=0.5, momentum=0.0)
    found = slots.pair(tf1, tf2, 0)
    self.assertEqual((found.tf1, found.notes), ({}, ()))

  def test_slots_of_other_rules_are_not_compared_and_noted(self) -> None:
    tf1 = _recording("tf1", "x.AdamOptimizer", {"net/w/m": _SLOT})
    tf2 = _recording("tf2", _SGD, {"net/w/m": _SLOT})
    found = slots.pair(tf1, tf2, 0)
    self.assertEqual(found.tf1, {})
    self.assertIn("not of one rule", found.notes[0])


if __name__ == "__main__":
  absltest.main()
