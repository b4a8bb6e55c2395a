"""Do Bazel's own files name the cells of the table, and no others?

.bazelrc and MODULE.bazel can load no table, so they repeat the names.
"""

from __future__ import annotations

import os
import pathlib
import re
from typing import Dict, List

from absl.testing import absltest
from absl.testing import parameterized

from parity import cells

_ROOT = pathlib.Path(os.path.abspath(__file__)).parent.parent.parent
_FILTER = re.compile(r"^test(:\S+)? --test_tag_filters=(\S+)$", re.MULTILINE)
_GPU = "-requires-gpu-nvidia"


def wanted_filters(table: cells.Table) -> Dict[str, List[str]]:
  """The tag filter of each config; the default's config is empty."""
  found = {
    "": [f"-{name}" for name in table.names if name != table.default],
    "matrix": [],
    "gating": [f"-{cell.name}" for cell in table.cells if not cell.gates],
  }
  found.update({name: [name] for name in table.names})
  return {config: sorted([*tags, _GPU]) for config, tags in found.items()}


def filters_in(text: str) -> Dict[str, List[str]]:
  """The tag filters of a .bazelrc by config, but those for GPUs."""
  return {
    config.lstrip(":"): sorted(tags.split(","))
    for config, tags in _FILTER.findall(text)
    if not config.startswith(":gpu")
  }


def repositories_in(text: str) -> List[str]:
  """The cells of whose repositories a MODULE.bazel makes use."""
  return sorted(re.findall(r'^    "parity_(\S+)",$', text, re.MULTILINE))


class BazelCellsTest(absltest.TestCase):
  def test_every_cell_has_its_config(self):
    text = (_ROOT / ".bazelrc").read_text(encoding="utf-8")
    self.assertEqual(filters_in(text), wanted_filters(cells.load_table()))

  def test_every_cell_has_its_repository(self):
    text = (_ROOT / "MODULE.bazel").read_text(encoding="utf-8")
    self.assertEqual(repositories_in(text), sorted(cells.load_table().names))


class SeededTest(parameterized.TestCase):
  def _table(self, *names, default):
    row = ("3.9", "tensorflow==9.9.0", (), (), "a test")
    return cells.Table(
      tuple(cells.Cell(n, *row, gates=n != "nightly") for n in names), default
    )

  _RC = (
    "test --test_tag_filters=-nightly,-requires-gpu-nvidia\n"
    "test:matrix --test_tag_filters=-requires-gpu-nvidia\n"
    "test:gating --test_tag_filters=-nightly,-requires-gpu-nvidia\n"
    "test:tf2.9 --test_tag_filters=tf2.9,-requires-gpu-nvidia\n"
    "test:nightly --test_tag_filters=nightly,-requires-gpu-nvidia\n"
  )

  def test_what_fits_is_silent(self):
    table = self._table("tf2.9", "nightly", default="tf2.9")
    self.assertEqual(filters_in(self._RC), wanted_filters(table))

  @parameterized.parameters(
    ("-nightly,-requires", "-requires"),
    ("test:tf2.9", "test:tf2.8"),
    ("=nightly,-requires-gpu-nvidia", "=nightly"),
  )
  def test_fault_is_found(self, old, new):
    table = self._table("tf2.9", "nightly", default="tf2.9")
    self.assertNotEqual(
      filters_in(self._RC.replace(old, new)), wanted_filters(table)
    )

  def test_new_cell_is_missed(self):
    table = self._table("tf2.9", "tf2.30", "nightly", default="tf2.9")
    self.assertNotEqual(filters_in(self._RC), wanted_filters(table))


if __name__ == "__main__":
  absltest.main()
