"""Tests of parity.records.strict_json."""

from __future__ import annotations

import doctest
import json

from absl.testing import absltest
from absl.testing import parameterized

from parity.records import strict_json


class LoadsTest(parameterized.TestCase):
  @parameterized.parameters(
    '{"a": 1, "a": 2}',
    '{"a": 1, "a": 1}',
    '[{"x": {"a": 1, "b": 2, "\\u0061": 3}}]',
  )
  def test_a_key_that_stands_twice_is_named(self, text):
    with self.assertRaisesRegex(ValueError, "the key 'a' twice"):
      strict_json.loads(text)

  @parameterized.parameters(
    '{"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]}', '{"a": 1, "A": 2}', "[]", "1"
  )
  def test_the_same_key_in_other_objects_is_read(self, text):
    self.assertEqual(strict_json.loads(text), json.loads(text))
    self.assertEqual(strict_json.loads(text.encode()), json.loads(text))

  def test_a_long_key_is_told_in_short(self):
    with self.assertRaises(ValueError) as caught:
      strict_json.loads('{"%s": 1, "%s": 2}' % (("x" * 10**5,) * 2))
    self.assertLess(len(str(caught.exception)), 100)

  @parameterized.parameters(
    "NaN", '{"a": Infinity}', "[-Infinity]", "", "{", "[" * 10**5
  )
  def test_what_is_no_json_is_a_value_error(self, text):
    with self.assertRaises(ValueError):
      strict_json.loads(text)

  def test_bytes_that_are_no_text_are_a_value_error(self):
    with self.assertRaises(ValueError):
      strict_json.loads(b'"\xff"')

  def test_the_example_holds(self):
    self.assertEqual(doctest.testmod(strict_json).failed, 0)


if __name__ == "__main__":
  absltest.main()
