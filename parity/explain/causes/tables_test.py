"""Tests of parity.explain.causes.tables."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.explain import blame
from parity.explain.causes import tables
from testing import fake_traces


def _trace(ids, *, default=-1, op_type="LookupTableFindV2"):
  made = fake_traces.TraceMaker()
  keys = made.input("keys", np.array([7, 8, 9]))
  found = made.op(op_type, keys, made.constant(default), gives=np.array(ids))
  weights = made.variable("w", fake_traces.values(3, 4))
  return made.build(y=made.op("Gather", weights, found, gives=_rows(ids)))


def _rows(ids):
  return fake_traces.values(3, 4)[np.array(ids)]


def _explain(left, right):
  places = blame.first_places(left, right, ["y"])
  return tables.explain(places[0]) if places else None


class TablesTest(absltest.TestCase):
  def test_other_entries_are_named_with_both_results(self):
    finding = _explain(_trace([0, 2, 2]), _trace([1, 0, 0]))
    self.assertEqual(finding.cause, "constant")
    self.assertIn("holds other entries", finding.message)
    self.assertIn("gives [0, 2, 2] on the tf1 side", finding.message)
    self.assertIn("[1, 0, 0] in the port", finding.message)

  def test_the_same_entries_are_no_finding(self):
    self.assertIsNone(_explain(_trace([0, 2, 2]), _trace([0, 2, 2])))

  def test_another_default_is_not_another_entry(self):
    self.assertIsNone(_explain(_trace([0, 2, 2]), _trace([1, 0, 0], default=0)))

  def test_other_ops_look_nothing_up(self):
    self.assertIsNone(
      _explain(
        _trace([0, 2, 2], op_type="Rank"), _trace([1, 0, 0], op_type="Rank")
      )
    )


if __name__ == "__main__":
  absltest.main()
