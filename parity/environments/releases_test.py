"""Tests of parity.environments.releases, with a list of wheels at hand."""

from __future__ import annotations

from absl.testing import absltest

from parity import cells
from parity import errors
from parity.environments import releases

_WHEELS = {
  "3.7": ("2.11.0", "2.8.4", "2.0.0", "1.15.5", "1.14.0", "1.14.0rc1"),
  "3.9": ("2.17.1", "2.12.1", "2.11.1", "2.10.0", "2.8.4", "2.8.4.post1"),
  "3.10": ("2.17.1", "2.12.1", "2.11.1", "2.10.0"),
  "3.11": ("2.17.1", "2.12.1"),
}


def _ask(python):
  return _WHEELS.get(python, ())


class BetweenTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    self._table = cells.load_table()

  def _between(self, good, bad):
    return releases.between(good, bad, table=self._table, ask=_ask)

  def test_final_releases_come_in_order_of_their_numbers(self):
    found = [release.version for release in self._between("2.8.4", "2.12.1")]
    self.assertEqual(found, ["2.8.4", "2.10.0", "2.11.0", "2.11.1", "2.12.1"])

  def test_good_version_may_be_the_later_one(self):
    found = [release.version for release in self._between("2.11.1", "2.10.0")]
    self.assertEqual(found, ["2.11.1", "2.11.0", "2.10.0"])

  def test_cells_are_named_by_their_name(self):
    found = self._between("tf2.8", "tf2.12")
    self.assertEqual(found[0].version, "2.8.4")
    self.assertEqual(found[-1].version, "2.12.1")

  def test_release_has_python_and_needs_of_the_cell_below_it(self):
    by_version = {r.version: r for r in self._between("1.15.5", "2.17.1")}
    self.assertEqual(by_version["2.0.0"].python, "3.7")
    self.assertIn("numpy<1.19", by_version["2.0.0"].requirements)
    self.assertEqual(by_version["2.10.0"].python, "3.9")
    self.assertEqual(by_version["2.11.0"].python, "3.7")
    needed = by_version["2.17.1"].requirements
    keras = [each for each in needed if each.startswith("tf_keras")]
    self.assertEndsWith(keras[0], "=2.17.0")
    self.assertEndsWith(by_version["2.17.1"].requirements[0], "==2.17.1")

  def test_version_without_a_wheel_is_told_with_those_that_have_one(self):
    with self.assertRaisesRegex(
      errors.UsageError, r"2\.9\.0 has no wheel.*2\.10\.0"
    ):
      self._between("2.9.0", "2.12.1")

  def test_cell_that_pins_no_release_is_refused(self):
    with self.assertRaisesRegex(errors.UsageError, "`nightly` pins no release"):
      self._between("tf2.8", "nightly")

  def test_listing_without_versions_is_empty(self):
    self.assertEqual(releases.parse_versions("ERROR: nothing"), ())


if __name__ == "__main__":
  absltest.main()
