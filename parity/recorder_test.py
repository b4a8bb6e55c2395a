"""Tests of record and verify: whole runs, in this process and as commands."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import os
import shutil
import tempfile

from absl.testing import absltest
import numpy as np

from parity import case as case_lib
from parity import errors
from parity import recorder
from parity import verifier
from parity.cli import main
from parity.golden import bundle
from parity.golden import place
from parity.records import options as options_lib
from parity.tf import behaviour

# TensorFlow 2.12 that is first imported while absltest runs a test has no outer
# eager context, and its Keras then makes no functional models.
behaviour.import_tensorflow()

# Genuine TensorFlow 1.15 has no tf2 side; `testing.goldens_test` runs there.
CELLS_SINCE = "tf2.8"

_CASE = '''
"""A dense layer, a random scale and dropout."""
import os
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf
  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 5, name="fc")
    net = tf.layers.dropout(net, RATE, training=training)
  return {"logits": net * SCALE}


def tf2():
  import tensorflow as tf

  class Port(tf.keras.layers.Layer):
    @tf.compat.v1.keras.utils.track_tf1_style_variables
    def call(self, inputs, training=False):
      return tf1(inputs, training)

  return Port()


RATE, SCALE = 0.3, 1.0
CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, name="small")
OTHER = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, name="other")
WIDER = parity.Case(
  inputs={"x": np.ones((4, 3), np.float32)}, tf1=tf1, tf2=tf2, name="small"
)
'''

_OTHER = """

def _other(inputs, training):
  import tensorflow.compat.v1 as tf
  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 5, name="fc")
    net = tf.layers.dropout(net, RATE, training=training)
  return {"logits": net * 3.0}
