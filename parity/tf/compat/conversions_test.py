"""Tests of parity.tf.compat.conversions: lines, libraries, Keras."""

from __future__ import annotations

import pathlib

from absl.testing import absltest
import tensorflow.compat.v1 as tf
from tensorflow.python.autograph.core import config

from parity.tf.compat import conversions

_TEXT = """
def act(x):
  if x > 0:
    return x
  return -x
"""


class ForgetTest(absltest.TestCase):
  def _converted_files(self, name):
    """A file, and those that AutoGraph's map names for its function."""
    path = str(pathlib.Path(self.create_tempdir().full_path, name))
    pathlib.Path(path).write_text(_TEXT)
    names = {"__name__": name}
    exec(compile(_TEXT, path, "exec"), names)  # noqa: S102
    converted = tf.autograph.to_graph(names["act"])
    found = {origin.loc.filename for origin in converted.ag_source_map.values()}
    return path, found

  def test_equal_code_of_two_files_is_told_by_its_own_file(self):
    for name in ("first.py", "second.py"):
      conversions.forget(lambda _: True)
      path, found = self._converted_files(name)
      self.assertEqual(found, {path})

  def test_what_is_not_the_users_is_kept(self):
    conversions.forget(lambda _: True)
    first, _ = self._converted_files("first.py")
    conversions.forget(lambda _: False)
    _, found = self._converted_files("second.py")
    self.assertEqual(found, {first})


class KerasLeftAloneTest(absltest.TestCase):
  def test_tf_keras_is_not_converted_inside_and_the_rules_are_restored(self):
    before = config.CONVERSION_RULES
    with conversions.keras_left_alone(), conversions.keras_left_alone():
      rules = config.CONVERSION_RULES
      matching = [rule for rule in rules if rule.matches("tf_keras.src")]
      self.assertLen(matching, 1)
      self.assertIsInstance(matching[0], config.DoNotConvert)
    self.assertIs(config.CONVERSION_RULES, before)

  def test_a_users_module_of_a_similar_name_is_converted(self):
    with conversions.keras_left_alone():
      matching = [
        rule
        for rule in config.CONVERSION_RULES
        if rule.matches("tf_keras_models.net")
      ]
    self.assertEqual(matching, [])


if __name__ == "__main__":
  absltest.main()
