"""Tests of parity.runner and parity.runs.fulfilment; sides made of records.

They stand where workers, TensorFlow in this process, or goldens stand.
"""

from __future__ import annotations

import dataclasses
import errno
import threading

from absl.testing import absltest
from absl.testing import parameterized

from parity import errors
from parity import runner
from parity.records import options as options_lib
from parity.runs import fulfilment
from parity.sides import side as side_lib
from testing import fakes


class RecordedSide(side_lib.Side):
  """Answers each Request with an equal recording, or an error.

  Args:
    side: `tf1` or `tf2`.
    facts: of the case that it loads.
    fails: the error for a Request, None for those that succeed.
    is_here: as of a side in this process.
  """

  def __init__(self, side, *, facts=None, fails=None, is_here=True):
    self._side = side
    self._facts = facts or fakes.make_facts(is_keras_layer=True)
    self._fails = fails or (lambda _: None)
    self._is_here = is_here
    self.asked = []
    self.is_released = False

  @property
  def is_here(self):
    return self._is_here

  def load(self, target):
    del target
    return side_lib.Loaded(self._facts, fakes.make_identity(), ["loaded"])

  def fulfil(self, request):
    self.asked.append(request)
    error = self._fails(request)
    if error is not None:
      raise error
    return fakes.make_recording(
      self._side, request=request, notes=(f"ran {request.mode}",)
    )

  def replay(self, trace):
    raise AssertionError(f"nothing differs, yet asked for {trace}")

  def release(self):
    self.is_released = True

  def close(self):
    pass


def _sides(**changes):
  return fulfilment.Sides(
    RecordedSide("tf1", **changes), RecordedSide("tf2", **changes)
  )


def _check(sides, **options):
  return runner.check_one(
    sides, "net_parity.py", options=options_lib.Options(**options)
  )


class CheckOneTest(parameterized.TestCase):
  @parameterized.parameters(True, False)
  def test_sides_that_agree_pass_with_their_notes_once(self, is_here):
    sides = _sides(is_here=is_here)
    report = _check(sides)
    self.assertEqual((report.verdict, report.exit_status), ("pass", 0))
    self.assertEqual(
      set(report.notes), {"loaded", "ran graph", "ran eager", "ran functional"}
    )
    self.assertTrue(sides.tf1.is_released and sides.tf2.is_released)

  def test_equal_requests_are_fulfilled_once(self):
    sides = _sides()
    _check(sides, steps=("variables_match", "constant_weights"))
    self.assertLen(sides.tf1.asked, 1)
    self.assertLen(sides.tf2.asked, 1)

  def test_checks_stand_in_their_order_with_those_skipped(self):
    facts = fakes.make_facts(is_keras_layer=False)
    report = _check(_sides(facts=facts))
    statuses = {check.name: check.status for check in report.checks}
    self.assertEqual(statuses["random_functional"], "skip")
    self.assertEqual(report.verdict, "pass")
    self.assertEqual(next(iter(statuses)), "variables_created_once")

  def test_the_seed_of_the_options_replaces_the_cases(self):
    sides = _sides()
    _check(sides, seed=7, steps=("random_inference",))
    self.assertEqual([r.seed for r in sides.tf1.asked], [7])

  def test_a_check_that_does_not_apply_and_is_alone_is_refused(self):
    facts = fakes.make_facts(functional=False)
    with self.assertRaisesRegex(errors.UsageError, "No check .* functional=F"):
      _check(_sides(facts=facts), steps=("random_functional",))

  @parameterized.parameters("tf1", "tf2")
  def test_a_case_of_one_side_is_refused(self, side):
    facts = fakes.make_facts(**{f"has_{side}": False})
    with self.assertRaisesRegex(errors.CaseError, f"has no {side}"):
      _check(_sides(facts=facts))


class ErrorTest(parameterized.TestCase):
  @parameterized.parameters(
    (errors.CaseCodeError("tf1 raised"), 2),
    (errors.WorkerError("killed"), 3),
    (errors.EnvironmentProblem("no TensorFlow"), 3),
    (MemoryError("Unable to allocate 32 GiB"), 3),
    (OSError(errno.ENOSPC, "No space left on device", "x.json"), 3),
  )
  def test_a_failed_request_is_an_error_of_the_checks_that_need_it_alone(
    self, error, status
  ):
    sides = fulfilment.Sides(
      RecordedSide("tf1", fails=lambda r: error if r.training else None),
      RecordedSide("tf2"),
    )
    report = _check(sides)
    self.assertEqual((report.verdict, report.exit_status), ("error", status))
    for check in report.checks:
      in_training = check.name in ("random_training", "random_functional")
      self.assertEqual(check.status, "error" if in_training else "pass")
      if in_training:
        told = errors.of_shortage(error) or error
        self.assertEqual(check.reason, str(told))

  def test_another_error_of_the_system_is_a_bug_and_raised(self):
    sides = _sides(fails=lambda _: OSError(errno.EIO, "Input/output error"))
    with self.assertRaisesRegex(OSError, "Input/output"):
      _check(sides)

  def test_bad_input_on_one_side_and_a_lost_worker_on_the_other_is_3(self):
    sides = fulfilment.Sides(
      RecordedSide("tf1", fails=lambda _: errors.CaseCodeError("raised")),
      RecordedSide("tf2", fails=lambda _: errors.WorkerError("killed")),
    )
    self.assertEqual(_check(sides).exit_status, 3)


