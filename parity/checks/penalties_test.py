"""Tests of penalties: a term that one loss lacks, and silent twins."""

from __future__ import annotations

import dataclasses
import doctest
from typing import Any, Dict, Optional

from absl.testing import absltest
import numpy as np

from parity.checks import gradients
from parity.checks import penalties
from parity.records import recording as recording_lib
from parity.records import report as report_lib
from testing import fakes

_KERNEL = fakes.make_variable("net/fc/kernel", (4, 3), source="model.py:3")
_BIAS = fakes.make_variable("net/fc/bias", (3,), fill=0.0)
_W = np.asarray(_KERNEL.initial, np.float64)
_SLOPE = np.random.RandomState(1).normal(size=(4, 3))


def _recording(
  side: str,
  *,
  loss: float = 0.75,
  slope: Optional[np.ndarray] = None,
  **changes: Any,
) -> recording_lib.Recording:
  kernel = np.asarray(_SLOPE if slope is None else slope, np.float32)
  values: Dict[str, Any] = {
    "request": fakes.make_request(side, training=True, gradients=True),
    "variables": (_KERNEL, _BIAS),
    "loss": np.float32(loss),
    "gradients": (
      recording_lib.GradientRecord(_KERNEL.name, kernel),
      recording_lib.GradientRecord(_BIAS.name, np.ones(3, np.float32)),
    ),
  }
  return fakes.make_recording(side, **{**values, **changes})


def _of_squares(side: str, factor: float, **changes: Any) -> Any:
  """A side whose loss holds `factor` times the sum of the kernel's squares."""
  loss = 0.75 + factor * float(np.sum(_W * _W))
  slope = _SLOPE + 2 * factor * _W
  return _recording(side, loss=loss, slope=slope, **changes)


def _judge(
  tf1: recording_lib.Recording, tf2: recording_lib.Recording
) -> report_lib.CheckResult:
  return gradients.CHECK.judge(fakes.make_evidence(tf1, tf2, has_loss=True))


def _recorded(value: float, variable: Optional[str] = None) -> Any:
  return (
    recording_lib.LossRecord("reg", np.float32(value), variable, "model.py:9"),
  )


