"""Tests of parity.sides.worker; testing/conformance runs the process itself."""

from __future__ import annotations

import errno
import importlib.util
import os
import tempfile

from absl.testing import absltest
import numpy as np

from parity import errors
from parity.records import recording as recording_lib
from parity.sides import worker
from testing import fakes


class EnvironmentTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    before = dict(os.environ)
    self.addCleanup(os.environ.update, before)
    self.addCleanup(os.environ.clear)
    for name in (*worker.STRICT, "TF_USE_LEGACY_KERAS"):
      os.environ.pop(name, None)

  def test_keras_2_is_asked_for_where_there_is_a_tf_keras(self):
    worker.prepare_environment("default")
    is_there = importlib.util.find_spec("tf_keras") is not None
    self.assertEqual(
      os.environ.get("TF_USE_LEGACY_KERAS"), "1" if is_there else None
    )

  def test_strict_sets_what_makes_numbers_repeat(self):
    worker.prepare_environment("strict")
    for name, value in worker.STRICT.items():
      self.assertEqual(os.environ[name], value)

  def test_default_sets_none_of_it(self):
    worker.prepare_environment("default")
    self.assertEmpty(set(worker.STRICT) & set(os.environ))

  def test_what_a_person_set_stays(self):
    os.environ["TF_USE_LEGACY_KERAS"] = "0"
    os.environ["OMP_NUM_THREADS"] = "4"
    worker.prepare_environment("strict")
    self.assertEqual(os.environ["TF_USE_LEGACY_KERAS"], "0")
    self.assertEqual(os.environ["OMP_NUM_THREADS"], "4")


class RecordTest(absltest.TestCase):
  def test_comes_back_from_its_files(self):
    recording = fakes.make_recording()
    with tempfile.TemporaryDirectory() as folder:
      worker.write_record(recording, folder)
      found = worker.read_record(recording_lib.Recording, folder)
      np.testing.assert_array_equal(
        found.outputs[0].value, recording.outputs[0].value
      )
    self.assertEqual(found.request, recording.request)

  def test_a_folder_that_cannot_be_written_is_told(self):
    with self.assertRaisesRegex(errors.EnvironmentProblem, "cannot be written"):
      worker.write_record(fakes.make_recording(), "/nowhere/at/all")


class FailureTest(absltest.TestCase):
  def test_an_error_on_purpose_is_its_class_and_sentence(self):
    self.assertEqual(
      worker.failure(errors.CaseError("no CASE")),
      {"error": "CaseError", "message": "no CASE"},
    )

  def test_want_of_memory_is_no_bug(self):
    told = worker.failure(MemoryError("Unable to allocate 32 GiB"))
    self.assertEqual(told["error"], "EnvironmentProblem")
    self.assertIn("left (Unable to allocate 32 GiB). Check", told["message"])
    self.assertIn("left. Check", worker.failure(MemoryError())["message"])

  def test_want_of_room_is_no_bug(self):
    full = OSError(errno.ENOSPC, "No space left on device", "x.json")
    told = worker.failure(full)
    self.assertEqual(told["error"], "EnvironmentProblem")
    self.assertIn("x.json cannot be written: No space", told["message"])

  def test_anything_else_is_a_bug_with_its_traceback(self):
    try:
      {}["gone"]
    except KeyError as error:
      told = worker.failure(error)
    self.assertEqual(list(told), ["bug"])
    self.assertIn("worker_test.py", told["bug"])
    self.assertEndsWith(told["bug"], "KeyError: 'gone'\n")


if __name__ == "__main__":
  absltest.main()
