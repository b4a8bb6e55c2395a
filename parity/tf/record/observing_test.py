"""Tests of parity.tf.record.observing: what a trace keeps, on both sides.

A trace whose values do not fit its budget has sketches; the same Request with
`trace_keep` gives the values of these tensors, under the same numbers.
"""

from __future__ import annotations

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import tensorflow.compat.v1 as tf1

from parity import case as case_lib
from parity.records import sketch as sketch_lib
from parity.tf import replay
from parity.tf import side as side_lib
from parity.tf.compat import execution
from parity.tf.record import observing
from testing import fakes

# The tf2 side needs a TensorFlow that tells of its ops.
_SIDES = [("tf1",), ("tf2",)][: 2 if execution.can_watch_ops() else 1]
_BUDGET = 40_000


def _inputs(rng):
  return {"x": rng.normal(size=(8, 32, 32, 3)).astype(np.float32)}


def _layers(tf, x, kernel):
  for _ in range(3):
    x = tf.nn.relu(tf.nn.conv2d(x, kernel, [1, 1, 1, 1], "SAME"))
  return {"y": tf.reduce_mean(x, [1, 2])}


def _tf1(inputs, training):
  del training
  kernel = tf1.get_variable(
    "kernel", (3, 3, 3, 3), initializer=tf1.random_normal_initializer()
  )
  return _layers(tf1, inputs["x"], kernel)


def _tf2():
  import tensorflow as tf

  kernel = tf.Variable(tf.ones((3, 3, 3, 3)) / 9, name="kernel")

  def port(inputs, training=False):
    del training
    return _layers(tf1, inputs["x"], kernel)

  return port


def _trace(side, **changes):
  made = side_lib.Side(
    case_lib.Case(inputs=_inputs, tf1=_tf1, tf2=_tf2), side=side
  )
  request = fakes.make_request(side, trace=True, trace_values=True, **changes)
  return made.fulfil(request).trace


class BudgetTest(parameterized.TestCase):
  @parameterized.parameters(*_SIDES)
  def test_values_fit_the_budget_and_the_rest_is_sketched(self, side):
    trace = _trace(side, trace_bytes=_BUDGET)
    outputs = set(trace.outputs.values())
    kept = sum(
      tensor.value.nbytes
      for number, tensor in enumerate(trace.tensors)
      if tensor.value is not None
      and tensor.root is None
      and number not in outputs
    )
    self.assertLessEqual(kept, _BUDGET)
    sketched = [t for t in trace.tensors if t.sketch is not None]
    self.assertGreaterEqual(len(sketched), 6)
    self.assertIsNotNone(trace.tensors[trace.outputs["y"]].value)

  @parameterized.parameters(*_SIDES)
  def test_what_is_asked_for_comes_under_the_same_numbers(self, side):
    first = _trace(side, trace_bytes=_BUDGET)
    numbers = [n for n, t in enumerate(first.tensors) if t.sketch is not None]
    chosen = tuple(numbers[1::2])
    again = _trace(side, trace_bytes=0, trace_keep=chosen)
    self.assertLen(again.tensors, len(first.tensors))
    for number in chosen:
      tensor = again.tensors[number]
      self.assertEqual(tensor.digest, first.tensors[number].digest)
      sketch = sketch_lib.sketch_of(tensor.value)
      self.assertEqual(
        sketch_lib.distance(
          sketch, first.tensors[number].sketch, closeness=1e-9
        ),
        0.0,
      )
    for number in set(numbers) - set(chosen):
      self.assertIsNone(again.tensors[number].value)

  @parameterized.parameters(*_SIDES)
  def test_a_small_trace_keeps_everything(self, side):
    trace = _trace(side)
    self.assertEmpty([t for t in trace.tensors if t.sketch is not None])


class ObserverTest(absltest.TestCase):
  def _run(self, count):
    graph = tf1.Graph()
    with graph.as_default():
      tensors = [tf1.constant(float(n)) + 1.0 for n in range(count)]
    observer = observing.Observer(graph, [t.name for t in tensors])
    told = {}
    observer.tell(lambda name, value: told.update({name: float(value)}))
    with tf1.Session(graph=graph) as session:
      session.run(list(observer.ops))
    return {t.name: n + 1.0 for n, t in enumerate(tensors)}, told, observer

  def test_each_result_is_told_under_its_name(self):
    wanted, told, _ = self._run(100)
    self.assertEqual(told, wanted)

  def test_many_small_results_take_few_ops(self):
    _, _, observer = self._run(100)
    self.assertLen(observer.ops, 2)

  def test_nobody_is_told_after_that(self):
    graph = tf1.Graph()
    with graph.as_default():
      tensor = tf1.constant(1.0) + 1.0
    observer = observing.Observer(graph, [tensor.name])
    told = []
    observer.tell(lambda *args: told.append(args))
    observer.forget()
    with tf1.Session(graph=graph) as session:
      session.run(list(observer.ops))
    self.assertEmpty(told)

  def test_op_seeds_and_ops_that_were_there_stay(self):
    graph = tf1.Graph()
    with graph.as_default():
      drawn = tf1.random.uniform((2,), seed=3)
      before = graph.as_graph_def().node[:]
    observing.Observer(graph, [drawn.name])
    after = graph.as_graph_def().node
    self.assertEqual(list(after)[: len(before)], list(before))


def _rows_tf1(inputs, training):
  with tf1.variable_scope("net", use_resource=inputs["x"].shape[0] == 4):
    rows = tf1.get_variable(
      "rows", (3, 2), initializer=tf1.zeros_initializer(), trainable=False
    )
  if training:
    moved = tf1.scatter_add(rows, [2, 0, 2, 0], inputs["x"])
    tf1.add_to_collection(tf1.GraphKeys.UPDATE_OPS, moved)
  return {"y": inputs["x"] + 1.0}


def _rows_tf2():
  import tensorflow as tf

  rows = tf.Variable(tf.zeros((3, 2)), name="net/rows", trainable=False)

  def port(inputs, training=False):
    if training:
      rows.scatter_add(tf.IndexedSlices(inputs["x"], [2, 0, 2, 0]))
    return {"y": inputs["x"] + 1.0}

  return port


class ScatteredUpdateTest(parameterized.TestCase):
  @parameterized.parameters(*_SIDES)
  def test_rows_that_are_updated_are_an_output_and_run_again(self, side):
    x = np.arange(8, dtype=np.float32).reshape(4, 2)
    made = side_lib.Side(
      case_lib.Case(inputs={"x": x}, tf1=_rows_tf1, tf2=_rows_tf2), side=side
    )
    request = fakes.make_request(
      side, training=True, trace=True, trace_values=True
    )
    trace = made.fulfil(request).trace
    for found in (trace, replay.replay(trace)):
      self.assertTrue(found.complete, found.notes)
      after = found.tensors[found.outputs["final:net/rows"]].value
      np.testing.assert_array_equal(after, [[8, 10], [0, 0], [4, 6]])


if __name__ == "__main__":
  absltest.main()
