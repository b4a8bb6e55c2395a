"""Tests of parity.cells."""

from __future__ import annotations

import pathlib

from absl.testing import absltest

from parity import cells
from parity import errors

_ROW = (
  '{"python": "3.9", "tensorflow": "tensorflow==9.8", "requirements": [],'
  ' "floating": [], "why": "w", "gates": True}'
)


class TableTest(absltest.TestCase):
  def test_table_holds_the_default_cell_and_the_genuine_tf1(self) -> None:
    table = cells.load_table()
    self.assertIn(table.default, table.names)
    self.assertEqual(table.names[0], "tf1.15")
    self.assertEqual(table.named("tf1.15").python, "3.7")

  def test_only_nightly_floats_and_does_not_gate(self) -> None:
    table = cells.load_table()
    self.assertEqual([c.name for c in table.cells if not c.gates], ["nightly"])
    self.assertEqual([c.name for c in table.cells if c.floating], ["nightly"])

  def test_mistyped_cell_names_the_nearest(self) -> None:
    with self.assertRaisesRegex(errors.UsageError, "Did you mean `tf2.8`"):
      cells.load_table().named("tf28")

  def test_range_includes_both_ends(self) -> None:
    table = cells.load_table()
    self.assertTrue(table.is_within("tf2.8", "tf2.8", "tf2.12"))
    self.assertTrue(table.is_within("tf2.12", "tf2.8", "tf2.12"))
    self.assertFalse(table.is_within("tf1.15", "tf2.8", "tf2.12"))
    self.assertFalse(table.is_within("tf2.15", "tf2.8", "tf2.12"))


class ReadTableTest(absltest.TestCase):
  def _read(self, text: str) -> cells.Table:
    file = self.create_tempfile("versions.bzl", text)
    return cells.read_table(pathlib.Path(file.full_path))

  def test_small_table_is_read_in_order(self) -> None:
    table = self._read(
      f'"""Doc."""\nDEFAULT_CELL = "b"\nCELLS = {{"b": {_ROW}, "a": {_ROW}}}\n'
    )
    self.assertEqual(table.names, ("b", "a"))
    self.assertEqual(table.default, "b")

  def test_call_in_the_table_is_refused_not_executed(self) -> None:
    with self.assertRaisesRegex(errors.UsageError, "literals"):
      self._read('DEFAULT_CELL = "b"\nCELLS = dict()\n')

  def test_missing_and_unknown_fields_name_the_row(self) -> None:
    row = _ROW.replace('"why"', '"wy"')
    with self.assertRaisesRegex(
      errors.UsageError, "cell `b`: `why` is missing; `wy` is not a field"
    ):
      self._read(f'DEFAULT_CELL = "b"\nCELLS = {{"b": {row}}}\n')

  def test_default_that_is_no_cell_is_refused(self) -> None:
    with self.assertRaisesRegex(errors.UsageError, "no cell `c`"):
      self._read(f'DEFAULT_CELL = "c"\nCELLS = {{"b": {_ROW}}}\n')


if __name__ == "__main__":
  absltest.main()
