"""Tests of parity.compare.identities."""

from __future__ import annotations

from absl.testing import absltest

from parity.compare import identities
from testing import fakes


class DifferencesTest(absltest.TestCase):
  def test_the_same_place_differs_in_nothing(self):
    identity = fakes.make_identity()
    self.assertEmpty(identities.differences(identity, fakes.make_identity()))

  def test_all_that_can_change_a_number_is_told_tensorflow_first(self):
    other = fakes.make_identity(
      versions={**fakes.make_identity().versions, "tensorflow": "2.8.4"},
      cpu="arm64 neon",
      device="gpu",
      numerics="strict",
      switches={"oneDNN": "on"},
    )
    self.assertEqual(
      identities.differences(fakes.make_identity(), other),
      (
        "TensorFlow 2.21.0 -> 2.8.4",
        "TF32 off -> unset",
        "device cpu -> gpu",
        "CPU x86-64 avx2 fma -> arm64 neon",
        "numerics default -> strict",
      ),
    )

  def test_a_package_that_is_missing_in_one_place_is_told(self):
    other = fakes.make_identity(versions={"tensorflow": "2.21.0"})
    found = identities.differences(fakes.make_identity(), other)
    self.assertIn("tf_keras 2.21.0 -> none", found)

  def test_builds_of_one_version_are_told_apart(self):
    other = fakes.make_identity(build="v2.21.0-custom")
    found = identities.differences(fakes.make_identity(), other)
    self.assertEqual(found, ("build v2.21.0-rc1 -> v2.21.0-custom",))


if __name__ == "__main__":
  absltest.main()
