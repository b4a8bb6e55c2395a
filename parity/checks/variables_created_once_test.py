"""Tests of the check variables_created_once."""

from __future__ import annotations

from absl.testing import absltest

from parity.checks import variables_created_once
from testing import fakes


def _judge(*variables):
  evidence = fakes.make_evidence(
    fakes.make_recording("tf1"),
    fakes.make_recording("tf2", variables=variables),
  )
  return variables_created_once.CHECK.judge(evidence)


class VariablesCreatedOnceTest(absltest.TestCase):
  def test_variables_of_the_first_call_pass(self):
    result = _judge(
      fakes.make_variable("a", call=0), fakes.make_variable("b", call=1)
    )
    self.assertEqual(result.status, "pass")
    self.assertEqual(result.summary, "2 variables, none created again")

  def test_one_variable_is_counted_as_one(self):
    result = _judge(fakes.make_variable("a", call=0))
    self.assertEqual(result.summary, "1 variable, none created again")

  def test_a_port_without_variables_passes(self):
    self.assertEqual(_judge().status, "pass")

  def test_variables_of_later_calls_are_one_finding_a_line(self):
    result = _judge(
      fakes.make_variable("scale", call=1, source="port.py:5"),
      fakes.make_variable("scale_1", call=2, source="port.py:5"),
      fakes.make_variable("scale_2", call=3, source="port.py:5"),
      fakes.make_variable("offset_1", call=2, source="port.py:8"),
    )
    self.assertEqual(result.status, "fail")
    first, second = result.findings
    self.assertEqual(first.cause, "variable_recreated")
    self.assertIn("Calls 2 to 3 of the port created", first.message)
    self.assertIn("'scale_1', 'scale_2' again, at port.py:5", first.message)
    self.assertEqual(first.where.tf2.source, "port.py:5")
    self.assertEqual(second.where.variable, "offset_1")

  def test_four_are_named_and_the_others_counted(self):
    for names, told in (
      ("abcd", "'a', 'b', 'c', 'd' again"),
      ("abcde", "'a', 'b', 'c', 'd' and 1 more again"),
    ):
      (finding,) = _judge(
        *(fakes.make_variable(n, call=2) for n in names)
      ).findings
      self.assertIn(f"created {told}", finding.message)

  def test_the_hint_depends_on_whether_the_port_tracks_it(self):
    tracked = _judge(fakes.make_variable("dense_1/kernel", call=2))
    lost = _judge(fakes.make_variable("scale", call=2, tracked=False))
    self.assertIn("a name", tracked.findings[0].hint)
    self.assertIn("keep them as attributes", lost.findings[0].hint)

  def test_plans_three_calls_of_the_port_alone(self):
    plan = variables_created_once.CHECK.plan(fakes.make_facts(), 7)
    self.assertIsNone(plan.tf1)
    self.assertEqual((plan.tf2.calls, plan.tf2.seed), (3, 7))


if __name__ == "__main__":
  absltest.main()
