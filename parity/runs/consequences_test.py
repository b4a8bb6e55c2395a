"""Tests of parity.runs.consequences."""

from __future__ import annotations

from absl.testing import absltest

from parity.records import report as report_lib
from parity.runs import consequences


def _finding(cause, variable=None):
  return report_lib.Finding(
    cause=cause,
    message=f"{cause} {variable}",
    where=report_lib.Where(variable=variable),
  )


def _result(name, *findings):
  return report_lib.CheckResult(name=name, status="fail", findings=findings)


class SettledTest(absltest.TestCase):
  def test_what_follows_from_an_unlike_variable_is_that_finding(self):
    root = _finding("variable_recreated", "net/kernel")
    found = consequences.settled(
      [
        _result("variables_created_once", root),
        _result("variables_match", _finding("variable_missing", "net/kernel")),
        _result(
          "random_inference",
          _finding("random_op", "net/kernel"),
          _finding("initializer", "net/kernel"),
        ),
      ]
    )
    self.assertEqual([r.findings for r in found], [(root,)] * 3)
    self.assertEqual([r.status for r in found], ["fail"] * 3)

  def test_findings_of_other_variables_and_other_causes_stay(self):
    root = _finding("variable_shape", "gru/bias")
    others = (
      _finding("initializer", "gru/kernel"),
      _finding("op_structure", "gru/bias"),
      _finding("random_op"),
    )
    found = consequences.settled(
      [_result("variables_match", root), _result("random_inference", *others)]
    )
    self.assertEqual(found[1].findings, others)

  def test_a_difference_in_numbers_is_no_root(self):
    finding = _finding("initializer", "a")
    found = consequences.settled(
      [
        _result("random_inference", finding),
        _result("random_training", _finding("random_op", "a")),
      ]
    )
    self.assertEqual(found[1].findings, (_finding("random_op", "a"),))


class EarlierTest(absltest.TestCase):
  def _earlier(self, name, *before):
    return consequences.earlier(
      _result(name, _finding("unknown")), {each.name: each for each in before}
    )

  def test_the_same_computation_carries_its_findings(self):
    bug = _finding("constant")
    inference = _result("random_inference", bug)
    self.assertEqual(self._earlier("constant_weights", inference), (bug,))
    self.assertTrue(consequences.comes_late(_result("constant_weights")))

  def test_another_computation_and_one_that_passed_do_not(self):
    training = _result("random_training", _finding("constant"))
    self.assertEmpty(self._earlier("constant_weights", training))
    passed = report_lib.CheckResult(name="random_inference", status="pass")
    self.assertEmpty(self._earlier("constant_weights", passed))
    self.assertFalse(consequences.comes_late(training))

  def test_what_concerns_the_draws_explains_nothing_without_them(self):
    for cause in ("initializer", "random_order"):
      drawn = _result("random_training", _finding(cause))
      self.assertEmpty(self._earlier("random_functional", drawn))

  def test_a_variable_that_gets_no_value_explains_constant_weights(self):
    bug = _finding("constant")
    for cause, found in (("variable_shape", True), ("variable_dtype", False)):
      unlike = _finding(cause, "net/kernel")
      before = (
        _result("variables_match", unlike),
        _result("random_inference", bug),
      )
      self.assertEqual(
        self._earlier("constant_weights", *before), (unlike if found else bug,)
      )


if __name__ == "__main__":
  absltest.main()
