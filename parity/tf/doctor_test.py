"""Tests of parity.tf.doctor, in whatever environment runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile

from absl.testing import absltest

from parity.tf import doctor
from parity.tf.compat import release

_ROOT = os.path.dirname(
  os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
)


def _probe_in_process(**environment):
  """What the program prints in an environment: the lines, and the end."""
  done = subprocess.run(
    [sys.executable, "-m", "parity.tf.doctor"],
    cwd=_ROOT,
    env={**os.environ, **environment},
    capture_output=True,
    check=False,
  )
  printed = done.stdout.decode("utf-8", "replace").splitlines()
  found = [
    json.loads(line[len(doctor.PREFIX) :])
    for line in printed
    if line.startswith(doctor.PREFIX + "{")
  ]
  return {line["subject"]: line for line in found}, printed[-1]


class ProbeTest(absltest.TestCase):
  def test_this_environment_can_check_cases(self):
    found = {line.subject: line for line in doctor.probe()}
    self.assertEqual(
      [line for line in found.values() if line.status == "missing"], []
    )
    self.assertStartsWith(found["TensorFlow"].found, release.version_text())
    self.assertIn("CPU", found["devices"].found)
    for subject in ("Python", "numpy", "Keras", "tf_keras", "tf_slim"):
      self.assertIn(subject, found)

  def test_nothing_of_it_raises_here(self):
    unseen = [
      line for line in doctor.probe() if "could not be looked at" in line.found
    ]
    self.assertEqual(unseen, [])

  def test_whatever_is_not_well_has_advice(self):
    for line in doctor.probe():
      self.assertEqual(line.status == "ok", not line.advice, line)


class ProgramTest(absltest.TestCase):
  def test_it_sees_what_a_worker_sees_and_comes_to_its_end(self):
    found, last = _probe_in_process()
    self.assertEqual(last, doctor.DONE)
    self.assertEqual(found["TensorFlow"]["status"], "ok")
    self.assertIn("Keras", found)

  def test_tensorflow_that_is_not_there_is_missing_and_no_crash(self):
    with tempfile.TemporaryDirectory() as folder:
      # A finder that knows no TensorFlow, as an environment without it.
      with open(os.path.join(folder, "sitecustomize.py"), "w") as stream:
        stream.write(
          "import importlib.machinery as machinery\n"
          "find = machinery.PathFinder.find_spec\n"
          "def find_spec(name, path=None, target=None):\n"
          "  if name in ('tensorflow', 'tf_keras', 'keras', 'tf_slim'):\n"
          "    return None\n"
          "  return find(name, path, target)\n"
          "machinery.PathFinder.find_spec = find_spec\n"
        )
      found, last = _probe_in_process(
        PYTHONPATH=os.pathsep.join((folder, _ROOT))
      )
    self.assertEqual(last, doctor.DONE)
    self.assertEqual(found["TensorFlow"]["status"], "missing")
    self.assertIn("pip install tensorflow", found["TensorFlow"]["advice"])
    self.assertNotIn("Keras", found)

  def test_tensorflow_whose_import_raises_is_missing_and_says_why(self):
    with tempfile.TemporaryDirectory() as folder:
      with open(os.path.join(folder, "tensorflow.py"), "w") as stream:
        stream.write("raise ImportError('libcudart.so is too old')")
      found, last = _probe_in_process(
        PYTHONPATH=os.pathsep.join((folder, _ROOT))
      )
    self.assertEqual(last, doctor.DONE)
    self.assertEqual(found["TensorFlow"]["status"], "missing")
    self.assertIn("libcudart.so is too old", found["TensorFlow"]["found"])


if __name__ == "__main__":
  absltest.main()
