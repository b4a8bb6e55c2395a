from __future__ import annotations

import subprocess
import sys

from absl.testing import absltest

import parity

_PUBLIC = [
  "Case",
  "DeterministicRandomTestTool",
  "ParityTestCase",
  "Tolerance",
  "assert_no_variable_creations",
  "catch_and_raise_created_variables",
  "check",
  "diff",
  "enable_tf_slim",
  "record",
  "verify",
]


class PublicNamesTest(absltest.TestCase):
  def test_every_public_name_is_listed_in_order(self):
    self.assertEqual(parity.__all__, _PUBLIC)

  def test_every_public_name_is_there_and_documented(self):
    for name in _PUBLIC:
      with self.subTest(name=name):
        self.assertNotEmpty(getattr(parity, name).__doc__)
        self.assertIn(name, dir(parity))

  def test_a_name_is_loaded_once(self):
    self.assertIs(parity.Tolerance, parity.Tolerance)

  def test_an_unknown_name_is_an_attribute_error(self):
    with self.assertRaisesRegex(AttributeError, "'parity' .* 'Tolerence'"):
      _ = parity.Tolerence

  def test_import_parity_imports_neither_tensorflow_nor_numpy(self):
    program = (
      "import sys, parity\n"
      "print([m for m in ('tensorflow', 'keras', 'numpy') if m in sys.modules])"
    )
    found = subprocess.check_output(
      [sys.executable, "-c", program], universal_newlines=True
    )
    self.assertEqual(found.strip(), "[]")


if __name__ == "__main__":
  absltest.main()
