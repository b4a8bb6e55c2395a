from __future__ import annotations

from absl.testing import absltest

from parity.tf.compat import definitions


class DefinitionsTest(absltest.TestCase):
  def test_of_a_registered_type(self):
    self.assertEqual(definitions.input_names("RandomUniform"), ("shape",))
    self.assertEqual(
      definitions.attribute_names("RandomUniform"),
      {"seed", "seed2", "dtype", "T"},
    )
    self.assertEqual(
      definitions.settable_attributes("RandomUniform"),
      {"seed", "seed2", "dtype"},
    )

  def test_of_a_type_that_nobody_registered(self):
    self.assertEqual(definitions.input_names("NoSuchOp"), ())
    self.assertEqual(definitions.attribute_names("NoSuchOp"), frozenset())
    self.assertEqual(definitions.settable_attributes("NoSuchOp"), frozenset())


if __name__ == "__main__":
  absltest.main()
