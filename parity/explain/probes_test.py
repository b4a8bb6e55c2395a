"""Tests of parity.explain.probes."""

from __future__ import annotations

from absl.testing import absltest

from parity import errors
from parity.explain import fetching
from parity.explain import probes as probes_lib
from testing import fake_traces
from testing import fakes


def _trace(alpha=0.2, *, budget=None, unused=0, before=()):
  made = fake_traces.TraceMaker(budget=budget)
  for number in range(unused):
    made.input(f"unused{number}", fake_traces.values(2, seed=number + 5))
  x = made.input("x", fake_traces.values(30, 20))
  for op_type in before:
    x = made.op(op_type, x)
  return made.build(y=made.op("Tanh", made.op("LeakyRelu", x, alpha=alpha)))


class _Sides:
  """Gives the whole trace to whoever asks for values."""

  def __init__(self):
    self.asked = []
    self.replayed = []

  def ask(self, request):
    self.asked.append(request)
    alpha = 0.2 if request.side == "tf1" else 0.3
    return fakes.make_recording(
      request.side, request=request, trace=_trace(alpha)
    )

  def replay(self, trace):
    self.replayed.append(trace)
    return fake_traces.replay(trace, budget=0)

  def probes(self):
    return probes_lib.Probes(ask=self.ask, replay=self.replay)


def _recording(side, alpha, *, budget):
  return fakes.make_recording(side, trace=_trace(alpha, budget=budget))


class ReplayTest(absltest.TestCase):
  def test_a_trace_that_cannot_be_replayed_is_none(self):
    def refuse(unused_trace):
      raise errors.WorkerError("no kernel")

    sides = _Sides()
    self.assertIsNotNone(sides.probes().replay_if_possible(_trace()))
    probes = probes_lib.Probes(ask=sides.ask, replay=refuse)
    self.assertIsNone(probes.replay_if_possible(_trace()))

  def test_work_is_done_when_it_is_asked_for(self):
    done = []
    result = _Sides().probes().begin(lambda: done.append(1))
    self.assertEmpty(done)
    result()
    self.assertEqual(done, [1])


class NearTest(absltest.TestCase):
  def test_what_is_lacking_is_asked_for_and_nothing_else(self):
    sides = _Sides()
    traces = probes_lib.near(
      _recording("tf1", 0.2, budget=0),
      _recording("tf2", 0.3, budget=0),
      ["y"],
      sides.probes(),
    )
    self.assertEqual({r.side for r in sides.asked}, {"tf1", "tf2"})
    for request in sides.asked:
      self.assertEqual(request.trace_bytes, 0)
      self.assertNotEmpty(request.trace_keep)
    self.assertTrue(fetching.is_whole(traces.tf1))

  def test_whole_traces_need_nothing(self):
    sides = _Sides()
    probes_lib.near(
      _recording("tf1", 0.2, budget=None),
      _recording("tf2", 0.3, budget=None),
      ["y"],
      sides.probes(),
    )
    self.assertEmpty(sides.asked)

  def test_wide_values_come_from_running_again(self):
    sides = _Sides()
    narrow = fetching.Traces(_trace(0.2), _trace(0.3))
    wide = fetching.Traces(sides.replay(narrow.tf1), sides.replay(narrow.tf2))
    self.assertFalse(fetching.is_whole(wide.tf2))
    found = probes_lib.near_wide(wide, narrow, ["y"], sides.probes())
    value = found.tf2.tensors[found.tf2.ops[0].outputs[0]].value
    self.assertEqual(value.dtype, "float64")
    self.assertTrue(all(t.wanted for t in sides.replayed[2:]))

  def test_what_agrees_is_not_fetched_where_tensors_have_other_numbers(self):
    sides, before = _Sides(), ("Tanh", "Tanh", "Tanh")
    narrow = fetching.Traces(
      _trace(0.2, before=before), _trace(0.3, before=before, unused=4)
    )
    wide = fetching.Traces(sides.replay(narrow.tf1), sides.replay(narrow.tf2))
    found = probes_lib.near_wide(wide, narrow, ["y"], sides.probes())
    for trace in (found.tf1, found.tf2):
      first, *_, part, _ = (
        trace.tensors[op.outputs[0]].value for op in trace.ops
      )
      self.assertIsNone(first)
      self.assertEqual(part.dtype, "float64")


class RememberingTest(absltest.TestCase):
  def test_a_trace_is_run_again_once(self):
    sides, trace = _Sides(), _trace()
    probes = probes_lib.remembering(sides.probes(), (trace,))
    self.assertIs(probes.replay(trace), probes.replay(trace))
    self.assertLen(sides.replayed, 1)

  def test_what_was_run_again_serves_the_report_too(self):
    sides, trace = _Sides(), _trace()
    probes = probes_lib.remembering(sides.probes(), (trace,))
    wide = probes.replay(trace)
    self.assertIs(probes.replay_if_possible(trace), wide)

  def test_a_trial_is_run_each_time(self):
    sides, trace = _Sides(), _trace()
    probes = probes_lib.remembering(sides.probes(), (_trace(),))
    probes.replay(trace)
    probes.replay(trace)
    self.assertLen(sides.replayed, 2)


if __name__ == "__main__":
  absltest.main()
