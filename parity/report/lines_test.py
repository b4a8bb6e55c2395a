"""Tests of parity.report.lines."""

from __future__ import annotations

import doctest

from absl.testing import absltest

from parity.report import lines


class LinesTest(absltest.TestCase):
  def test_a_path_is_never_broken(self):
    path = "legacy/" + "deep/" * 20 + "model-v1.py:31"
    text = lines.labelled("tf1", f"{path} MatMul", width=40)
    self.assertIn(path, text[0])
    self.assertStartsWith(text[1], " " * lines.LABEL_WIDTH + "MatMul")

  def test_line_breaks_and_indents_of_the_text_are_kept(self):
    text = 'File "model.py", line 3\n    net = 1 / 0\nZeroDivisionError'
    self.assertEqual(
      lines.wrapped(text, width=80, indent="  "),
      [
        '  File "model.py", line 3',
        "      net = 1 / 0",
        "  ZeroDivisionError",
      ],
    )

  def test_what_is_left_out_is_counted(self):
    text = lines.wrapped("one\ntwo\nthree\nfour", width=80, limit=3)
    self.assertEqual(text, ["one", "two", "... (2 more lines, see -v)"])

  def test_what_fits_the_limit_is_whole(self):
    self.assertEqual(
      lines.wrapped("one\ntwo", width=80, limit=2), ["one", "two"]
    )

  def test_examples_of_the_docstrings(self):
    self.assertEqual(doctest.testmod(lines).failed, 0)


if __name__ == "__main__":
  absltest.main()
