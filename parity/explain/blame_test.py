"""Tests of parity.explain.blame: one finding a root cause."""

from __future__ import annotations

from absl.testing import absltest

from parity.explain import blame
from parity.explain import partners as partners_lib
from testing import fake_traces


def _heads(*, alpha=0.2, factor=0.5, shared=1.5, deep=None):
  """A trunk and two heads; a bug may sit in each."""
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(6, 5))
  trunk = made.op("Mul", x, made.constant(shared), named="trunk/scale")
  a = made.op("LeakyRelu", trunk, alpha=alpha, named="a/act")
  if deep is not None:
    a = made.op("Mul", made.op("Exp", a), made.constant(deep), named="a/deep")
  w = made.variable("b/w", fake_traces.values(5, 4, seed=3))
  b = made.op("Tanh", made.op("MatMul", trunk, w))
  b = made.op("Mul", b, made.constant(factor), named="b/scale")
  return made.build(a=a, b=b)


def _findings(left, right, names=("a", "b")):
  return blame.explain_traces(left, right, names, replay=fake_traces.replay)


class BlameTest(absltest.TestCase):
  def test_two_bugs_in_two_heads_are_two_findings(self):
    found = _findings(_heads(), _heads(alpha=0.3, factor=0.25))
    self.assertEqual(
      [(f.cause, f.where.tf2.op) for f in found],
      [("op_attribute", "a/act"), ("constant", "b/scale")],
    )

  def test_one_bug_in_the_trunk_is_one_finding(self):
    found = _findings(_heads(), _heads(shared=1.0e-1))
    self.assertEqual([f.where.tf2.op for f in found], ["trunk/scale"])

  def test_a_bug_behind_another_is_found(self):
    found = _findings(_heads(deep=2.0), _heads(alpha=0.3, deep=3.0))
    self.assertEqual(
      [f.where.tf2.op for f in found], ["a/act", "a/deep"], found
    )

  def test_what_a_trial_mends_is_proved(self):
    (finding,) = _findings(_heads(), _heads(factor=0.25))
    self.assertTrue(finding.is_proved)

  def test_without_trials_rules_alone_speak(self):
    (finding,) = blame.explain_traces(_heads(), _heads(factor=0.25), ["b"])
    self.assertEqual(finding.cause, "constant")
    self.assertFalse(finding.is_proved)

  def test_equal_sides_have_no_finding(self):
    self.assertEmpty(_findings(_heads(), _heads()))

  def test_an_output_that_one_side_lacks_is_passed_over(self):
    self.assertEmpty(_findings(_heads(), _heads(factor=0.25), names=("c",)))


class ClosenessTest(absltest.TestCase):
  def test_it_is_finer_than_the_difference_to_be_found(self):
    left, right = _heads(), _heads(factor=0.5000001)
    self.assertLess(
      blame.closeness_for(left, right, ["b"]), partners_lib.CLOSENESS
    )

  def test_a_large_difference_needs_no_fineness(self):
    self.assertEqual(
      blame.closeness_for(_heads(), _heads(factor=5.0), ["b"]),
      partners_lib.CLOSENESS,
    )


if __name__ == "__main__":
  absltest.main()
