"""Tests of parity.tf.compat.stacks: each file's code has its own lines."""

from __future__ import annotations

import pathlib

from absl.testing import absltest
import tensorflow.compat.v1 as tf

from parity.tf.compat import stacks

_TEXT = """
def act(x):
  if x > 0:
    return x
  return -x
"""


class ForgetConversionsTest(absltest.TestCase):
  def _converted_lines(self, name):
    """The files that AutoGraph's map names for a file's function."""
    path = str(pathlib.Path(self.create_tempdir().full_path, name))
    pathlib.Path(path).write_text(_TEXT)
    names = {"__name__": name}
    exec(compile(_TEXT, path, "exec"), names)  # noqa: S102
    converted = tf.autograph.to_graph(names["act"])
    found = {origin.loc.filename for origin in converted.ag_source_map.values()}
    return path, found

  def test_equal_code_of_two_files_is_told_by_its_own_file(self):
    for name in ("first.py", "second.py"):
      stacks.forget_conversions()
      path, found = self._converted_lines(name)
      self.assertEqual(found, {path})


if __name__ == "__main__":
  absltest.main()
