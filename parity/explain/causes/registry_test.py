"""Tests of parity.explain.causes.registry: which rule speaks first."""

from __future__ import annotations

from absl.testing import absltest

from parity.explain import blame
from parity.explain.causes import registry
from parity.records import vocabulary
from testing import fake_traces


def _trace(op_type="LeakyRelu", factor=0.5, **settings):
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(4, 5))
  net = made.op("Mul", x, made.constant(factor))
  return made.build(y=made.op(op_type, net, **settings))


def _place(left, right):
  return blame.first_places(left, right, ["y"])[0]


class RegistryTest(absltest.TestCase):
  def test_each_difference_gets_the_most_telling_cause(self):
    plain = _trace(alpha=0.2)
    expected = {
      "op_attribute": _trace(alpha=0.3),
      "constant": _trace(alpha=0.2, factor=2.0),
      "op_structure": _trace("Tanh"),
    }
    for cause, other in expected.items():
      finding = registry.explain(_place(plain, other))
      self.assertEqual(finding.cause, cause)
      self.assertIn(finding.cause, vocabulary.CAUSES)

  def test_only_precision_and_losses_need_no_trial(self):
    plain = _trace(alpha=0.2)
    self.assertFalse(
      registry.is_certain(_place(plain, _trace(alpha=0.2, factor=2.0)))
    )
    half = _trace("Dense", T="float16", gives=fake_traces.values(3, seed=2))
    wide = _trace("Dense", T="float32", gives=fake_traces.values(3, seed=3))
    self.assertTrue(registry.is_certain(_place(wide, half)))


if __name__ == "__main__":
  absltest.main()
