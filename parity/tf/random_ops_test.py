from __future__ import annotations

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import tensorflow.compat.v1 as tf1

from parity.tf import random_ops
from parity.tf import randomness
from parity.tf.compat import behavior


def _tool(mode="num_random_ops", **kwargs):
  return randomness.DeterministicRandomTestTool(mode=mode, **kwargs)


class KindOfTest(absltest.TestCase):
  def test_every_random_op_has_its_kind(self):
    for op_type, kind in (
      ("RandomUniform", random_ops.STATEFUL),
      ("TruncatedNormal", random_ops.STATEFUL),
      ("RandomShuffle", random_ops.STATEFUL),
      ("Multinomial", random_ops.STATEFUL),
      ("LogUniformCandidateSampler", random_ops.STATEFUL),
      ("FractionalMaxPool", random_ops.STATEFUL),
      ("CudnnRNN", random_ops.STATEFUL),
      ("StatefulUniform", random_ops.GENERATOR),
      ("NonDeterministicInts", random_ops.GENERATOR),
      ("StatelessRandomNormal", random_ops.STATELESS),
      ("StatelessRandomUniformV2", random_ops.STATELESS),
      ("StatelessTruncatedNormal", random_ops.STATELESS),
    ):
      with self.subTest(op_type=op_type):
        self.assertEqual(random_ops.kind_of(op_type), kind)

  def test_ops_with_such_names_that_draw_nothing_have_none(self):
    for op_type in (
      "MatMul",
      "StatefulPartitionedCall",
      "StatelessIf",
      "StatelessWhile",
      "StatelessRandomGetKeyCounter",
      "StatelessRandomGetAlg",
      "RngReadAndSkip",
      "ComputeAccidentalHits",
      "CudnnRNNCanonicalToParamsV2",
      "CudnnRNNParamsSize",
    ):
      with self.subTest(op_type=op_type):
        self.assertIsNone(random_ops.kind_of(op_type))


class RandomOpsOfGraphTest(absltest.TestCase):
  def test_ops_of_a_graph_that_escape_are_named(self):
    with tf1.Graph().as_default() as graph:
      seed = tf1.get_variable("s", [2], tf1.int32, use_resource=True)
      tf1.random.stateless_uniform([2], seed=[1, 2])
      tf1.random.stateless_uniform([2], seed=seed.read_value())
    found = random_ops.random_ops_of_graph(graph)
    names = [r.op_type for r in found if r.op_type.startswith("Stateless")]
    self.assertLen(names, 1)

  def test_an_op_without_seeds_or_with_another_graph_seed_escapes(self):
    with tf1.Graph().as_default() as graph:
      tf1.random.uniform([2])
      tf1.random.uniform([2], seed=3)
    found = random_ops.random_ops_of_graph(graph)
    self.assertEqual([r.op_seed for r in found], [None, 3])
    found = random_ops.random_ops_of_graph(graph, seed=42)
    self.assertEqual([r.op_seed for r in found], [None, None])

  def test_sees_ops_in_the_functions_of_control_flow(self):
    tool = _tool()
    with tool.scope(), tf1.Graph().as_default() as graph:
      with behavior.control_flow_v2(enabled=True):
        tf1.cond(
          tf1.placeholder(tf1.bool, []),
          lambda: tf1.random.normal([2]),
          lambda: tf1.zeros([2]),
        )
    found = random_ops.random_ops_of_graph(graph)
    self.assertEqual(
      [(r.op_type, r.dtype, r.op_seed) for r in found],
      [("RandomStandardNormal", "float32", 0)],
    )

  def test_a_graph_without_random_ops_has_none(self):
    with tf1.Graph().as_default() as graph:
      tf1.get_variable("w", [2], initializer=tf1.zeros_initializer())
    self.assertEqual(random_ops.random_ops_of_graph(graph), ())


class ConstantSeedsTest(parameterized.TestCase):
  @parameterized.parameters(False, True)
  def test_one_construction_serves_both_modes(self, calls):
    def build(mode):
      noise = tf1.function(_noise) if calls else _noise
      with _tool(mode).scope(), tf1.Graph().as_default() as graph:
        with tf1.variable_scope("net", use_resource=True):
          w = tf1.get_variable("w", [6])
        y = _drop(w + noise(tf1.ones([6])))
      return graph, y.name

    def run(graph, name):
      with tf1.Session(graph=graph) as session:
        session.run("net/w/Assign")
        return session.run(name)

    numbered, name = build("num_random_ops")
    constant, same_name = build("constant")
    before = run(numbered, name)
    with random_ops.constant_seeds(numbered) as other:
      np.testing.assert_array_equal(run(other, name), run(constant, same_name))
    self.assertFalse(np.allclose(before, run(constant, same_name)))
    np.testing.assert_array_equal(run(numbered, name), before)

  def test_ops_with_a_seed_of_their_own_keep_it(self):
    with tf1.Graph().as_default() as graph:
      y = tf1.raw_ops.RandomUniform(
        shape=[3], dtype=tf1.float32, seed=7, seed2=9
      )
    with random_ops.constant_seeds(graph, seed=42):
      self.assertEqual(y.op.get_attr("seed2"), 9)


def _drop(x):
  return tf1.nn.dropout(x, rate=0.5)


def _noise(x):
  return x + tf1.random.normal(x.shape)


if __name__ == "__main__":
  absltest.main()
