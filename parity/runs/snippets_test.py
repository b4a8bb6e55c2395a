"""Tests of parity.runs.snippets."""

from __future__ import annotations

import os

from absl.testing import absltest

from parity.records import report as report_lib
from parity.runs import snippets
from testing import fakes


class AroundTest(absltest.TestCase):
  def _write(self, name, content):
    return self.create_tempfile(name, content).full_path

  def test_the_lines_around_a_line(self):
    lines = [f"line {i}" for i in range(1, 31)]
    path = self._write("m.py", "\n".join(lines))
    found = snippets.around(f"{path}:20")
    self.assertEqual(found.first, 15)
    self.assertEqual(found.lines[20 - found.first], "line 20")
    self.assertLen(found.lines, 11)

  def test_at_the_file_s_ends_there_are_fewer(self):
    path = self._write("m.py", "one\ntwo\n")
    self.assertEqual(
      snippets.around(f"{path}:1"), report_lib.Snippet(1, ("one", "two"))
    )
    self.assertIsNone(snippets.around(f"{path}:3"))

  def test_what_is_not_there_is_none(self):
    for source in (None, "", "m.py", "no_such.py:3", "m.py:x", "m.py:0"):
      self.assertIsNone(snippets.around(source), source)

  def test_what_is_no_line_number_is_none(self):
    path = self._write("m.py", "one\n")
    for number in ("\u00b2", "\u0661", "1" * 5000, "1\n", "-1", "+1", " 1"):
      self.assertIsNone(snippets.around(f"{path}:{number}"), repr(number))
    for number in ("1", "0000001"):
      self.assertEqual(snippets.around(f"{path}:{number}").lines, ("one",))

  def test_only_python_files_are_read(self):
    path = self._write("secret.txt", "one\n")
    self.assertIsNone(snippets.around(f"{path}:1"))
    folder = self.create_tempdir("folder.py").full_path
    self.assertIsNone(snippets.around(f"{folder}:1"))
    os.mkfifo(os.path.join(folder, "pipe.py"))
    self.assertIsNone(snippets.around(f"{folder}/pipe.py:1"))

  def test_any_encoding_is_read(self):
    path = self.create_tempfile("m.py").full_path
    with open(path, "wb") as file:
      file.write(b"# -*- coding: latin-1 -*-\nx = '\xe9'\n")
    self.assertEqual(snippets.around(f"{path}:2").lines[1], "x = '\xe9'")
    with open(path, "wb") as file:
      file.write(b"x = '\xff'\n")
    self.assertIsNotNone(snippets.around(f"{path}:1"))

  def test_both_sides_of_a_finding_get_theirs(self):
    path = self._write("m.py", "one\ntwo\n")
    where = fakes.make_where(
      tf1=report_lib.Place(source=f"{path}:1"), tf2=report_lib.Place()
    )
    check = fakes.make_check(
      "gradients", "fail", findings=(fakes.make_finding(where=where),)
    )
    (found,) = snippets.with_snippets(check).findings
    self.assertEqual(found.where.tf1.snippet.lines, ("one", "two"))
    self.assertIsNone(found.where.tf2.snippet)


if __name__ == "__main__":
  absltest.main()
