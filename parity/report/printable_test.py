"""Tests of parity.report.printable."""

from __future__ import annotations

import doctest
import unicodedata

from absl.testing import absltest
from absl.testing import parameterized

from parity.report import printable


class PrintableTest(parameterized.TestCase):
  @parameterized.parameters(
    ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
    ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
    ("\x9b2J", "\\x9b2J"),
    ("a\r\nb", "a\\r\\nb"),
    ("a\x00\x7f", "a\\x00\\x7f"),
    ("a\u202eb\u2066", "a\\u202eb\\u2066"),
    ("a\u2028b\u2029\x85", "a\\u2028b\\u2029\\x85"),
  )
  def test_what_steers_is_escaped(self, text, wanted):
    self.assertEqual(printable.printable(text), wanted)

  def test_no_control_character_is_left_but_the_tab(self):
    every = "".join(map(chr, range(0x3000)))
    left = printable.printable(every)
    self.assertEqual(
      [c for c in left if unicodedata.category(c) == "Cc"], ["\t"]
    )

  @parameterized.parameters(
    "net/fc/kernel", "  | x = tf.add(a, b)\t# why", "größe 重み ∂", "a::b", ""
  )
  def test_plain_text_stays(self, text):
    self.assertEqual(printable.printable(text), text)
    self.assertEqual(printable.lines([text]), [text])


class LinesTest(parameterized.TestCase):
  @parameterized.parameters(
    ("::error ::x", "\\::error ::x"),
    ("   ::stop-commands::x", "   \\::stop-commands::x"),
    ("name ##[command]x", "name #\\#[command]x"),
    ("a\n::error ::x", "a\\n::error ::x"),
  )
  def test_no_line_is_a_command_to_a_runner(self, text, wanted):
    self.assertEqual(printable.lines([text]), [wanted])

  @parameterized.parameters(
    "# a", "a [#1]", "## title", "net::fc", ":", "a ::b"
  )
  def test_what_is_none_stays(self, text):
    self.assertEqual(printable.lines([text]), [text])

  def test_examples_of_the_docstrings(self):
    self.assertEqual(doctest.testmod(printable).failed, 0)


if __name__ == "__main__":
  absltest.main()
