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


if __name__ == "__main__":
  absltest.main()
