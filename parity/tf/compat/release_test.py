from __future__ import annotations

from absl.testing import absltest
import tensorflow as tf

from parity.tf.compat import release


class ReleaseTest(absltest.TestCase):
  def test_reads_releases_and_nightly_builds(self):
    self.assertEqual(release.minor_of("1.15.5"), (1, 15))
    self.assertEqual(release.minor_of("2.23.0-dev20261026"), (2, 23))
    self.assertEqual(release.minor_of("2.23.0.dev2026102618"), (2, 23))

  def test_says_of_this_tensorflow_what_it_says_itself(self):
    self.assertEqual(release.version_text(), tf.__version__)
    major, minor = release.minor_version()
    self.assertTrue(tf.__version__.startswith(f"{major}.{minor}."))
    self.assertTrue(release.is_at_least(major, minor))
    self.assertFalse(release.is_at_least(major, minor + 1))


if __name__ == "__main__":
  absltest.main()
