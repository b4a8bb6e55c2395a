"""Tests of parity.checks.forward: each difference, and its silent twin."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.checks import forward
from parity.records import recording as recording_lib
from parity.records import tolerance as tolerance_lib
from testing import fakes


def _recording(side, **changes):
  request = fakes.make_request(side, training=changes.pop("training", False))
  return fakes.make_recording(side, request=request, **changes)


def _judge(tf1=None, tf2=None, **facts):
  evidence = fakes.make_evidence(
    _recording("tf1", **(tf1 or {})), _recording("tf2", **(tf2 or {})), **facts
  )
  return forward.judge("random_inference", evidence)


def _outputs(**values):
  return {
    "outputs": tuple(
      fakes.make_output(path, value, order=order, source=f"model.py:{order}")
      for order, (path, value) in enumerate(values.items())
    )
  }


class OutputsTest(absltest.TestCase):
  def test_equal_recordings_pass_and_say_what_was_compared(self):
    result = _judge()
    self.assertEqual((result.status, result.findings), ("pass", ()))
    self.assertEqual(result.summary, "1 output, 1 initial weight")
    self.assertEqual(
      {c.kind for c in result.comparisons}, {"output", "loss", "initial"}
    )

  def test_the_first_in_execution_order_is_named(self):
    result = _judge(
      _outputs(stem=[1.0], block=[2.0], logits=[3.0]),
      _outputs(logits=[3.5], block=[2.5], stem=[1.0]),
    )
    (finding,) = result.findings
    self.assertEqual(finding.cause, "unknown")
    self.assertEqual(finding.where.output, "block")
    self.assertEqual(finding.where.tf1.source, "model.py:1")
    self.assertIn("2 of 3 outputs do", finding.message)
    self.assertAlmostEqual(finding.max_abs, 0.5)

  def test_a_difference_within_the_tolerance_passes(self):
    near = np.nextafter(np.float32(2), np.float32(3))
    self.assertEqual(
      _judge(_outputs(y=[2.0]), _outputs(y=[near])).status, "pass"
    )

  def test_the_tolerance_of_a_name_holds_for_it(self):
    policy = tolerance_lib.TolerancePolicy.from_spec(
      {"logits": tolerance_lib.Tolerance(0, 1)}
    )
    sides = _outputs(logits=[1.0], y=[1.0]), _outputs(logits=[1.5], y=[1.5])
    (finding,) = _judge(*sides, tolerances=policy).findings
    self.assertEqual(finding.where.output, "y")

  def test_another_shape_or_dtype_differs(self):
    for value in ([[1.0]], np.ones(1, np.float64)):
      result = _judge(_outputs(y=[1.0]), _outputs(y=value))
      self.assertEqual(result.status, "fail")


class NestTest(absltest.TestCase):
  def test_another_nest_is_one_finding_with_all_paths(self):
    result = _judge(_outputs(y=[1.0], z=[2.0]), _outputs(y=[1.0], w=[2.0]))
    (finding,) = result.findings
    self.assertEqual(finding.cause, "op_structure")
    self.assertIn("lacks 'z' and has 'w' besides", finding.message)
    self.assertIn("tf1 returns 'y', 'z'", finding.hint)
    self.assertLen(finding.details, 2)

  def test_a_nest_without_any_common_path_is_one_too(self):
    (finding,) = _judge(_outputs(y=[1.0]), _outputs(**{"0": [1.0]})).findings
    self.assertIn("lacks 'y' and has '0' besides", finding.message)

  def test_nothing_to_compare_is_an_error(self):
    for sides in (
      ({"outputs": ()}, {"outputs": ()}),
      (_outputs(y=np.zeros((0, 3))), _outputs(y=np.zeros((0, 3)))),
    ):
      result = _judge(*sides)
      self.assertEqual(result.status, "error")
      self.assertIn("nothing was compared", result.reason)

  def test_one_empty_output_beside_another_is_no_error(self):
    both = _outputs(empty=np.zeros((0, 3)), y=[1.0])
    self.assertEqual(_judge(both, both).status, "pass")


class InitializerTest(absltest.TestCase):
  def _judge(self, *scales, **tf2_changes):
    names = ("fc/kernel", "fc2/kernel")
    tf1 = [fakes.make_variable(n, source=f"{n}:1") for n in names]
    tf2 = [
      fakes.make_variable(n, initial=v.initial * scale, source=f"{n}:2")
      for n, v, scale in zip(names, tf1, scales)
    ]
    return _judge(
      {"variables": tuple(tf1)}, {"variables": tuple(tf2), **tf2_changes}
    )

  def test_other_initial_values_name_the_first_variable_and_the_scale(self):
    (finding,) = self._judge(1.0, 0.5).findings
    self.assertEqual(finding.cause, "initializer")
    self.assertEqual(finding.where.variable, "fc2/kernel")
    self.assertIn("1 of 2 variables differ", finding.message)
    self.assertIn("0.5 times tf1's", finding.message)
    self.assertEqual(finding.where.tf2.source, "fc2/kernel:2")

  def test_what_each_side_draws_is_told_where_that_differs(self):
    kernel = fakes.make_variable()
    normal, scale = (
      fakes.make_random_op(op_type, variable=kernel.name)
      for op_type in ("TruncatedNormal", "RandomUniform")
    )
    other = {"variables": (fakes.make_variable(initial=2 * kernel.initial),)}
    for tf1, tf2, told in (
      ((normal,), (), "tf1 draws TruncatedNormal for it, the port nothing."),
      ((normal,), (scale,), "the port RandomUniform."),
      ((normal, scale), (normal,), "TruncatedNormal and RandomUniform for it"),
      ((normal,), (normal,), None),
    ):
      result = _judge({"random_ops": tf1}, {**other, "random_ops": tf2})
      message = " ".join(f.message for f in result.findings)
      if told is None:
        self.assertNotIn(" draws ", message)
      else:
        self.assertIn(told, message)

  def test_equal_initial_values_are_silent(self):
    self.assertEmpty(self._judge(1.0, 1.0).findings)

  def test_outputs_that_differ_in_consequence_are_not_told_again(self):
    findings = self._judge(
      0.5, 1.0, **_outputs(logits=[9.0, 9.0, 9.0])
    ).findings
    self.assertEqual([f.cause for f in findings], ["initializer"])

  def test_another_order_of_random_ops_comes_first(self):
    uniform = fakes.make_random_op("RandomUniform")
    normal = fakes.make_random_op("TruncatedNormal")
    variable = fakes.make_variable()
    result = _judge(
      {"random_ops": (uniform, normal)},
      {
        "random_ops": (normal, uniform),
        "variables": (
          fakes.make_variable(initial=np.zeros_like(variable.initial)),
        ),
      },
    )
    self.assertEqual([f.cause for f in result.findings], ["random_order"])

  def test_variables_of_later_calls_and_untracked_ones_are_left_out(self):
    others = (
      fakes.make_variable("a", call=2, fill=3.0),
      fakes.make_variable("b", tracked=False, fill=3.0),
    )
    same = (fakes.make_variable("a"), fakes.make_variable("b"))
    self.assertEqual(
      _judge({"variables": same}, {"variables": others}).status, "pass"
    )


class EscapeTest(absltest.TestCase):
  _ESCAPED = fakes.make_random_op(
    "StatelessRandomUniformV2", op_seed=None, variable="fc/kernel"
  )

  def test_a_difference_after_an_escaped_op_is_an_error_that_names_it(self):
    result = _judge(
      _outputs(y=[1.0]), {**_outputs(y=[2.0]), "random_ops": (self._ESCAPED,)}
    )
    self.assertEqual(result.status, "error")
    for words in (
      "StatelessRandomUniformV2",
      "variable fc/kernel on the tf2 side, at model.py:21",
      "cannot be aligned",
    ):
      self.assertIn(words, result.reason)

  def test_an_escaped_op_without_a_difference_is_silent(self):
    result = _judge(tf2={"random_ops": (self._ESCAPED,)})
    self.assertEqual(result.status, "pass")


class RegularizationTest(absltest.TestCase):
  def _judge(self, tf1, tf2, **tf2_changes):
    def losses(side, values):
      return tuple(
        recording_lib.LossRecord(
          f"fc{i}/regularizer", np.float32(v), source=f"{side}.py:{i}"
        )
        for i, v in enumerate(values)
      )

    return _judge(
      {"losses": losses("tf1", tf1)},
      {"losses": losses("tf2", tf2), **tf2_changes},
    )

  def test_other_losses_with_equal_outputs_are_one_finding(self):
    result = self._judge([0.5, 0.25], [1.0, 0.5])
    (finding,) = result.findings
    self.assertEqual(finding.cause, "regularization")
    self.assertIn("0.75 from 2 losses on tf1, 1.5 from 2", finding.message)
    self.assertIn("times tf1's", finding.message)
    self.assertEqual(finding.where.output, "regularisation losses")

  def test_a_loss_that_the_port_lacks_is_told_by_the_counts(self):
    (finding,) = self._judge([0.5, 0.25], [0.5]).findings
    self.assertIn("2 losses on tf1, 0.5 from 1 in the port", finding.message)

  def test_a_loss_that_the_port_counts_twice_is_told_by_its_name(self):
    (finding,) = self._judge([0.5, 0.25], [0.5, 0.25, 0.25]).findings
    self.assertIn("the port counts fc1/regularizer again", finding.message)
    (finding,) = self._judge([0.5, 0.25], [0.5, 0.25, 0.125]).findings
    self.assertNotIn("again", finding.message)

  def test_a_factor_of_one_loss_is_told_where_it_means_something(self):
    (finding,) = self._judge([0.5], [1.0]).findings
    self.assertIn("2 times tf1's", finding.message)
    (finding,) = self._judge([4e-10], [0.08]).findings
    self.assertNotIn("times tf1's", finding.message)

  def test_losses_of_which_one_side_knows_the_variable_name_it(self):
    def losses(name, value, variable=None):
      loss = recording_lib.LossRecord(name, np.float32(value), variable)
      return {"losses": (loss,)}

    for tf1, tf2 in (
      (losses("mul", 0.25), losses("l2", 0.5, "table")),
      (losses("l2", 0.25, "table"), losses("mul", 0.5)),
    ):
      (finding,) = _judge(tf1, tf2).findings
      self.assertEqual(finding.where.variable, "table")
      self.assertIn("in the port have no partner", finding.message)
    (finding,) = _judge(losses("mul", 0.25), losses("sum", 0.5)).findings
    self.assertIsNone(finding.where.variable)
    both = losses("a", 0.25, "table"), losses("b", 0.5, "table")
    (finding,) = _judge(*both).findings
    self.assertIn("the first that differs is table", finding.message)
    self.assertEqual(
      _judge(losses("mul", 0.5), losses("l2", 0.5, "table")).status, "pass"
    )

  def test_equal_losses_in_another_order_are_silent(self):
    self.assertEqual(self._judge([0.5, 0.25], [0.25, 0.5]).status, "pass")

  def test_no_losses_on_either_side_are_silent(self):
    self.assertEqual(self._judge([], []).status, "pass")

  def test_outputs_that_differ_too_come_first(self):
    result = self._judge([0.5], [1.0], **_outputs(logits=[9.0, 9.0, 9.0]))
    self.assertEqual(
      [f.cause for f in result.findings], ["unknown", "regularization"]
    )

  def test_outputs_alone_are_no_regularization(self):
    result = self._judge([0.5], [0.5], **_outputs(logits=[9.0, 9.0, 9.0]))
    self.assertEqual([f.cause for f in result.findings], ["unknown"])


class TrainingTest(absltest.TestCase):
  def _judge(self, tf1_move, tf2_move, *, training=True, **tf2_changes):
    def side(move):
      start = np.ones(3, np.float32)
      variable = fakes.make_variable(
        "bn/moving_mean", (3,), initial=start, final=start + np.float32(move)
      )
      return {"variables": (variable,), "training": training}

    return _judge(side(tf1_move), {**side(tf2_move), **tf2_changes})

  def test_a_missing_update_with_equal_outputs_is_found(self):
    (finding,) = self._judge(0.5, 0.0).findings
    self.assertEqual(finding.cause, "update_missing")

  def test_equal_updates_are_silent_and_counted(self):
    result = self._judge(0.5, 0.5)
    self.assertEqual(result.status, "pass")
    self.assertIn("1 variable after updates", result.summary)

  def test_a_missing_update_with_other_outputs_is_the_inference_branch(self):
    other = _outputs(logits=[9.0, 9.0, 9.0])
    (finding,) = self._judge(0.5, 0.0, **other).findings
    self.assertEqual(finding.cause, "training_flag")

  def test_an_update_at_inference_on_one_side_is_found(self):
    for moves, who in (((0.0, 0.5), "in the port"), ((0.5, 0.0), "on tf1")):
      (finding,) = self._judge(*moves, training=False).findings
      self.assertEqual(finding.cause, "update_missing")
      self.assertIn(f"updated at inference {who}", finding.message)

  def test_equal_updates_at_inference_are_silent(self):
    result = self._judge(0.5, 0.5, training=False)
    self.assertEqual(result.status, "pass")

  def test_what_stays_at_inference_is_not_compared(self):
    result = self._judge(0.0, 0.0, training=False)
    self.assertEqual(result.status, "pass")
    self.assertNotIn("final", {c.kind for c in result.comparisons})

  def test_an_update_at_inference_with_other_outputs_comes_second(self):
    other = _outputs(logits=[9.0, 9.0, 9.0])
    (finding,) = self._judge(0.0, 0.5, training=False, **other).findings
    self.assertEqual(finding.cause, "unknown")

  def test_a_variable_of_another_shape_has_no_initializer_to_blame(self):
    narrow = fakes.make_variable("bn/moving_mean", (2,))
    (finding,) = self._judge(
      0.5, 0.5, training=False, variables=(narrow,)
    ).findings
    self.assertEqual(finding.cause, "variable_shape")
    self.assertEqual(finding.where.variable, "bn/moving_mean")


if __name__ == "__main__":
  absltest.main()
