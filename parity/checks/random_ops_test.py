"""Tests of parity.checks.random_ops: each difference, and its silent twin."""

from __future__ import annotations

from absl.testing import absltest

from parity.checks import random_ops
from testing import fakes


def _recording(side, *ops, random="num_random_ops", variables=(), **request):
  return fakes.make_recording(
    side,
    request=fakes.make_request(side, random=random, **request),
    random_ops=ops,
    variables=variables,
  )


_NOISE = fakes.make_random_op("RandomStandardNormal", source="model.py:30")
_DROPOUT = fakes.make_random_op("RandomUniform", source="model.py:40")


class OrderTest(absltest.TestCase):
  def test_another_order_is_found_where_it_begins(self):
    finding = random_ops.explain_difference(
      _recording("tf1", _DROPOUT, _NOISE, _DROPOUT),
      _recording("tf2", _DROPOUT, _DROPOUT, _NOISE),
    )
    self.assertEqual(finding.cause, "random_order")
    self.assertIn("Number 1 is RandomStandardNormal", finding.message)
    self.assertEqual(finding.where.tf1.source, "model.py:30")
    self.assertEqual(finding.where.tf2.source, "model.py:40")
    self.assertLen(finding.details, 2)

  def test_the_same_order_is_silent(self):
    self.assertIsNone(
      random_ops.explain_difference(
        _recording("tf1", _NOISE, _DROPOUT), _recording("tf2", _NOISE, _DROPOUT)
      )
    )

  def test_alike_ops_for_variables_in_another_order_are_found(self):
    draws = {
      name: fakes.make_random_op("RandomUniform", variable=name)
      for name in ("net/a", "net/b")
    }
    variables = tuple(fakes.make_variable(name) for name in draws)
    finding = random_ops.explain_difference(
      _recording("tf1", draws["net/a"], draws["net/b"], variables=variables),
      _recording("tf2", draws["net/b"], draws["net/a"], variables=variables),
    )
    self.assertEqual(finding.cause, "random_order")
    self.assertEqual(finding.where.variable, "net/b")

  def test_alike_ops_for_renamed_variables_in_one_order_are_silent(self):
    old, new = (
      fakes.make_random_op("RandomUniform", variable=name)
      for name in ("net/a", "port/a")
    )
    renamed = fakes.make_variable("port/a", tf1_name="net/a")
    self.assertIsNone(
      random_ops.explain_difference(
        _recording("tf1", old, variables=(fakes.make_variable("net/a"),)),
        _recording("tf2", new, variables=(renamed,)),
      )
    )

  def test_order_does_not_count_where_all_ops_have_one_seed(self):
    self.assertIsNone(
      random_ops.explain_difference(
        _recording("tf1", _NOISE, _DROPOUT, random="constant"),
        _recording("tf2", _DROPOUT, _NOISE, random="constant"),
      )
    )

  def test_order_of_weights_does_not_count_where_all_are_constant(self):
    first = fakes.make_random_op("RandomUniform", variable="a")
    second = fakes.make_random_op("RandomStandardNormal", variable="b")
    found = [
      random_ops.explain_difference(
        _recording("tf1", first, second, weights=weights),
        _recording("tf2", second, first, weights=weights),
      )
      for weights in ("constant", "initial")
    ]
    self.assertIsNone(found[0])
    self.assertEqual(found[1].cause, "random_order")

  def test_names_and_lines_alone_are_no_difference(self):
    moved = fakes.make_random_op(
      "RandomUniform", name="other/name", source="other.py:1"
    )
    self.assertIsNone(
      random_ops.explain_difference(
        _recording("tf1", _DROPOUT), _recording("tf2", moved)
      )
    )


class SurplusTest(absltest.TestCase):
  def _find(self, left, right):
    return random_ops.explain_difference(
      _recording("tf1", *left), _recording("tf2", *right)
    )

  def test_an_op_that_the_port_lacks_is_found(self):
    finding = self._find([_NOISE, _DROPOUT], [_DROPOUT])
    self.assertEqual(finding.cause, "random_op")
    self.assertIn("the port has no such random op", finding.message)
    self.assertEqual(finding.where.tf1.op_type, "RandomStandardNormal")
    self.assertIsNone(finding.where.tf2.source)

  def test_an_op_that_only_the_port_has_is_found(self):
    finding = self._find([_DROPOUT], [_DROPOUT, _NOISE])
    self.assertIn("tf1 has no such random op", finding.message)
    self.assertEqual(finding.where.tf2.source, "model.py:30")

  def test_another_shape_names_both(self):
    wide = fakes.make_random_op("RandomUniform", shape=(2, 4))
    finding = self._find([_DROPOUT], [wide])
    self.assertIn("tf1 runs RandomUniform [2, 3]", finding.message)
    self.assertIn("the port runs RandomUniform [2, 4]", finding.message)

  def test_a_shape_that_the_graph_does_not_know_is_no_difference(self):
    unknown = fakes.make_random_op("RandomUniform", shape=(-1, 3))
    self.assertIsNone(self._find([unknown], [_DROPOUT]))

  def test_another_dtype_is_a_difference(self):
    half = fakes.make_random_op("RandomUniform", dtype="float16")
    self.assertEqual(self._find([_DROPOUT], [half]).cause, "random_op")


class VariableTest(absltest.TestCase):
  """Initialisers of variables that one side lacks are no random findings."""

  def _initializer(self, variable):
    return fakes.make_random_op("TruncatedNormal", variable=variable)

  def test_one_of_a_variable_that_the_port_lacks_names_the_variable(self):
    finding = random_ops.explain_difference(
      _recording(
        "tf1",
        self._initializer("fc/kernel"),
        variables=(fakes.make_variable("fc/kernel"),),
      ),
      _recording("tf2"),
    )
    self.assertEqual(finding.cause, "variable_missing")
    self.assertEqual(finding.where.variable, "fc/kernel")
    self.assertIsNone(finding.where.tf2.source)

  def test_one_of_a_variable_that_only_the_port_has_names_it_as_renamed(self):
    finding = random_ops.explain_difference(
      _recording("tf1"),
      _recording(
        "tf2",
        self._initializer("dense/kernel"),
        variables=(fakes.make_variable("dense/kernel", tf1_name="fc/kernel"),),
      ),
    )
    self.assertEqual(finding.cause, "variable_extra")
    self.assertEqual(finding.where.variable, "fc/kernel")

  def test_one_of_a_variable_that_both_have_is_left_to_its_initializer(self):
    variables = (fakes.make_variable("fc/kernel"),)
    finding = random_ops.explain_difference(
      _recording("tf1", self._initializer("fc/kernel"), variables=variables),
      _recording("tf2", variables=variables),
    )
    self.assertIsNone(finding)


if __name__ == "__main__":
  absltest.main()
