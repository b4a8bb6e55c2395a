"""Tests of parity.sides.golden_side: exact answers, roles, clear refusals."""

from __future__ import annotations

import dataclasses

from absl.testing import absltest

from parity import errors
from parity.checks import check as check_lib
from parity.checks import registry
from parity.records import facts as facts_lib
from parity.records import golden as golden_lib
from parity.records import trace as trace_lib
from parity.sides import golden_side
from testing import fakes


def make_side(*requests):
  recordings = [fakes.make_recording(request=request) for request in requests]
  golden = fakes.make_golden(*recordings)
  return golden_side.GoldenSide(golden_lib.Bundle("goldens/x", golden))


class GoldenSideTest(absltest.TestCase):
  def test_a_request_is_answered_by_its_very_recording(self):
    inference = fakes.make_request()
    training = fakes.make_request(training=True)
    side = make_side(inference, training)
    self.assertEqual(side.fulfil(training).request, training)
    self.assertEqual(side.fulfil(inference).request, inference)

  def test_a_recording_with_draws_answers_a_request_without(self):
    side = make_side(fakes.make_request(draws=True))
    self.assertTrue(side.fulfil(fakes.make_request()).request.draws)

  def test_a_recording_without_draws_answers_no_request_with_them(self):
    side = make_side(fakes.make_request())
    with self.assertRaises(errors.GoldenError):
      side.fulfil(fakes.make_request(draws=True))

  def test_what_it_does_not_hold_is_named_with_what_it_holds(self):
    side = make_side(fakes.make_request(), fakes.make_request(training=True))
    with self.assertRaises(errors.GoldenError) as caught:
      side.fulfil(fakes.make_request(training=True, seed=7))
    message = str(caught.exception)
    self.assertIn(
      "The golden goldens/x holds no recording of: tf1 graph", message
    )
    self.assertIn("differs in seed (7, not 42)", message)
    self.assertIn("It holds: tf1 graph, initial weights, inference", message)
    self.assertIn("--update", message)

  def test_it_tells_its_case_and_where_it_was_recorded(self):
    loaded = make_side(fakes.make_request()).load("ignored.py")
    self.assertEqual(loaded.facts.name, "my_model")
    self.assertEqual(loaded.identity, fakes.make_identity())

  def test_it_runs_nothing_again(self):
    with self.assertRaisesRegex(errors.GoldenError, "runs nothing"):
      make_side(fakes.make_request()).replay(trace_lib.Trace((), ()))


class RoleSideTest(absltest.TestCase):
  def test_a_side_answers_in_the_place_of_the_other(self):
    side = golden_side.RoleSide(
      make_side(fakes.make_request()), own="tf1", role="tf2"
    )
    wanted = dataclasses.replace(fakes.make_request(), side="tf2")
    self.assertEqual(side.fulfil(wanted).request, wanted)

  def test_it_has_the_side_for_which_it_stands_where_it_has_its_own(self):
    case = facts_lib.CaseFacts(name="x", has_tf1=True, has_tf2=False)
    golden = fakes.make_golden(case=case)
    own = golden_side.GoldenSide(golden_lib.Bundle("x", golden))
    side = golden_side.RoleSide(own, own="tf1", role="tf2")
    self.assertFalse(own.load("x").facts.has_tf2)
    self.assertTrue(side.load("x").facts.has_tf2)
    self.assertFalse(side.is_here)


class ChecksWithinTest(absltest.TestCase):
  def test_each_check_holds_a_side_against_itself(self):
    facts = facts_lib.CaseFacts(name="x")
    for side in ("tf1", "tf2"):
      judged = 0
      for check in golden_side.checks_within(side, registry.CHECKS):
        if check.skip(facts) is None:
          plan = check.plan(facts, 7)
          self.assertEqual(plan.tf1.side, "tf1")
          self.assertEqual(plan.tf2, dataclasses.replace(plan.tf1, side="tf2"))
          self.assertEqual(plan.tf1.seed, 7)
          judged += 1
      self.assertGreater(judged, 4)

  def test_a_check_that_needs_nothing_of_the_side_is_skipped(self):
    facts = facts_lib.CaseFacts(name="x")
    checks = golden_side.checks_within("tf1", registry.CHECKS)
    reasons = {check.name: check.skip(facts) for check in checks}
    self.assertIn("nothing of the tf1 side", reasons["variables_created_once"])
    self.assertIsNone(reasons["random_inference"])

  def test_judging_is_the_same(self):
    recording = fakes.make_recording()
    check = golden_side.checks_within("tf1", registry.CHECKS)[3]
    plan = check.plan(facts_lib.CaseFacts(name="x"), 42)
    found = check.judge(
      check_lib.Evidence(
        facts_lib.CaseFacts(name="x"),
        plan,
        {plan.tf1: recording, plan.tf2: recording},
      )
    )
    self.assertEqual((found.name, found.status), ("random_inference", "pass"))


if __name__ == "__main__":
  absltest.main()
