"""Tests of parity.explain.causes.precision."""

from __future__ import annotations

import dataclasses

from absl.testing import absltest

from parity.explain import blame
from parity.explain.causes import precision
from testing import fake_traces


def _trace(*, through=None, act="Tanh"):
  """X -> (cast to `through` and back) -> activation."""
  made = fake_traces.TraceMaker()
  net = made.input("x", fake_traces.values(4, 5))
  if through is not None:
    net = made.op("Cast", net, SrcT="float32", DstT=through, named="net/cast")
    net = made.op("Cast", net, SrcT=through, DstT="float32", named="net/back")
  return made.build(y=made.op(act, net))


def _product(*, through=None, act=None):
  """X -> activation -> (cast to `through` and back) -> times a kernel."""
  made = fake_traces.TraceMaker()
  net = made.op("Tanh", made.input("x", fake_traces.values(4, 5)))
  if act is not None:
    net = made.op(act, net)
  if through is not None:
    net = made.op("Cast", net, SrcT="float32", DstT=through, named="net/cast")
    net = made.op("Cast", net, SrcT=through, DstT="float32", named="net/back")
  kernel = made.variable("k", fake_traces.values(5, 3, seed=4))
  return made.build(y=made.op("MatMul", net, kernel))


def _typed(dtype):
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(4, 5))
  gives = fake_traces.values(4, seed=2 if dtype == "float32" else 3)
  return made.build(y=made.op("Dense", x, gives=gives, T=dtype))


def _explain(left, right):
  places = blame.first_places(left, right, ["y"])
  return precision.explain(places[0]) if places else None


class PrecisionTest(absltest.TestCase):
  def test_only_dtypes_that_have_fractions_are_looked_at(self):
    trace = _typed("float32")
    op = dataclasses.replace(
      trace.ops[0],
      attributes={"T": "half", "U": "float32", "Tidx": "int32", "axes": [1, 2]},
    )
    self.assertEqual(precision.floating_dtypes(op)["U"], "float32")
    self.assertContainsSubset(precision.floating_dtypes(op), ("T", "U"))

  def test_a_cast_to_half_on_one_side_is_found(self):
    finding = _explain(_trace(), _trace(through="float16"))
    self.assertEqual(finding.cause, "precision")
    self.assertIn("float16", finding.message)

  def test_a_cast_on_the_way_to_a_product_is_found(self):
    for sides in ((None, "float16"), ("float16", None)):
      left, right = (_product(through=each) for each in sides)
      finding = _explain(left, right)
      self.assertEqual(finding.cause, "precision")
      self.assertIn("float16", finding.message)

  def test_a_cast_behind_another_difference_is_silent(self):
    self.assertIsNone(
      _explain(_product(), _product(act="Relu", through="float16"))
    )

  def test_the_same_cast_on_both_is_silent(self):
    half = _trace(through="float16")
    self.assertIsNone(_explain(half, _trace(through="float16")))

  def test_an_op_of_another_dtype_is_found(self):
    finding = _explain(_typed("float32"), _typed("bfloat16"))
    self.assertEqual(finding.cause, "precision")

  def test_an_unlike_op_of_the_same_dtype_is_silent(self):
    made = fake_traces.TraceMaker()
    x = made.input("x", fake_traces.values(4, 5))
    gives = fake_traces.values(4, seed=9)
    other = made.build(y=made.op("Sparse", x, gives=gives, T="float32"))
    self.assertNotEmpty(blame.first_places(_typed("float32"), other, ["y"]))
    self.assertIsNone(_explain(_typed("float32"), other))

  def test_another_op_in_the_same_dtype_is_silent(self):
    self.assertIsNone(_explain(_trace(), _trace(act="Relu")))


if __name__ == "__main__":
  absltest.main()