class VerdictTest(parameterized.TestCase):
  @parameterized.parameters(
    (("pass", "skip"), "pass"),
    (("pass", "fail", "error"), "fail"),
    (("pass", "error"), "error"),
    (("skip",), "error"),
    ((), "error"),
  )
  def test_is_the_worst_and_never_a_pass_without_a_check(
    self, statuses, verdict
  ):
    results = [fakes.make_check(status=status) for status in statuses]
    self.assertEqual(runner.verdict_of(results), verdict)


class FulfilmentTest(absltest.TestCase):
  def test_both_sides_work_at_once_where_they_are_processes(self):
    met = threading.Barrier(2, timeout=30)

    def meet(unused_request):
      met.wait()

    sides = _sides(fails=meet, is_here=False)
    requests = [fakes.make_request("tf1"), fakes.make_request("tf2")]
    answers = {}
    fulfilment.fulfil_all(sides, requests, case="net", take=answers.__setitem__)
    self.assertEqual(set(answers), set(requests))

  def test_whoever_watches_is_told_of_each_stage(self):
    seen = []
    request = fakes.make_request("tf1", training=True)
    fulfilment.fulfil_all(
      _sides(),
      [request, request],
      case="net",
      take=lambda *_: None,
      watch=seen.append,
    )
    stages = [(p.side, p.stage, p.done, p.total) for p in seen]
    self.assertEqual(
      stages,
      [
        ("tf1", "graph, random weights, training", 0, 1),
        ("tf1", "done", 1, 1),
        ("tf2", "done", 0, 0),
      ],
    )

  def test_work_is_begun_beside_what_is_asked_where_sides_are_processes(self):
    begun = threading.Event()

    def work():
      begun.set()
      return 3

    result = _sides(is_here=False).begin(work)
    self.assertTrue(begun.wait(10))
    self.assertEqual(result(), 3)

  def test_work_waits_until_it_is_asked_for_where_a_side_is_here(self):
    done = []
    result = _sides(is_here=True).begin(lambda: done.append(1))
    self.assertEmpty(done)
    result()
    self.assertEqual(done, [1])

  def test_what_begun_work_raises_is_raised_where_its_result_is_asked(self):
    def work():
      raise errors.WorkerError("it died")

    result = _sides(is_here=False).begin(work)
    with self.assertRaisesRegex(errors.WorkerError, "it died"):
      result()

  def test_asking_records_what_is_not_there_yet_and_raises_its_error(self):
    sides = _sides(fails=lambda r: errors.CaseError("no") if r.trace else None)
    answers = {}
    ask = fulfilment.asker(sides, answers)
    request = fakes.make_request("tf2")
    self.assertIs(ask(request), ask(request))
    self.assertLen(sides.tf2.asked, 1)
    with self.assertRaisesRegex(errors.CaseError, "^no$"):
      ask(dataclasses.replace(request, trace=True))


class FilesTest(absltest.TestCase):
  def test_the_only_case_raises_what_keeps_it_from_being_loaded(self):
    with self.assertRaisesRegex(errors.CaseError, "no case file"):
      runner.check_files(["/nowhere/net_parity.py"])

  def test_of_several_each_is_a_report(self):
    targets = ["/nowhere/a_parity.py", "/nowhere/b_parity.py:SMALL"]
    reports = runner.check_files(targets)
    self.assertEqual(
      [(r.case, r.verdict, r.exit_status) for r in reports],
      [("a_parity", "error", 2), ("b_parity:SMALL", "error", 2)],
    )

  def test_want_of_memory_or_room_is_a_report_too(self):
    for error in (MemoryError(), OSError(errno.ENOSPC, "No space left")):
      report = runner.failed_report("a.py", error)
      self.assertEqual((report.verdict, report.exit_status), ("error", 3))
      self.assertEqual(report.error, str(errors.of_shortage(error)))
    with self.assertRaisesRegex(OSError, "Input/output"):
      runner.failed_report("a.py", OSError(errno.EIO, "Input/output error"))

  def test_an_unknown_step_is_refused_before_anything_runs(self):
    options = options_lib.Options(steps=("gradient",))
    for check in (runner.check, lambda t, **o: runner.check_files([t], **o)):
      with self.assertRaisesRegex(errors.CaseError, "mean 'gradients'"):
        check("/nowhere/net_parity.py", options=options)


if __name__ == "__main__":
  absltest.main()
