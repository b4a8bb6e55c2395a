"""Tests of the gradients check: each difference, and its silent twin."""

from __future__ import annotations

from typing import Any, Dict, Optional

from absl.testing import absltest
import numpy as np

from parity.checks import check
from parity.checks import gradients
from parity.records import recording as recording_lib
from parity.records import report as report_lib
from parity.records import tolerance
from testing import fakes

_KERNEL = "net/fc/kernel"
_BIAS = "net/fc/bias"


def _slopes(scale: float = 1.0) -> Dict[str, Optional[np.ndarray]]:
  rng = np.random.RandomState(1)
  return {
    _KERNEL: (rng.normal(size=(4, 3)) * scale).astype(np.float32),
    _BIAS: (rng.normal(size=3) * scale).astype(np.float32),
  }


def _recording(
  side: str,
  slopes: Dict[str, Optional[np.ndarray]],
  *,
  loss: float = 0.75,
  **changes: Any,
) -> recording_lib.Recording:
  return fakes.make_recording(
    side,
    request=fakes.make_request(side, training=True, gradients=True),
    variables=(
      fakes.make_variable(_KERNEL, (4, 3), source="model.py:3"),
      fakes.make_variable(_BIAS, (3,), source="model.py:4"),
    ),
    loss=np.float32(loss),
    gradients=tuple(
      recording_lib.GradientRecord(name, value)
      for name, value in slopes.items()
    ),
    **changes,
  )


def _judge(
  tf1: recording_lib.Recording,
  tf2: recording_lib.Recording,
  *,
  policy: Optional[tolerance.TolerancePolicy] = None,
) -> report_lib.CheckResult:
  facts = fakes.make_facts(
    has_loss=True, tolerances=policy or tolerance.TolerancePolicy()
  )
  plan = check.Plan(tf1=tf1.request, tf2=tf2.request)
  evidence = check.Evidence(facts, plan, {tf1.request: tf1, tf2.request: tf2})
  return gradients.CHECK.judge(evidence)