"""


class RecordTestCase(absltest.TestCase):
  """A case file, and a place for goldens."""

  def setUp(self):
    super().setUp()
    self.folder = tempfile.mkdtemp(dir=absltest.TEST_TMPDIR.value)
    self.addCleanup(shutil.rmtree, self.folder)
    self.file = os.path.join(self.folder, "small_parity.py")
    self._write(_CASE)
    self.golden = os.path.join(self.folder, "golden")

  def _write(self, text):
    with open(self.file, "w", encoding="utf-8") as file:
      file.write(text)

  def _case(self, **changes):
    # A file that was changed must be imported anew.
    spec = {}
    exec(compile(_CASE, self.file, "exec"), spec)  # noqa: S102
    spec.update(changes)
    return spec["CASE"]

  def _run(self, *argv):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
      status = main.main(argv)
    return status, out.getvalue(), err.getvalue()


class RecordTest(RecordTestCase):
  def test_a_golden_holds_inputs_weights_draws_and_identity(self):
    found = recorder.record(self._case(), out=self.golden).golden
    self.assertEqual((found.case.name, found.side), ("small", "tf1"))
    training = next(r for r in found.recordings if r.request.training)
    self.assertEqual(training.inputs["x"].shape, (4, 3))
    self.assertIsNotNone(training.variables[0].initial)
    initial, forward = training.random_ops
    self.assertEqual(initial.variable, "net/fc/kernel")
    self.assertIsNone(initial.value)
    self.assertEqual(forward.value.shape, (4, 5))
    mask = forward.value >= 0.3
    np.testing.assert_array_equal(training.outputs[0].value != 0, mask)
    self.assertIn("tensorflow", found.identity.versions)

  def test_recording_twice_gives_the_same_tensors_and_no_times(self):
    first = recorder.record(self._case(), out=self.golden)
    second = recorder.record(self._case(), out=self.golden + "2")
    self.assertEqual(first.files, second.files)

  def test_either_side_can_be_recorded(self):
    found = recorder.record(self._case(), out=self.golden, side="tf2").golden
    self.assertEqual({r.request.side for r in found.recordings}, {"tf2"})
    with self.assertRaisesRegex(errors.UsageError, "not 'tf3'"):
      recorder.record(self._case(), out=self.golden + "3", side="tf3")

  def test_a_side_that_is_not_there_is_named(self):
    case = dataclasses.replace(self._case(), tf2=None)
    with self.assertRaisesRegex(errors.CaseError, "small has no tf2"):
      recorder.record(case, out=self.golden, side="tf2")
    self.assertFalse(os.path.exists(self.golden))

  def test_an_existing_golden_is_refused_before_anything_runs(self):
    recorder.record(self._case(), out=self.golden)

    def fail(unused_rng):
      raise AssertionError("It ran.")

    case = dataclasses.replace(self._case(), inputs=fail)
    with self.assertRaisesRegex(errors.GoldenError, "--update"):
      recorder.record(case, out=self.golden)

  def test_a_place_in_use_is_refused_before_anything_runs(self):
    with place.claimed(self.golden):
      with self.assertRaisesRegex(errors.GoldenError, "Another recording"):
        recorder.record(self._case(), out=self.golden)

  def test_a_case_that_raises_leaves_nothing(self):
    def broken(unused_inputs, unused_training):
      raise KeyError("layer")

    case = dataclasses.replace(self._case(), tf1=broken)
    with self.assertRaisesRegex(errors.CaseCodeError, "KeyError"):
      recorder.record(case, out=self.golden)
    self.assertEqual(os.listdir(self.folder), ["small_parity.py"])


class UpdateTest(RecordTestCase):
  def test_what_changes_is_told_before_it_is_replaced(self):
    recorder.record(self._case(), out=self.golden)
    before = bundle.read_golden(self.golden).files
    told = []

    def tell(changes):
      self.assertEqual(bundle.read_golden(self.golden).files, before)
      told.append(changes)

    case = self._case()
    case.tf1.__globals__["SCALE"] = 1.5
    recorder.record(case, out=self.golden, update=True, tell=tell)
    self.assertNotEqual(bundle.read_golden(self.golden).files, before)
    (changes,) = told
    changed = {c.name for r in changes.recordings for c in r.changed}
    self.assertEqual(changed, {"logits"})

  def test_nothing_to_tell_where_nothing_changes(self):
    recorder.record(self._case(), out=self.golden)
    told = []
    recorder.record(
      self._case(), out=self.golden, update=True, tell=told.append
    )
    self.assertTrue(told[0].are_none)

  def test_a_damaged_golden_is_told_and_replaced(self):
    recorder.record(self._case(), out=self.golden)
    os.unlink(os.path.join(self.golden, "tensors.safetensors"))
    told = []
    recorder.record(
      self._case(), out=self.golden, update=True, tell=told.append
    )
    self.assertIn("has no tensors.safetensors", told[0].unreadable)
    self.assertEqual(bundle.read_golden(self.golden).golden.side, "tf1")


class VerifyTest(RecordTestCase):
  def setUp(self):
    super().setUp()
    recorder.record(self._case(), out=self.golden)

  def test_the_port_that_is_the_same_passes(self):
    report = verifier.verify(self._case(), self.golden)
    self.assertEqual(report.verdict, "pass")
    self.assertLen([c for c in report.checks if c.status == "pass"], 6)
    self.assertIn("The reference is the golden", report.notes[0])

  def test_the_side_itself_passes(self):
    report = verifier.verify(self._case(), self.golden, side="tf1")
    self.assertEqual(report.verdict, "pass")
    statuses = {check.name: check.status for check in report.checks}
    self.assertEqual(statuses["variables_created_once"], "skip")
    self.assertEqual(statuses["random_training"], "pass")

  def test_a_changed_model_fails_on_either_side(self):
    case = self._case()
    case.tf1.__globals__["SCALE"] = 1.001
    for side in ("tf1", "tf2"):
      report = verifier.verify(case, self.golden, side=side)
      self.assertEqual(report.verdict, "fail")
      failed = {c.name for c in report.checks if c.status == "fail"}
      self.assertIn("random_inference", failed)

  def test_a_failing_port_is_explained_by_the_side_run_here(self):
    self._write(
      _CASE.replace("return tf1(inputs", "return _other(inputs") + _OTHER
    )
    recorder.record(self.file, out=self.golden + "p")
    report = verifier.verify(self.file, self.golden + "p")
    failed = next(c for c in report.checks if c.name == "random_inference")
    self.assertEqual(failed.findings[0].cause, "op_structure")
    self.assertIn("Mul", str(failed.findings[0]))

  def test_a_version_that_differs_is_not_blamed_on_the_port(self):
    case = self._case()
    case.tf1.__globals__["SCALE"] = 1.001  # As another version might.
    report = verifier.verify(case, self.golden)
    notes = " ".join(note for c in report.checks for note in c.notes)
    self.assertIn("does not give what the golden holds either", notes)

  def test_a_golden_of_the_port_stands_for_it(self):
    recorder.record(self._case(), out=self.golden + "2", side="tf2")
    for side in ("tf1", "tf2"):
      report = verifier.verify(self._case(), self.golden + "2", side=side)
      self.assertEqual(report.verdict, "pass", side)

  def test_a_case_without_tf1_is_verified_against_its_golden(self):
    case = dataclasses.replace(self._case(), tf1=None)
    self.assertEqual(verifier.verify(case, self.golden).verdict, "pass")

  def test_the_golden_decides_the_seed(self):
    options = options_lib.Options(seed=7)
    recorder.record(self._case(), out=self.golden + "7", options=options)
    report = verifier.verify(self._case(), self.golden + "7")
    self.assertEqual(report.verdict, "pass")

  def test_only_the_checks_that_were_recorded_are_run(self):
    options = options_lib.Options(steps=("random_inference",))
    recorder.record(self._case(), out=self.golden + "s", options=options)
    report = verifier.verify(self._case(), self.golden + "s")
    self.assertEqual([c.name for c in report.checks], ["random_inference"])

  def test_the_golden_of_another_case_is_refused(self):
    case = dataclasses.replace(self._case(), name="other")
    with self.assertRaisesRegex(errors.GoldenError, "small is held against"):
      verifier.verify(case, self.golden)

  def test_a_case_with_other_inputs_is_an_error_and_no_verdict(self):
    case = dataclasses.replace(
      self._case(), inputs={"x": np.ones((4, 3), np.float32)}
    )
    report = verifier.verify(case, self.golden)
    self.assertEqual(report.verdict, "error")
    reasons = [c.reason for c in report.checks if c.status == "error"]
    self.assertIn("input x is not the same on both sides", reasons[0])


class CommandTest(RecordTestCase):
  def test_recorded_shown_and_verified_from_the_command_line(self):
    status, out, err = self._run("record", self.file, "--out", self.golden)
    self.assertEqual(status, 0, err)
    self.assertIn("recorded  small: tf1 side, 4 recordings", out)
    path = os.path.join(self.folder, "out.json")
    status, out, err = self._run(
      *("verify", self.file, "--golden", self.golden, "--json", path)
    )
    self.assertEqual(status, 0, err)
    self.assertStartsWith(out.splitlines()[-1], "PASS  small")
    with open(path, encoding="utf-8") as file:
      self.assertEqual(json.load(file)["verdict"], "pass")
    status, _, err = self._run("record", self.file, "--out", self.golden)
    self.assertEqual(status, 2)
    self.assertIn("--update", err)
    self._write(_CASE.replace("SCALE = 0.3, 1.0", "SCALE = 0.3, 2.0"))
    status, out, _ = self._run(
      *("verify", self.file, "--golden", self.golden, "-q")
    )
    self.assertEqual(status, 1)
    status, out, err = self._run(
      "record", self.file, "--out", self.golden, "--update"
    )
    self.assertEqual(status, 0, err)
    self.assertIn("changed graph, initial weights, inference: 1 of", out)
    self.assertIn("output   logits: max abs", out)
    status, _, err = self._run(
      *("verify", f"{self.file}:OTHER", "--golden", self.golden)
    )
    self.assertEqual(status, 2)
    self.assertIn("The golden is of another case", err)


class CaseTest(absltest.TestCase):
  def test_a_case_is_recorded_by_the_name_that_reports_give_it(self):
    case = case_lib.Case(inputs={"x": np.ones(2)}, tf1=lambda x, _: x)
    self.assertEqual(case_lib.facts_of(case).name, "case")


if __name__ == "__main__":
  absltest.main()
