"""Tests of parity.tf.identity."""

from __future__ import annotations

import os
import platform

from absl.testing import absltest
import numpy as np

from parity.tf import identity
from parity.tf.compat import release


class IdentityTest(absltest.TestCase):
  def _identify(self):
    return identity.identify(cell="tf9.9", numerics="strict")

  def test_tells_what_it_was_given_and_the_versions_that_run(self):
    found = self._identify()
    self.assertEqual((found.cell, found.numerics), ("tf9.9", "strict"))
    self.assertEqual(found.versions["tensorflow"], release.version_text())
    self.assertEqual(found.versions["numpy"], np.__version__)
    self.assertEqual(found.versions["python"], platform.python_version())

  def test_tells_the_build_and_where_it_runs(self):
    found = self._identify()
    self.assertNotEmpty(found.build)
    self.assertNotEmpty(found.device)
    self.assertNotEmpty(found.cpu)

  def test_tells_what_can_change_a_number_though_nobody_set_it(self):
    names = set(self._identify().switches)
    self.assertContainsSubset({"oneDNN", "XLA jit", "intra-op threads"}, names)

  def test_tells_the_variables_that_are_set_and_no_others(self):
    before = os.environ.pop("NVIDIA_TF32_OVERRIDE", None)
    self.addCleanup(
      os.environ.update,
      {} if before is None else {"NVIDIA_TF32_OVERRIDE": before},
    )
    self.assertNotIn("NVIDIA_TF32_OVERRIDE", self._identify().switches)
    os.environ["NVIDIA_TF32_OVERRIDE"] = "0"
    self.addCleanup(os.environ.pop, "NVIDIA_TF32_OVERRIDE", None)
    self.assertEqual(self._identify().switches["NVIDIA_TF32_OVERRIDE"], "0")

  def test_is_the_same_twice(self):
    self.assertEqual(self._identify(), self._identify())


if __name__ == "__main__":
  absltest.main()