class GradientsTest(absltest.TestCase):
  def test_equal_gradients_pass(self) -> None:
    result = _judge(_recording("tf1", _slopes()), _recording("tf2", _slopes()))
    self.assertEqual(result.status, "pass")
    self.assertEqual(
      [(c.kind, c.name) for c in result.comparisons],
      [("loss", "loss"), ("gradient", _KERNEL), ("gradient", _BIAS)],
    )
    self.assertEqual(result.summary, "the loss and 2 gradients")

  def test_no_gradient_and_a_gradient_of_zero_pass(self) -> None:
    slopes = _slopes()
    zero = {**slopes, _BIAS: np.zeros(3, np.float32)}
    for lacking in ("tf1", "tf2"):
      left, right = {**slopes, _BIAS: None}, zero
      if lacking == "tf2":
        left, right = right, left
      result = _judge(_recording("tf1", left), _recording("tf2", right))
      self.assertEqual(result.status, "pass", lacking)

  def test_no_gradient_and_a_gradient_of_zero_beside_a_difference(self) -> None:
    slopes = {**_slopes(), _BIAS: None}
    other = {**_slopes(), _BIAS: np.zeros(3, np.float32)}
    other[_KERNEL] = np.sin(np.arange(12, dtype=np.float32)).reshape(4, 3)
    result = _judge(_recording("tf1", slopes), _recording("tf2", other))
    self.assertEqual(result.findings[0].where.variable, _KERNEL)

  def test_rounding_within_the_tolerance_passes(self) -> None:
    slopes = _slopes()
    moved = {k: np.nextafter(v, np.float32(9)) for k, v in slopes.items()}
    result = _judge(_recording("tf1", slopes), _recording("tf2", moved))
    self.assertEqual(result.status, "pass")
    self.assertEmpty(result.findings)

  def test_one_factor_on_all_is_a_loss_scale(self) -> None:
    result = _judge(
      _recording("tf1", _slopes(), loss=0.75),
      _recording("tf2", _slopes(2.0), loss=1.5),
    )
    self.assertEqual([f.cause for f in result.findings], ["loss_scale"])
    self.assertIn("2 (2, the batch size)", result.findings[0].message)
    self.assertEqual(result.findings[0].where.output, "loss")

  def test_scaled_gradients_of_an_equal_loss_are_a_loss_scale(self) -> None:
    result = _judge(
      _recording("tf1", _slopes()), _recording("tf2", _slopes(-1.0))
    )
    self.assertEqual([f.cause for f in result.findings], ["loss_scale"])
    self.assertIn("-1 times", result.findings[0].message)
    self.assertIn("The loss itself agrees", result.findings[0].message)

  def test_a_factor_between_outputs_is_no_loss_scale(self) -> None:
    result = _judge(
      _recording("tf1", _slopes(), loss=0.75),
      _recording(
        "tf2",
        _slopes(2.0),
        loss=1.5,
        outputs=(fakes.make_output(value=(2.0, 4.0, 6.0)),),
      ),
    )
    self.assertEqual([f.cause for f in result.findings], ["unknown"])

  def test_one_gradient_that_differs_is_named(self) -> None:
    slopes = _slopes()
    slopes[_BIAS] = slopes[_BIAS] + np.float32(0.01)
    result = _judge(_recording("tf1", _slopes()), _recording("tf2", slopes))
    self.assertEqual(result.status, "fail")
    finding = result.findings[0]
    self.assertEqual(finding.cause, "unknown")
    self.assertEqual(finding.where.variable, _BIAS)
    self.assertEqual(finding.where.tf1.source, "model.py:4")
    self.assertIn("1 of 2 gradients differ", finding.message)

  def test_no_gradient_on_one_side_differs(self) -> None:
    slopes = _slopes()
    slopes[_KERNEL] = None
    result = _judge(_recording("tf1", _slopes()), _recording("tf2", slopes))
    self.assertEqual(result.status, "fail")
    self.assertIn("has none in the port", result.findings[0].message)

  def test_no_gradient_on_either_side_agrees(self) -> None:
    slopes = _slopes()
    slopes[_KERNEL] = None
    result = _judge(_recording("tf1", slopes), _recording("tf2", slopes))
    self.assertEqual(result.status, "pass")

  def test_nan_on_one_side_differs(self) -> None:
    slopes = _slopes()
    slopes[_KERNEL] = np.full((4, 3), np.nan, np.float32)
    result = _judge(_recording("tf1", _slopes()), _recording("tf2", slopes))
    self.assertEqual(result.status, "fail")

  def test_another_loss_comes_first(self) -> None:
    slopes = _slopes()
    slopes[_BIAS] = slopes[_BIAS] + np.float32(0.01)
    result = _judge(
      _recording("tf1", _slopes()), _recording("tf2", slopes, loss=0.8)
    )
    self.assertEqual(result.findings[0].where.output, "loss")
    self.assertIn("The loss differs", result.findings[0].message)

  def test_a_variable_of_one_side_is_left_to_variables_match(self) -> None:
    slopes = _slopes()
    del slopes[_BIAS]
    result = _judge(_recording("tf1", _slopes()), _recording("tf2", slopes))
    self.assertEqual(result.status, "pass")

  def test_nothing_to_compare_is_an_error(self) -> None:
    result = _judge(_recording("tf1", {}), _recording("tf2", {}))
    self.assertEqual(result.status, "error")
    self.assertIn("nothing was compared", result.reason or "")

  def test_gradients_below_the_tolerance_are_said_to_prove_nothing(
    self,
  ) -> None:
    slopes = _slopes(1e-8)
    other = {k: v + np.float32(1e-9) for k, v in slopes.items()}
    result = _judge(_recording("tf1", slopes), _recording("tf2", other))
    self.assertEqual(result.status, "pass")
    self.assertIn("proves nothing", result.notes[0])

  def test_larger_gradients_carry_no_such_note(self) -> None:
    result = _judge(_recording("tf1", _slopes()), _recording("tf2", _slopes()))
    self.assertEqual(result.notes, ())

  def test_the_tolerance_of_a_name_holds(self) -> None:
    slopes = {k: v + np.float32(0.01) for k, v in _slopes().items()}
    policy = tolerance.TolerancePolicy.from_spec(
      {"net/*": tolerance.Tolerance(0.0, 0.1)}
    )
    result = _judge(
      _recording("tf1", _slopes()), _recording("tf2", slopes), policy=policy
    )
    self.assertEqual(result.status, "pass")

  def test_an_op_without_a_seed_is_no_mismatch(self) -> None:
    escaped = recording_lib.RandomOpRecord(
      0, "RandomUniform", "drop", (2,), "float32", None
    )
    result = _judge(
      _recording("tf1", _slopes()),
      _recording("tf2", _slopes(1.5), random_ops=(escaped,)),
    )
    self.assertEqual(result.status, "error")

  def test_a_case_without_a_loss_does_not_apply(self) -> None:
    self.assertIsNotNone(gradients.CHECK.skip(fakes.make_facts()))
    self.assertIsNone(gradients.CHECK.skip(fakes.make_facts(has_loss=True)))


if __name__ == "__main__":
  absltest.main()
