"""Is rounding proved where it is, and no bug ever excused as rounding?

The network is chaotic at its input (see its module). Splitting its convolutions
stands for another version's kernel: the same function by other sums. A factor
of 1.0001 in one block is the planted bug.
"""

from __future__ import annotations

import dataclasses
import os
import tempfile

from absl.testing import absltest
import numpy as np

from parity import case as case_lib
from parity import recorder
from parity import runner
from parity import verifier
from parity.golden import bundle as bundle_lib
from parity.records import options as options_lib
from parity.tf import behaviour
from testing.models import nearly_constant_parity as model

# TensorFlow 2.12 that is first imported while absltest runs a test has no outer
# eager context.
_TENSORFLOW = behaviour.import_tensorflow()

_OPTIONS = options_lib.Options(steps=("random_training",))


def make_case(**settings):
  """A case with a tf1 side alone, by settings of the network."""

  def tf1(inputs, training):
    del training
    return model.network(inputs, **settings)

  return case_lib.Case(inputs=model.inputs, tf1=tf1, name="chaotic")


class RoundingTestCase(absltest.TestCase):
  def _assert_blames_the_factor(self, check):
    self.assertEqual(check.status, "fail", (check.findings, check.notes))
    (finding,) = check.findings
    self.assertEqual(finding.cause, "constant", finding)
    self.assertIn("0.50005", finding.message)


class CheckTest(RoundingTestCase):
  def setUp(self):
    super().setUp()
    if _TENSORFLOW.__version__.startswith("1."):
      self.skipTest("TensorFlow 1 has no tf2 side")

  def _check(self, **settings):
    case = case_lib.Case(
      inputs=model.inputs,
      tf1=model.tf1,
      tf2=lambda: model.make_port(**settings),
      name="chaotic",
    )
    (check,) = runner.check(case, options=_OPTIONS).checks
    return check

  def test_other_sums_are_proved_to_be_rounding(self):
    check = self._check()
    self.assertEqual(check.status, "pass", (check.findings, check.notes))
    self.assertEqual([f.cause for f in check.findings], ["rounding"])

  def test_a_planted_factor_is_found_behind_the_rounding(self):
    self._assert_blames_the_factor(self._check(factor=1.0001))


class GoldenTest(RoundingTestCase):
  def setUp(self):
    super().setUp()
    self.folder = self.enter_context(tempfile.TemporaryDirectory())

  def _record(self, **settings):
    path = os.path.join(self.folder, "golden")
    return recorder.record(make_case(), out=path, options=_OPTIONS, **settings)

  def _verify(self, bundle, **settings):
    report = verifier.verify(make_case(**settings), bundle, side="tf1")
    (check,) = report.checks
    return check

  def test_other_sums_are_proved_to_be_rounding(self):
    check = self._verify(self._record(trace=True), split=True)
    self.assertEqual(check.status, "pass", (check.findings, check.notes))
    (finding,) = check.findings
    self.assertEqual((finding.cause, finding.is_note), ("rounding", True))
    worst = max(c.times_tolerance or 0 for c in check.comparisons)
    self.assertGreater(worst, 1000)

  def test_a_planted_factor_is_found_behind_the_rounding(self):
    bundle = self._record(trace=True)
    check = self._verify(bundle, split=True, factor=1.0001)
    self.assertEqual(check.status, "fail", (check.findings, check.notes))
    self._assert_blames_the_factor(check)

  def test_numbers_that_the_ops_do_not_give_are_no_rounding(self):
    bundle = self._record(trace=True)
    golden = bundle.golden
    altered = tuple(
      dataclasses.replace(
        recording,
        outputs=_scaled(recording.outputs),
        trace=recording.trace and _with_scaled_outputs(recording.trace),
      )
      for recording in golden.recordings
    )
    golden = dataclasses.replace(golden, recordings=altered)
    check = self._verify(dataclasses.replace(bundle, golden=golden), split=True)
    self.assertEqual(check.status, "fail", check.findings)
    self.assertIn("do not give what it holds", " ".join(check.notes))

  def test_without_its_ops_a_golden_says_how_to_store_them(self):
    check = self._verify(self._record(), split=True)
    self.assertEqual(check.status, "fail")
    self.assertIn("parity record --trace", " ".join(check.notes))

  def test_its_ops_are_read_back_and_hold_no_values_but_roots(self):
    bundle = self._record(trace=True)
    plain, traced = bundle_lib.read_golden(bundle.path).golden.recordings
    self.assertFalse(plain.request.trace)
    trace = traced.trace
    held = {n for n, t in enumerate(trace.tensors) if t.value is not None}
    made = {t for op in trace.ops for t in op.outputs}
    self.assertEqual(held & made, set(trace.outputs.values()))
    self.assertGreater(len(made), 2 * len(trace.outputs))


def _scaled(outputs):
  return tuple(
    dataclasses.replace(output, value=output.value * np.float32(3))
    for output in outputs
  )


def _with_scaled_outputs(trace):
  tensors = list(trace.tensors)
  for number in trace.outputs.values():
    value = tensors[number].value * np.float32(3)
    tensors[number] = dataclasses.replace(tensors[number], value=value)
  return dataclasses.replace(trace, tensors=tuple(tensors))


if __name__ == "__main__":
  absltest.main()
