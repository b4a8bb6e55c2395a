"""Tests of the locks: is every one there, fresh, and hashed?"""

from __future__ import annotations

import re
from typing import Dict

from absl.testing import absltest

from parity import cells
from parity.environments import locks as lock_files
from testing import locks

# Reading pyproject.toml needs tomllib, which Python has since 3.11.
CELLS_SINCE = "tf2.15"

_PIN = re.compile(r"^([a-z0-9][a-z0-9.-]*)==([^ ;\\]+)", re.MULTILINE)


def _pins(lock: locks.Lock) -> Dict[str, str]:
  """Version by package of a lock file."""
  return dict(_PIN.findall(lock.path.read_text(encoding="utf-8")))


class LocksTest(absltest.TestCase):
  def test_every_lock_was_resolved_from_what_is_asked_now(self) -> None:
    for lock in locks.all_locks(cells.load_table()):
      with self.subTest(lock.path.name):
        self.assertEqual(
          lock.written_digest,
          lock.digest,
          f"{lock.path.name} is stale: run `nox -s lock`.",
        )

  def test_every_pin_has_a_hash(self) -> None:
    for lock in locks.all_locks(cells.load_table()):
      text = lock.path.read_text(encoding="utf-8")
      with self.subTest(lock.path.name):
        blocks = re.split(r"\n(?=[a-z0-9])", text.split("\n", 1)[1])
        self.assertNotEmpty(blocks)
        for block in blocks:
          self.assertRegex(block, r"^[a-z0-9.-]+==\S+")
          self.assertIn("--hash=sha256:", block)

  def test_locks_name_no_place_to_fetch_from(self) -> None:
    for lock in locks.all_locks(cells.load_table()):
      text = lock.path.read_text(encoding="utf-8")
      with self.subTest(lock.path.name):
        self.assertNotIn("://", text)
        self.assertNotIn("index-url", text)

  def test_tools_lock_agrees_with_the_default_cell(self) -> None:
    table = cells.load_table()
    by_path = {lock.path: lock for lock in locks.all_locks(table)}
    tools = _pins(by_path[lock_files.TOOLS])
    cell = _pins(by_path[lock_files.path_for(table.named(table.default))])
    self.assertContainsSubset(cell.items(), tools.items())
    self.assertIn("ruff", tools)
    self.assertNotIn("ruff", cell)

  def test_floating_packages_are_pinned_nowhere(self) -> None:
    for cell in cells.load_table().cells:
      text = lock_files.path_for(cell).read_text(encoding="utf-8")
      for name in cell.floating:
        self.assertNotIn(f"{name}==", text)

  def test_changed_requirement_changes_the_digest(self) -> None:
    path = lock_files.TOOLS
    one = locks.Lock(path, "3.12", ("numpy<2",))
    two = locks.Lock(path, "3.12", ("numpy<3",))
    again = locks.Lock(path, "3.12", ("numpy<2",))
    self.assertNotEqual(one.digest, two.digest)
    self.assertEqual(one.digest, again.digest)


if __name__ == "__main__":
  absltest.main()
