"""What is told where TensorFlow or tf_keras is missing, or does not fit?

Each test runs the command line in an interpreter that does not find a package,
or finds another version of it.
"""

from __future__ import annotations

import os
import subprocess
import sys

from absl.testing import absltest
from absl.testing import parameterized

from parity.tf.compat import release
from testing.conformance import case_files

# The tf2 side needs TensorFlow 2.
CELLS_SINCE = "tf2.8"

_ROOT = os.path.dirname(
  os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
)
_KERAS_PORT = """\
def tf1(inputs, training):
  import tensorflow.compat.v1 as tf
  return {"y": tf.layers.dense(inputs["x"], 3, name="fc")}

def tf2():
  import tensorflow as tf

  class Net(tf.keras.layers.Layer):
    @tf.compat.v1.keras.utils.track_tf1_style_variables
    def call(self, inputs, training=None):
      return {"y": tf.compat.v1.layers.dense(inputs["x"], 3, name="fc")}

  return Net()

CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, steps=["variables_match"])
"""
_FILES = {
  "plain.py": case_files.with_model(""),
  "plain_again.py": case_files.with_model(""),
  "keras_port.py": case_files.with_model(_KERAS_PORT),
  "tf1_layers.py": case_files.with_model(
    _KERAS_PORT.replace("def tf2", "def _").replace(
      "CASE =", "from small_model import tf2\nCASE ="
    )
  ),
}
_HAS_KERAS_2 = "this TensorFlow has Keras 2 inside"


class Done:
  """How the command line ended, and all that it printed."""

  def __init__(self, done):
    self.status = done.returncode
    # Reports are wrapped to the terminal's width.
    self.text = " ".join((done.stdout + done.stderr).split())


class UnfitEnvironmentTestCase(parameterized.TestCase):
  def setUp(self):
    super().setUp()
    self.folder = self.enter_context(case_files.folder_of(_FILES))

  def _check(self, *arguments, **environment):
    """Runs `parity check`; a name of a file stands for its path."""
    inherited = dict(os.environ)
    inherited.pop("TF_USE_LEGACY_KERAS", None)
    environment.setdefault("PYTHONPATH", case_files.with_path(_ROOT))
    done = subprocess.run(
      [
        sys.executable,
        "-m",
        "parity",
        "check",
        *(a if a[0] == "-" else f"{self.folder}/{a}" for a in arguments),
      ],
      cwd=_ROOT,
      env={**inherited, **environment},
      capture_output=True,
      text=True,
      check=False,
    )
    return Done(done)

  def _assert_told(self, done, *words):
    self.assertEqual(done.status, 3, done.text)
    for each in words:
      self.assertIn(each, done.text)
    self.assertNotIn("Traceback", done.text)
    self.assertNotIn("bug in parity", done.text)


class TensorFlowTest(UnfitEnvironmentTestCase):
  @parameterized.parameters(("",), ("--no-isolate",), ("--list",))
  def test_missing_is_told_with_status_3(self, flag):
    done = self._check(
      "plain.py",
      *(flag,) * bool(flag),
      **case_files.hiding(self.folder, "tensorflow"),
    )
    self._assert_told(
      done,
      f"TensorFlow is not installed for {sys.executable}",
      "pip install tensorflow",
    )

  @parameterized.parameters(
    ("raise ImportError('libcudart.so is too old')", "libcudart.so is too old"),
    ("raise TypeError('Descriptors cannot be created')", "Descriptors cannot"),
    ("", "has no attribute '__version__'"),
  )
  def test_one_that_does_not_import_is_told_with_status_3(self, text, words):
    with open(os.path.join(self.folder, "tensorflow.py"), "w") as file:
      file.write(text)
    done = self._check("plain.py", PYTHONPATH=case_files.with_path(self.folder))
    self._assert_told(done, "TensorFlow does not import in", words)


class TfKerasTest(UnfitEnvironmentTestCase):
  def setUp(self):
    super().setUp()
    if not release.is_at_least(2, 16):
      self.skipTest(_HAS_KERAS_2)

  @parameterized.parameters("keras_port.py", "tf1_layers.py")
  def test_missing_is_told_to_a_case_that_needs_it(self, name):
    hidden = case_files.hiding(self.folder, "tf_keras")
    self._assert_told(
      self._check(name, **hidden), "tf_keras", "is not installed", "pip install"
    )

  @parameterized.parameters(
    (("plain.py", "plain_again.py"),), (("plain.py", "--no-isolate"),)
  )
  def test_missing_is_no_matter_to_cases_without_keras(self, arguments):
    hidden = case_files.hiding(self.folder, "tf_keras")
    done = self._check(*arguments, **hidden)
    self.assertEqual(done.status, 0, done.text)

  def test_missing_is_told_where_the_environment_asks_for_it(self):
    hidden = case_files.hiding(self.folder, "tf_keras")
    self._assert_told(
      self._check("plain.py", TF_USE_LEGACY_KERAS="1", **hidden),
      "TF_USE_LEGACY_KERAS asks TensorFlow for tf_keras",
      "pip install",
    )

  def _put_other_tf_keras(self):
    package = os.path.join(self.folder, "tf_keras")
    os.mkdir(package)
    with open(os.path.join(package, "__init__.py"), "w") as file:
      file.write('__version__ = "2.15.0"\n')
    return {"PYTHONPATH": case_files.with_path(self.folder)}

  def test_another_minor_version_is_told(self):
    if "dev" in release.version_text():
      self.skipTest("nightly builds of the two are not made at the same time")
    self._assert_told(
      self._check("plain.py", **self._put_other_tf_keras()),
      f"tf_keras 2.15.0 does not fit TensorFlow {release.version_text()}",
      "Install the one that fits",
    )

  def test_another_minor_version_is_no_matter_where_it_is_not_asked_for(self):
    other = self._put_other_tf_keras()
    done = self._check("plain.py", TF_USE_LEGACY_KERAS="0", **other)
    self.assertEqual(done.status, 0, done.text)

  def test_the_one_that_fits_passes(self):
    done = self._check("keras_port.py")
    self.assertEqual(done.status, 0, done.text)


if __name__ == "__main__":
  absltest.main()
