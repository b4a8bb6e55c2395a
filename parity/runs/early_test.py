"""Tests of early: what is judged while the sides go on, and by whom."""

from __future__ import annotations

import threading
import types

from absl.testing import absltest

from parity.checks import check as check_lib
from parity.records import report as report_lib
from parity.runs import early
from parity.runs import fulfilment
from parity.runs import judgement
from testing import fakes

_FIRST = fakes.make_request("tf2")
_SECOND = fakes.make_request("tf2", training=True)


def _run(*, is_here):
  return judgement.Run(
    sides=types.SimpleNamespace(is_here=is_here),
    facts=fakes.make_facts(),
    plans={
      "first": check_lib.Plan(tf2=_FIRST),
      "also_first": check_lib.Plan(tf2=_FIRST),
      "second": check_lib.Plan(tf2=_SECOND),
    },
    answers={},
  )


def _checks(run, judge):
  return [
    check_lib.Check(
      name,
      skip=check_lib.always,
      plan=lambda *_, plan=plan: plan,
      judge=lambda _, name=name: judge(name),
    )
    for name, plan in run.plans.items()
  ]


def _answer(request):
  recording = fakes.make_recording("tf2", request=request)
  return fulfilment.Answer(recording=recording, seconds=2.0)


class EarlyJudgementTest(absltest.TestCase):
  def test_a_check_is_judged_while_a_process_still_records(self):
    was_judged = threading.Event()

    def judge(name):
      was_judged.set()
      return report_lib.CheckResult(name=name, status="pass")

    run = _run(is_here=False)
    checks = _checks(run, judge)
    judged = early.EarlyJudgement(run, checks)
    judged.take(_FIRST, _answer(_FIRST))
    self.assertTrue(was_judged.wait(10))
    judged.take(_SECOND, _answer(_SECOND))
    results = [judged.result_of(check) for check in checks]
    self.assertEqual([r.name for r in results], list(run.plans))
    self.assertGreater(results[0].seconds, 2.0)
    self.assertLess(results[1].seconds, 2.0)  # The first has them.

  def test_nobody_waits_for_a_comparison_that_a_process_does_not_need(self):
    may_end = threading.Event()
    ended = []

    def judge(name):
      ended.append(may_end.wait(10))
      return report_lib.CheckResult(name=name, status="pass")

    run = _run(is_here=False)
    checks = _checks(run, judge)
    judged = early.EarlyJudgement(run, checks)
    judged.take(_FIRST, _answer(_FIRST))
    may_end.set()
    judged.result_of(checks[1])
    self.assertEqual(ended, [True, True])

  def test_a_side_in_this_process_waits_until_the_check_is_judged(self):
    threads = []

    def judge(name):
      threads.append((name, threading.current_thread()))
      return report_lib.CheckResult(name=name, status="pass")

    run = _run(is_here=True)
    judged = early.EarlyJudgement(run, _checks(run, judge))
    judged.take(_FIRST, _answer(_FIRST))
    here = threading.current_thread()
    self.assertEqual(threads, [("first", here), ("also_first", here)])

  def test_ctrl_c_in_a_comparison_in_this_process_is_not_kept_for_later(self):
    def judge(unused_name):
      raise KeyboardInterrupt

    run = _run(is_here=True)
    judged = early.EarlyJudgement(run, _checks(run, judge))
    with self.assertRaises(KeyboardInterrupt):
      judged.take(_FIRST, _answer(_FIRST))

  def test_what_judging_raises_is_raised_where_the_result_is_asked(self):
    def judge(name):
      if name == "first":
        raise MemoryError("no room")
      return report_lib.CheckResult(name=name, status="pass")

    run = _run(is_here=False)
    checks = _checks(run, judge)
    judged = early.EarlyJudgement(run, checks)
    judged.take(_FIRST, _answer(_FIRST))
    with self.assertRaisesRegex(MemoryError, "no room"):
      judged.result_of(checks[0])
    self.assertEqual(judged.result_of(checks[1]).status, "pass")


if __name__ == "__main__":
  absltest.main()
