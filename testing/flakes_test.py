"""Tests of testing.flakes: its short form, and that it sees what it must."""

from __future__ import annotations

import dataclasses
import os
import random

from absl.testing import absltest
import numpy as np

from parity.records import golden as golden_lib
from testing import fakes
from testing import flakes
from testing.bugs import expectations

# What the benchmark's ports need is met in the default cell.
CELLS_SINCE = "tf2.21"
CELLS_UNTIL = "tf2.21"


class RunsTest(absltest.TestCase):
  def test_right_ports_pass_under_load(self) -> None:
    cases = flakes.right_cases()
    self.assertGreaterEqual(len(cases), 8)
    with flakes.busy_cores():
      alarms = flakes.run_cases(cases[:4], runs=1, seed=1)
    self.assertEmpty(alarms)

  def test_a_port_that_is_wrong_is_an_alarm(self) -> None:
    (wrong,) = expectations.find(["a_keyword_norm"])
    self.assertEqual(wrong.verdict, "fail")
    alarms = flakes.alarms_of([wrong], {"TF_NUM_INTRAOP_THREADS": "3"})
    self.assertLen(alarms, 1)
    self.assertIn("a_keyword_norm: fail", alarms[0])

  def test_only_cases_that_must_pass_are_taken(self) -> None:
    self.assertEqual({c.verdict for c in flakes.right_cases()}, {"pass"})

  def test_thread_counts_differ_and_follow_the_seed(self) -> None:
    drawn = [flakes.drawn_threads(random.Random(s)) for s in (1, 1, 2)]
    self.assertEqual(drawn[0], drawn[1])
    self.assertNotEqual(drawn[0], drawn[2])


class EnvironmentTest(absltest.TestCase):
  def test_what_was_there_is_put_back(self) -> None:
    name = "PARITY_TEST_OF_FLAKES"
    with flakes.environment({name: "1"}):
      self.assertEqual(os.environ[name], "1")
      with flakes.environment({name: None}):
        self.assertNotIn(name, os.environ)
      self.assertEqual(os.environ[name], "1")
    self.assertNotIn(name, os.environ)


class DigestTest(absltest.TestCase):
  def test_a_model_recorded_twice_has_one_digest(self) -> None:
    (path,) = flakes.zoo(["dense_dropout"])
    self.assertEmpty(flakes.run_zoo([path], count=2))

  def test_one_bit_of_a_tensor_makes_another_digest(self) -> None:
    golden = fakes.make_golden()
    value = np.array([1.0, 2.0, 3.0], np.float32)
    moved = np.nextafter(value, np.float32(9))
    first, again, other = (
      flakes.digest_of(_with_output(golden, each))
      for each in (value, value.copy(), moved)
    )
    self.assertEqual(first, again)
    self.assertNotEqual(first, other)

  def test_seconds_make_no_other_digest(self) -> None:
    recording = fakes.make_recording()
    slower = dataclasses.replace(recording, seconds=9.0)
    self.assertEqual(
      flakes.digest_of(fakes.make_golden(recording)),
      flakes.digest_of(fakes.make_golden(slower)),
    )


def _with_output(golden: golden_lib.Golden, value: np.ndarray):
  recording = dataclasses.replace(
    golden.recordings[0], outputs=(fakes.make_output("y", value),)
  )
  return dataclasses.replace(golden, recordings=(recording,))


if __name__ == "__main__":
  absltest.main()
