from __future__ import annotations

from absl.testing import absltest

from parity.tf.compat import patching


class Base:
  value = "base"


class Derived(Base):
  pass


class AttributeReplacedTest(absltest.TestCase):
  def test_is_replaced_inside_and_restored_after_an_error(self):
    with self.assertRaises(KeyError):
      with patching.attribute_replaced(Base, "value", "inside"):
        self.assertEqual(Base.value, "inside")
        raise KeyError
    self.assertEqual(Base.value, "base")

  def test_scopes_nest(self):
    with patching.attribute_replaced(Base, "value", "outer"):
      with patching.attribute_replaced(Base, "value", "inner"):
        self.assertEqual(Base.value, "inner")
      self.assertEqual(Base.value, "outer")

  def test_an_inherited_attribute_is_inherited_again(self):
    with patching.attribute_replaced(Derived, "value", "inside"):
      self.assertEqual((Derived.value, Base.value), ("inside", "base"))
    self.assertNotIn("value", vars(Derived))
    self.assertEqual(Derived.value, "base")


if __name__ == "__main__":
  absltest.main()
