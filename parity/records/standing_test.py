"""Tests of parity.records.standing."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.records import standing
from testing import fake_traces


class StandingTest(absltest.TestCase):
  def test_what_text_and_integers_give_stands(self):
    made = fake_traces.TraceMaker()
    words = made.input("words", np.array([b"cat", b"dog"], object))
    hashed = made.op("StringToHashBucketFast", words, gives=np.array([3, 1]))
    summed = made.op("AddV2", hashed, made.constant(1))
    found = standing.standing(made.build(y=summed))
    self.assertContainsSubset({words, hashed, summed}, found)

  def test_what_is_computed_from_floats_does_not_stand(self):
    made = fake_traces.TraceMaker()
    x = made.input("x", fake_traces.values(3))
    place = made.op("ArgMax", x, gives=np.array(1))
    found = standing.standing(made.build(y=place))
    self.assertNoCommonElements({x, place}, found)

  def test_a_float_that_is_computed_from_integers_does_not_stand(self):
    made = fake_traces.TraceMaker()
    n = made.input("n", np.array([1, 3]))
    third = made.op("Reciprocal", n, gives=np.array([1, 1 / 3]))
    self.assertNotIn(third, standing.standing(made.build(y=third)))

  def test_what_a_table_gives_for_a_key_stands_in_any_dtype(self):
    made = fake_traces.TraceMaker()
    words = made.input("words", np.array([b"cat", b"dog"], object))
    weight = made.op(
      "LookupTableFindV2", words, made.constant(0.1), gives=np.array([0.3, 0.1])
    )
    self.assertIn(weight, standing.standing(made.build(y=weight)))

  def test_a_default_or_key_that_is_computed_from_floats_moves_it(self):
    made = fake_traces.TraceMaker()
    x = made.input("x", fake_traces.values(2))
    words = made.input("words", np.array([b"cat", b"dog"], object))
    moved = made.op(
      "LookupTableFindV2", words, made.op("Exp", x), gives=np.array([0.3, 0.1])
    )
    rounded = made.op("Round", x, gives=np.array([1, 2]))
    found = made.op(
      "LookupTableFindV2", rounded, made.constant(0), gives=np.array([4, 5])
    )
    self.assertNoCommonElements(
      {moved, found}, standing.standing(made.build(y=moved, z=found))
    )

  def test_what_was_not_seen_and_what_is_drawn_do_not_stand(self):
    made = fake_traces.TraceMaker()
    n = made.input("n", np.array([1, 3]))
    unseen = made.op("Identity", n, gives=None)
    drawn = made.op("RandomUniformInt", n, gives=np.array([1, 2]))
    self.assertNoCommonElements(
      {unseen, drawn}, standing.standing(made.build(y=unseen, z=drawn))
    )


if __name__ == "__main__":
  absltest.main()
