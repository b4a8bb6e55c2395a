"""Tests of parity.explain.fetching, on traces without large values."""

from __future__ import annotations

from absl.testing import absltest

from parity.explain import blame
from parity.explain import fetching
from testing import fake_traces


def _network(alpha, *, budget):
  """Thirty layers; the slope of the tenth is `alpha`."""
  made = fake_traces.TraceMaker(budget=budget)
  net = made.input("x", fake_traces.values(64, 32))
  for place in range(30):
    kernel = fake_traces.values(32, 32, seed=place + 2) / 5
    net = made.op("MatMul", net, made.variable(f"w{place}", kernel))
    slope = alpha if place == 10 else 0.2
    net = made.op("LeakyRelu", net, alpha=slope, named=f"act_{place}")
  return made.build(y=net)


class _Recorder:
  """Gives a trace again, with the values that are asked for."""

  def __init__(self, whole):
    self._whole = whole
    self.asked = []

  def fetch(self, numbers):
    self.asked.append(tuple(numbers))
    return self._whole


def _near(alpha):
  recorders = [_Recorder(_network(a, budget=None)) for a in (0.2, alpha)]
  bare = [_network(a, budget=0) for a in (0.2, alpha)]
  traces = fetching.with_values_near(
    fetching.Traces(*bare),
    ["y"],
    pair=lambda left, right: blame.pair_for(left, right, ["y"]),
    fetch=fetching.Fetchers(*[r.fetch for r in recorders]),
  )
  return traces, recorders


class FetchingTest(absltest.TestCase):
  def test_a_trace_with_all_values_is_whole(self):
    self.assertTrue(fetching.is_whole(_network(0.2, budget=None)))
    self.assertFalse(fetching.is_whole(_network(0.2, budget=0)))

  def test_values_come_from_where_the_sides_part(self):
    traces, (left, right) = _near(0.3)
    numbers = {n for asked in right.asked for n in asked}
    (op,) = [op for op in traces.tf2.ops if op.name == "act_10"]
    self.assertContainsSubset({*op.inputs, *op.outputs}, numbers)
    self.assertIsNotNone(traces.tf2.tensors[op.outputs[0]].value)
    before = [n for n in range(op.inputs[0]) if n in numbers]
    self.assertEmpty(before)
    self.assertNotEmpty(left.asked)

  def test_the_bug_is_then_named_as_if_all_values_were_there(self):
    traces, _ = _near(0.3)
    (finding,) = blame.explain_traces(
      traces.tf1, traces.tf2, ["y"], replay=fake_traces.replay
    )
    self.assertEqual(finding.cause, "op_attribute")
    self.assertEqual(finding.where.tf2.op, "act_10")

  def test_equal_sides_need_nothing(self):
    traces, recorders = _near(0.2)
    self.assertEqual([r.asked for r in recorders], [[], []])
    self.assertFalse(fetching.is_whole(traces.tf1))

  def test_values_that_never_come_are_not_asked_for_without_end(self):
    bare = fetching.Traces(_network(0.2, budget=0), _network(0.3, budget=0))
    left, right = _Recorder(bare.tf1), _Recorder(bare.tf2)
    paired = []

    def pair(tf1, tf2):
      paired.append((tf1, tf2))
      return blame.pair_for(tf1, tf2, ["y"])

    found = fetching.with_values_near(
      bare,
      ["y"],
      pair=pair,
      fetch=fetching.Fetchers(left.fetch, right.fetch),
    )
    self.assertFalse(fetching.is_whole(found.tf1))
    self.assertEqual(found.tf2.ops, bare.tf2.ops)
    self.assertNotEmpty(right.asked)
    self.assertLess(len(right.asked), 20)
    self.assertEqual(
      {
        (tf1.ops[21].attributes["alpha"], tf2.ops[21].attributes["alpha"])
        for tf1, tf2 in paired
      },
      {(0.2, 0.3)},
    )

  def test_no_more_is_asked_for_than_the_budget(self):
    whole = _network(0.3, budget=None)
    _, (_, right) = _near(0.3)
    size = sum(
      whole.tensors[n].value.nbytes for asked in right.asked for n in asked
    )
    self.assertLessEqual(size, fetching.BUDGET)


if __name__ == "__main__":
  absltest.main()
