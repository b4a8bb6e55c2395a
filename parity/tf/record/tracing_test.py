"""Tests of parity.tf.record.tracing: what both sides' traces leave out."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np
import tensorflow as tf2
import tensorflow.compat.v1 as tf1

from parity import case as case_lib
from parity.records import standing
from parity.records import trace as trace_lib
from parity.tf import replay
from parity.tf import side as side_lib
from parity.tf.record import tracing
from testing import fakes

CELLS_SINCE = "tf2.8"
_FIND = "LookupTableFindV2"


def _inputs(rng):
  del rng
  return {"words": np.array([b"cat", b"owl", b"dog"], object)}


def _table():
  keys = tf1.constant(["cat", "dog"])
  entries = tf1.lookup.KeyValueTensorInitializer(keys, tf1.constant([0.3, 1.7]))
  return tf1.lookup.StaticHashTable(entries, 0.1)


def _tf1(inputs, training):
  del training
  return {"y": tf1.exp(_table().lookup(inputs["words"]))}


class _Port(tf2.Module):
  def __init__(self):
    super().__init__()
    self.table = _table()

  def __call__(self, inputs, training=False):
    del training
    return {"y": tf2.exp(self.table.lookup(inputs["words"]))}


def _trace(side):
  case = case_lib.Case(inputs=_inputs, tf1=_tf1, tf2=_Port)
  request = fakes.make_request(side, trace=True, trace_values=True)
  return side_lib.Side(case, side=side).fulfil(request).trace


class TablesTest(absltest.TestCase):
  def test_of_a_look_up_all_but_the_handle_is_data(self):
    self.assertEqual(
      tracing.data_operands(_FIND, ("handle", "keys", "default")),
      ("keys", "default"),
    )
    self.assertEqual(
      tracing.data_operands("GatherV2", ("rows", "ids", "axis")),
      ("rows", "ids", "axis"),
    )

  def test_no_side_traces_the_table_and_both_trace_the_look_up(self):
    for side in ("tf1", "tf2"):
      trace = _trace(side)
      ops = {op.op_type: op for op in trace.ops}
      self.assertNoCommonElements(ops, ["HashTableV2", "VarHandleOp"])
      keys, default = ops[_FIND].inputs
      self.assertEqual(trace.tensors[keys].root, "input:words", side)
      self.assertEqual(trace.tensors[default].value, np.float32(0.1), side)
      self.assertNotIn("unseen", [t.root for t in trace.tensors])

  def test_what_is_behind_a_table_can_be_run_in_float64(self):
    for side in ("tf1", "tf2"):
      trace = _trace(side)
      found = replay.replay(trace)
      self.assertTrue(found.complete, (side, found.notes))
      y = found.tensors[found.outputs["y"]].value
      self.assertEqual(y.dtype, np.float64)
      entries = np.float32([0.3, 0.1, 1.7]).astype(np.float64)
      np.testing.assert_allclose(y, np.exp(entries), rtol=1e-14)
      words = next(
        n for n, t in enumerate(trace.tensors) if t.root == "input:words"
      )
      self.assertEqual(found.tensors[words], trace.tensors[words])
      self.assertLen(standing.standing(trace), len(trace.tensors) - 2)


class RootsTest(absltest.TestCase):
  def _named(self, *, scope="net/bn", told=()):
    builder = tracing.builder_for(fakes.make_request("tf2", trace_values=True))
    ones = np.ones(3, np.float32)
    place = builder.add("read", ones, root="constant")
    made = builder.add("made", ones + 1)
    builder.op(
      trace_lib.OpRecord(
        op_type="Neg",
        name="net/bn/Neg",
        scope=scope,
        inputs=(place,),
        outputs=(made,),
        attributes={},
      )
    )
    variables = {
      "other/a_longer_name": ones,
      "net/bn/gamma": ones,
      "net/bn/moving_variance": ones,
    }
    builder.root_by_value(variables, told=told)
    return builder.build({"y": made}).tensors[place].root

  def test_of_variables_with_one_value_the_one_that_nobody_read_was(self):
    self.assertEqual(
      self._named(told={"net/bn/moving_variance"}), "variable:net/bn/gamma"
    )
    self.assertEqual(
      self._named(told={"net/bn/gamma"}), "variable:net/bn/moving_variance"
    )

  def test_where_all_of_the_scope_were_read_the_scope_decides(self):
    told = {"net/bn/gamma", "net/bn/moving_variance"}
    self.assertStartsWith(self._named(told=told), "variable:net/bn/")

  def test_in_no_scope_of_theirs_it_is_the_first(self):
    self.assertEqual(
      self._named(scope="else", told={"other/a_longer_name"}),
      "variable:other/a_longer_name",
    )


if __name__ == "__main__":
  absltest.main()