class ExplainTest(absltest.TestCase):
  def test_examples_hold(self) -> None:
    self.assertEqual(doctest.testmod(penalties).failed, 0)

  def test_a_term_of_squares_that_the_port_lacks_is_regularization(self):
    result = _judge(_of_squares("tf1", 0.05), _recording("tf2"))
    self.assertEqual([f.cause for f in result.findings], ["regularization"])
    finding = result.findings[0]
    self.assertEqual(finding.where.variable, _KERNEL.name)
    self.assertEqual(finding.where.tf1.source, "model.py:3")
    self.assertIn("of tf1 holds", finding.message)
    self.assertIn("0.05 times the sum of its squares", finding.message)
    self.assertIn("Neither side records", finding.message)

  def test_a_term_that_only_the_port_has_is_told_of_the_port(self) -> None:
    finding = _judge(_recording("tf1"), _of_squares("tf2", 0.05)).findings[0]
    self.assertEqual(finding.cause, "regularization")
    self.assertIn("of the port holds", finding.message)
    self.assertIn("that tf1 lacks", finding.message)

  def test_a_term_of_magnitudes_is_told_as_one(self) -> None:
    loss = 0.75 + 0.02 * float(np.abs(_W).sum())
    tf1 = _recording("tf1", loss=loss, slope=_SLOPE + 0.02 * np.sign(_W))
    finding = _judge(tf1, _recording("tf2")).findings[0]
    self.assertEqual(finding.cause, "regularization")
    self.assertIn("0.02 times the sum of its magnitudes", finding.message)

  def test_both_kinds_in_one_term_are_told(self) -> None:
    value = 0.02 * np.abs(_W).sum() + 0.05 * np.sum(_W * _W)
    slope = _SLOPE + 0.02 * np.sign(_W) + 0.1 * _W
    tf1 = _recording("tf1", loss=0.75 + float(value), slope=slope)
    finding = _judge(tf1, _recording("tf2")).findings[0]
    self.assertIn("squares and 0.02 times the sum of its mag", finding.message)

  def test_two_kinds_in_one_term_take_six_elements_to_tell(self) -> None:
    rng = np.random.RandomState(4)
    for size, is_told in ((5, False), (6, True)):
      weights = rng.normal(size=size)
      slope = 0.1 * weights + 0.02 * np.sign(weights)
      found = penalties.penalty_of("w", weights, tf1=slope, tf2=np.zeros(size))
      self.assertEqual(found is not None, is_told)

  def test_a_term_that_both_record_is_said_to_be_left_out(self) -> None:
    losses = _recorded(0.05 * float(np.sum(_W * _W)), _KERNEL.name)
    finding = _judge(
      _of_squares("tf1", 0.05, losses=losses), _recording("tf2", losses=losses)
    ).findings[0]
    self.assertIn("Both sides record it", finding.message)
    self.assertIn("only tf1 adds it", finding.message)
    self.assertEqual(finding.where.tf1.source, "model.py:9")

  def test_a_recorded_term_of_another_value_is_not_that_term(self) -> None:
    losses = _recorded(0.3, _KERNEL.name)
    finding = _judge(
      _of_squares("tf1", 0.05, losses=losses), _recording("tf2", losses=losses)
    ).findings[0]
    self.assertIn("Neither side records", finding.message)

  def test_a_variable_without_any_gradient_in_the_port_counts_as_zero(self):
    slopes = (
      recording_lib.GradientRecord(_KERNEL.name, None),
      recording_lib.GradientRecord(_BIAS.name, np.ones(3, np.float32)),
    )
    loss = 0.75 + 0.05 * float(np.sum(_W * _W))
    tf1 = _recording("tf1", loss=loss, slope=0.1 * _W)
    finding = _judge(tf1, _recording("tf2", gradients=slopes)).findings[0]
    self.assertEqual(finding.cause, "regularization")

  def test_the_same_term_on_both_sides_passes(self) -> None:
    result = _judge(_of_squares("tf1", 0.05), _of_squares("tf2", 0.05))
    self.assertEqual(result.status, "pass")

  def test_a_loss_that_differs_by_another_value_is_no_missing_term(self):
    loss = 0.75 + 0.1 * float(np.sum(_W * _W))
    tf1 = _recording("tf1", loss=loss, slope=_SLOPE + 0.1 * _W)
    self.assertEqual(
      _judge(tf1, _recording("tf2")).findings[0].cause, "unknown"
    )

  def test_a_loss_that_agrees_is_no_missing_term(self) -> None:
    tf1 = _recording("tf1", slope=_SLOPE + 0.1 * _W)
    self.assertEqual(
      _judge(tf1, _recording("tf2")).findings[0].cause, "unknown"
    )

  def test_a_term_within_the_tolerance_of_the_loss_is_not_told(self) -> None:
    tf1, tf2 = _of_squares("tf1", 0.05), _recording("tf2")
    evidence = fakes.make_evidence(tf1, tf2, has_loss=True)
    found = gradients.compare(evidence)
    near = dataclasses.replace(found.loss, status="within")
    self.assertIsNotNone(
      penalties.explain(evidence, found.loss, found.gradients)
    )
    self.assertIsNone(penalties.explain(evidence, near, found.gradients))

  def test_a_gradient_off_its_variable_is_no_missing_term(self) -> None:
    loss = 0.75 + 0.05 * float(np.sum(_W * _W))
    tf1 = _recording("tf1", loss=loss, slope=_SLOPE + 0.1 * _W[::-1])
    self.assertEqual(
      _judge(tf1, _recording("tf2")).findings[0].cause, "unknown"
    )

  def test_another_output_beside_it_is_no_missing_term(self) -> None:
    port = _recording(
      "tf2", outputs=(fakes.make_output(value=(2.0, 0.0, 1.0)),)
    )
    result = _judge(_of_squares("tf1", 0.05), port)
    self.assertEqual(result.findings[0].cause, "unknown")

  def test_a_variable_of_one_element_proves_nothing(self) -> None:
    scale = fakes.make_variable("net/scale", (), fill=2.0)
    sides = [
      _recording(
        side,
        loss=loss,
        variables=(scale,),
        gradients=(
          recording_lib.GradientRecord(scale.name, np.float32(slope)),
        ),
      )
      for side, loss, slope in (("tf1", 1.2, 1.2), ("tf2", 1.0, 1.0))
    ]
    tf1, tf2 = sides
    # The slope is that of 0.05 * 2 * 2, and so is the loss.
    evidence = fakes.make_evidence(tf1, tf2, has_loss=True)
    found = gradients.compare(evidence)
    self.assertFalse(found.loss.is_match)
    self.assertIsNone(penalties.explain(evidence, found.loss, found.gradients))


if __name__ == "__main__":
  absltest.main()
