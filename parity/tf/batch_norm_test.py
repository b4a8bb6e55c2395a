"""Tests of batch_norm: its formulas against TensorFlow's own kernels."""

from __future__ import annotations

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import tensorflow.compat.v1 as tf

from parity.records import trace as trace_lib
from parity.tf import batch_norm


def _op(op_type, outputs, **attributes):
  return trace_lib.OpRecord(
    name="bn",
    scope="",
    op_type=op_type,
    inputs=tuple(range(5)),
    outputs=tuple(range(outputs)),
    attributes={"epsilon": 0.01, **attributes},
  )


def _trace(outputs):
  tensor = trace_lib.TensorRecord(shape=(0,), dtype="float32")
  return trace_lib.Trace(ops=(), tensors=(tensor,) * outputs, outputs={})


class FormulasTest(parameterized.TestCase):
  @parameterized.parameters(True, False)
  def test_result_and_gradient_are_those_of_the_kernels(self, training):
    rng = np.random.RandomState(0)
    arrays = [
      rng.normal(2.0, 3.0, size=(4, 5, 5, 3)).astype(np.float32),
      rng.uniform(0.5, 2.0, size=3).astype(np.float32),
      rng.normal(size=3).astype(np.float32),
    ]
    statistics = [np.float32([1.0, 2.0, 3.0]), np.float32([0.5, 1.5, 2.5])]
    slope = rng.normal(size=(4, 5, 5, 3)).astype(np.float32)
    with tf.Graph().as_default(), tf.Session() as session:
      fed = [tf.constant(a) for a in arrays]
      given = {}
      if not training:
        given = dict(zip(("mean", "variance"), map(tf.constant, statistics)))
      y, mean, variance = tf.nn.fused_batch_norm(
        *fed, epsilon=0.01, is_training=training, **given
      )
      slopes = tf.gradients(y, fed, tf.constant(slope))
      fetched = session.run([y, mean, variance, *slopes])
    settings = {"is_training": training}
    found = batch_norm.results_of(
      _op("FusedBatchNormV3", 6, **settings), [*arrays, *statistics], _trace(6)
    )
    self.assertLen(found, 6)
    # TF 1.15 leaves the statistics that inference does not make unset.
    for own, theirs in zip(found[: 3 if training else 1], fetched[:3]):
      np.testing.assert_allclose(own, theirs, rtol=1e-4, atol=1e-5)
    found = batch_norm.results_of(
      _op("FusedBatchNormGradV3", 5, **settings),
      [slope, arrays[0], arrays[1], *statistics, np.zeros(0)],
      _trace(5),
    )
    self.assertLen(found, 5)
    for own, theirs in zip(found[:3], fetched[3:]):
      np.testing.assert_allclose(own, theirs, rtol=1e-3, atol=1e-4)

  def test_channels_may_come_first(self):
    x = np.random.RandomState(0).normal(size=(2, 3, 4, 4))
    ones, zeros = np.ones(3), np.zeros(3)
    first = _op("FusedBatchNormV3", 5, is_training=True, data_format="NCHW")
    last = _op("FusedBatchNormV3", 5, is_training=True)
    by_first = batch_norm.results_of(
      first, [x, ones, zeros, zeros, ones], _trace(5)
    )
    by_last = batch_norm.results_of(
      last, [x.transpose(0, 2, 3, 1), ones, zeros, zeros, ones], _trace(5)
    )
    np.testing.assert_allclose(
      by_first[0], by_last[0].transpose(0, 3, 1, 2), atol=1e-12
    )


if __name__ == "__main__":
  absltest.main()
