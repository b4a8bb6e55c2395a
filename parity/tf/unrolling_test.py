"""Tests of parity.tf.unrolling, on loops and branches of real graphs."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np
import tensorflow.compat.v1 as tf1

from parity.tf import replay
from parity.tf.record import graph_trace
from parity.tf.record import keeping

# Ops are called by name, which TensorFlow 1.15 cannot do eagerly.
CELLS_SINCE = "tf2.8"

_X = np.arange(12, dtype=np.float32).reshape(4, 3) / 7


def _traced(build):
  """The trace of what `build` makes of a placeholder, fed with `_X`."""
  with tf1.Graph().as_default():
    x = tf1.placeholder(tf1.float32, _X.shape, name="x")
    targets = graph_trace.Targets(outputs={"y": build(x)})
    ops = graph_trace.needed_ops(targets)
    names = [tensor.name for tensor in graph_trace.fetchable(ops)]
    with tf1.Session() as session:
      values = dict(zip(names, session.run(names, {x: _X})))
  keeper = keeping.Keeper(values=True, budget=1 << 20)
  for name, value in values.items():
    keeper.see(name, value)
  seen = graph_trace.Seen(
    tensors=keeper, inputs={"x": x.name}, initial={}, final={}, phases={}
  )
  return graph_trace.build(ops, seen, targets)


def _doubled(x):
  def step(count, total):
    return count + 1, total * 2.0 + x

  return tf1.while_loop(lambda count, _: count < 3, step, (0, x))[1]


def _summed(x):
  return tf1.scan(lambda total, row: total + row, x, tf1.zeros([3]))


def _nested(x):
  def step(count, total):
    inner = tf1.while_loop(
      lambda i, _: i < 2, lambda i, t: (i + 1, t + x), (0, total)
    )
    return count + 1, inner[1]

  return tf1.while_loop(lambda count, _: count < 2, step, (0, x))[1]


def _branched(x):
  return tf1.cond(tf1.reduce_sum(x) > 0, lambda: tf1.exp(x), lambda: tf1.log(x))


class UnrollingTest(absltest.TestCase):
  def assert_runs(self, build, expected) -> None:
    found = replay.replay(_traced(build))
    self.assertTrue(found.complete, found.notes)
    value = found.tensors[found.outputs["y"]].value
    self.assertEqual(value.dtype, np.float64)
    np.testing.assert_allclose(value, expected, rtol=1e-12)

  def test_a_loop_is_run_round_by_round(self) -> None:
    x = _X.astype(np.float64)
    self.assert_runs(_doubled, 15 * x)
    found = replay.replay(_traced(_doubled))
    self.assertLen([op for op in found.ops if op.op_type == "Mul"], 3)

  def test_a_scan_passes_rows_through_its_arrays(self) -> None:
    self.assert_runs(_summed, np.cumsum(_X.astype(np.float64), axis=0))

  def test_a_loop_in_a_loop_runs_in_each_round(self) -> None:
    self.assert_runs(_nested, 5 * _X.astype(np.float64))

  def test_only_the_branch_that_was_taken_is_there(self) -> None:
    self.assert_runs(_branched, np.exp(_X.astype(np.float64)))
    types = {op.op_type for op in replay.replay(_traced(_branched)).ops}
    self.assertIn("Exp", types)
    self.assertNotIn("Log", types)

  def test_the_gradient_of_a_loop_reads_the_stacks_of_the_loop(self) -> None:
    def build(x):
      _, total = tf1.while_loop(
        lambda count, _: count < 3,
        lambda count, total: (count + 1, total * total),
        (0, x),
      )
      return tf1.gradients(total, x)[0]

    self.assert_runs(build, 8 * _X.astype(np.float64) ** 7)

  def test_a_loop_that_draws_stays_as_recorded(self) -> None:
    def build(x):
      def step(count, total):
        return count + 1, total + tf1.random_uniform([4, 3])

      return tf1.while_loop(lambda count, _: count < 2, step, (0, x))[1]

    trace = _traced(build)
    found = replay.replay(trace)
    self.assertFalse(found.complete)
    place = trace.outputs["y"]
    np.testing.assert_array_equal(
      found.tensors[place].value, trace.tensors[place].value.astype(np.float64)
    )


if __name__ == "__main__":
  tf1.disable_control_flow_v2()
  absltest.main()
