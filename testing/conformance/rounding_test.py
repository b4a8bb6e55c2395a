"""Is rounding proved where it is, and no bug ever excused as rounding?

The network is chaotic at its input: batch norm over a nearly constant image
divides rounding by rounding, so two sides differ by as much as the outputs are
large, though no bug is there. Splitting a convolution stands for another
version's kernel: the same function by other sums. A factor of 1.0001 in one
block is the planted bug.
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

# TensorFlow 2.12 that is first imported while absltest runs a test has no outer
# eager context.
_TENSORFLOW = behaviour.import_tensorflow()

_BLOCKS = 4
_CHANNELS = 8
_OPTIONS = options_lib.Options(steps=("random_training",))


def inputs(rng):
  noise = 1e-6 * rng.normal(size=(1, 14, 14, _CHANNELS))
  return {"images": (1 + noise).astype(np.float32)}


def convolution(net, weights, *, split):
  import tensorflow.compat.v1 as tf

  if not split:
    return tf.nn.conv2d(net, weights, strides=[1, 1, 1, 1], padding="VALID")
  half = _CHANNELS // 2
  return tf.add(
    convolution(net[..., half:], weights[:, :, half:], split=False),
    convolution(net[..., :half], weights[:, :, :half], split=False),
  )


def make_network(*, split=False, factor=1.0):
  """The network, perhaps by other sums, perhaps with a bug in one block."""

  def network(inputs, training):
    import tensorflow.compat.v1 as tf

    del training
    net, points = inputs["images"], {}
    for block in range(_BLOCKS):
      with tf.variable_scope(f"block{block}"):
        weights = tf.get_variable(
          "w",
          [3, 3, _CHANNELS, _CHANNELS],
          initializer=tf.random_normal_initializer(stddev=0.1),
        )
        net = convolution(net, weights, split=split)
        centred = net - tf.reduce_mean(net, [0, 1, 2])
        variance = tf.reduce_mean(tf.square(centred), [0, 1, 2])
        net = tf.nn.relu(centred * tf.math.rsqrt(variance + 1e-12))
        net = net * (0.5 * factor if block == 2 else 0.5)
        points[f"block{block}"] = net
    return points

  return network


def make_port(**settings):
  """The network below the shim."""

  def tf2():
    import tensorflow as tf

    class Port(tf.keras.layers.Layer):
      @tf.compat.v1.keras.utils.track_tf1_style_variables
      def call(self, inputs, training=False):
        return make_network(**settings)(inputs, training)

    return Port()

  return tf2


def make_case(*, tf2=None, **settings):
  return case_lib.Case(
    inputs=inputs, tf1=make_network(**settings), tf2=tf2, name="chaotic"
  )


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
    case = make_case(tf2=make_port(split=True, **settings))
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
