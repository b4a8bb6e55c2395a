"""Tests of parity.explain.explainer, with sides made of recorded traces."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.explain import explainer
from parity.explain import probes as probes_lib
from parity.records import tolerance as tolerance_lib
from testing import fake_traces
from testing import fakes


def _trace(*, alpha=0.2, budget=None, order="left"):
  made = fake_traces.TraceMaker(budget=budget)
  x = made.input("x", fake_traces.values(32, 16))
  net = made.op("LeakyRelu", x, alpha=alpha, named="net/act")
  big = made.constant(1000.0)
  if order == "left":
    net = made.op("Sub", made.op("AddV2", net, big), big)
  else:
    net = made.op("AddV2", net, made.op("Sub", big, big))
  return made.build(y=net)


class _Sides:
  """Answers every Request with a trace that `make` makes."""

  def __init__(self, **port):
    self._port = port
    self.requests = []

  def ask(self, request):
    self.requests.append(request)
    changes = dict(self._port) if request.side == "tf2" else {}
    if request.trace_bytes == 0:
      changes["budget"] = None
    trace = _trace(**changes)
    value = trace.tensors[trace.outputs["y"]].value
    if request.side == "tf1" and not request.trace:
      # As the graph was rewritten, which it is not where it is traced.
      value = value + np.float32(0.25)
    return fakes.make_recording(
      request.side,
      request=request,
      outputs=(fakes.make_output("y", value),),
      trace=trace,
    )


def _explain(**port):
  sides = _Sides(**port)
  difference = explainer.Difference(
    fakes.make_request("tf1"),
    fakes.make_request("tf2"),
    ("y",),
    tolerance_lib.TolerancePolicy(),
  )
  probes = probes_lib.Probes(ask=sides.ask, replay=fake_traces.replay)
  return explainer.explain(difference, probes).findings, sides.requests


class ExplainerTest(absltest.TestCase):
  def test_a_bug_is_named(self):
    (finding,), _ = _explain(alpha=0.3)
    self.assertEqual(finding.cause, "op_attribute")
    self.assertEqual(finding.where.tf2.op, "net/act")

  def test_a_setting_that_explains_all_needs_no_port_in_float64(self):
    runs = {}
    for word, port in (
      ("setting", {"alpha": 0.3}),
      ("sum", {"order": "right"}),
    ):
      sides, run = _Sides(**port), []

      def replay(trace, run=run):
        run.append(trace)
        return fake_traces.replay(trace)

      difference = explainer.Difference(
        fakes.make_request("tf1"),
        fakes.make_request("tf2"),
        ("y",),
        tolerance_lib.TolerancePolicy(),
      )
      explainer.explain(
        difference, probes_lib.Probes(ask=sides.ask, replay=replay)
      )
      runs[word] = sum(len(trace.ops) == len(_trace().ops) for trace in run)
    self.assertEqual(runs["setting"], 1, "tf1's alone, for its rounding")
    self.assertGreater(runs["sum"], 1)

  def test_rounding_is_proved(self):
    (finding,), _ = _explain(order="right")
    self.assertEqual(finding.cause, "rounding")
    self.assertTrue(finding.is_note)

  def test_a_bug_as_small_as_rounding_is_none(self):
    (finding,), _ = _explain(alpha=0.2001, order="right")
    self.assertEqual(finding.cause, "op_attribute")
    self.assertIn("alpha: tf1 0.2, tf2 0.2001", finding.details)

  def test_what_agrees_without_rewrites_was_rewritten(self):
    (finding,), _ = _explain()
    self.assertEqual(finding.cause, "graph_rewrite")

  def test_both_sides_are_traced_with_values_once(self):
    _, requests = _explain(alpha=0.3)
    self.assertEqual([r.side for r in requests], ["tf1", "tf2"])
    self.assertTrue(all(r.trace and r.trace_values for r in requests))

  def test_the_other_mode_is_prepared_while_the_port_is_traced(self):
    sides, told = _Sides(alpha=0.3), []
    difference = explainer.Difference(
      fakes.make_request("tf1"),
      fakes.make_request("tf2"),
      ("y",),
      tolerance_lib.TolerancePolicy(),
    )

    def begin(work):
      result = work()
      return lambda: result

    explainer.explain(
      difference,
      probes_lib.Probes(
        ask=sides.ask,
        replay=fake_traces.replay,
        begin=begin,
        prepare=told.append,
      ),
    )
    self.assertEqual([(r.side, r.training) for r in told], [("tf1", True)])

  def test_values_that_were_not_kept_are_asked_for(self):
    (finding,), requests = _explain(alpha=0.3, budget=0)
    self.assertEqual(finding.cause, "op_attribute")
    asked = [r for r in requests if r.trace_keep]
    self.assertEqual({r.side for r in asked}, {"tf2"})

  def test_at_constant_weights_the_trace_has_distinctive_ones(self):
    sides = _Sides(alpha=0.3)
    difference = explainer.Difference(
      fakes.make_request("tf1", weights="constant"),
      fakes.make_request("tf2", weights="constant"),
      ("y",),
      tolerance_lib.TolerancePolicy(),
    )
    probes = probes_lib.Probes(ask=sides.ask, replay=fake_traces.replay)
    explainer.explain(difference, probes)
    self.assertEqual({r.weights for r in sides.requests}, {"distinctive"})


class NamesTest(absltest.TestCase):
  def test_a_trace_names_outputs_losses_and_gradients(self):
    names = [
      explainer.name_in_trace(fakes.make_comparison("a/b", kind=kind))
      for kind in ("output", "loss", "gradient", "final")
    ]
    self.assertEqual(names, ["a/b", "loss:", "gradient:a/b", "final:a/b"])


if __name__ == "__main__":
  absltest.main()
