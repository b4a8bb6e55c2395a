"""Tests of parity.tf.legacy_keras, in whatever environment runs them.

What a missing or unfit tf_keras comes to is tested end to end, in
testing/conformance/unfit_environment_test.py.
"""

from __future__ import annotations

import importlib.util
import os

from absl.testing import absltest

from parity.tf import legacy_keras
from parity.tf.compat import release


class LegacyKerasTest(absltest.TestCase):
  def test_the_version_is_the_packages_own(self):
    if importlib.util.find_spec("tf_keras") is None:
      self.assertIsNone(legacy_keras.installed_version())
      return
    import tf_keras

    self.assertEqual(legacy_keras.installed_version(), tf_keras.__version__)

  def test_this_environment_fits(self):
    before = os.environ.get("TF_USE_LEGACY_KERAS")
    self.addCleanup(self._set_switch, before)
    for switch in ("0", None):
      self._set_switch(switch)
      self.assertIsNone(legacy_keras.require_fitting())
    if importlib.util.find_spec("tf_keras") is not None:
      self._set_switch("1")
      self.assertIsNone(legacy_keras.require_fitting())

  def test_the_command_names_this_minor_version(self):
    if "dev" in release.version_text():
      self.assertIn("nightly", legacy_keras.install_command())
    else:
      wanted = "tf_keras~={}.{}.0".format(*release.minor_version())
      self.assertIn(wanted, legacy_keras.install_command())

  def test_there_is_no_advice_where_nothing_is_missing(self):
    if importlib.util.find_spec("tf_keras") is None and release.is_at_least(
      2, 16
    ):
      self.skipTest("tf_keras is missing here")
    error = AttributeError("module 'keras.utils' has no attribute 'x'")
    self.assertIsNone(legacy_keras.advice_for(error))

  def test_there_is_no_advice_for_errors_of_other_kinds(self):
    for error in (KeyError("keras"), AttributeError("no such layer")):
      self.assertIsNone(legacy_keras.advice_for(error))

  def _set_switch(self, value):
    if value is None:
      os.environ.pop("TF_USE_LEGACY_KERAS", None)
    else:
      os.environ["TF_USE_LEGACY_KERAS"] = value


if __name__ == "__main__":
  absltest.main()
