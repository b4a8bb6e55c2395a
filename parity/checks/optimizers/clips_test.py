"""Tests of ways of clipping, each with gradients that were not clipped so."""

from __future__ import annotations

import doctest

from absl.testing import absltest
import numpy as np

from parity.checks.optimizers import clips
from testing import fake_training

_RAW = {
  "kernel": np.random.RandomState(1).normal(size=(5, 4)).astype(np.float32),
  "bias": np.float32([0.02, -0.03, 0.01, 0.0]),
}


class ClipBetweenTest(absltest.TestCase):
  def test_examples_hold(self) -> None:
    self.assertEqual(doctest.testmod(clips).failed, 0)

  def test_each_way_is_told_with_its_limit(self) -> None:
    for kind, clip in (
      ("clipvalue", fake_training.clip_elements),
      ("clipnorm", fake_training.clip_each),
      ("global_clipnorm", fake_training.clip_together),
    ):
      found = clips.clip_between(_RAW, clip(_RAW, 0.25))
      self.assertEqual(found, clips.Clip(kind, 0.25))
      self.assertTrue(found.is_round)

  def test_a_gradient_of_zeros_tells_nothing_of_the_others(self) -> None:
    raw = {**_RAW, "idle": np.zeros(3, np.float32)}
    found = clips.clip_between(raw, fake_training.clip_each(raw, 0.25))
    self.assertEqual(found, clips.Clip("clipnorm", 0.25))

  def test_an_average_norm_is_told(self) -> None:
    both = {
      name: value * (0.001 * value.size / np.linalg.norm(value))
      for name, value in _RAW.items()
    }
    self.assertEqual(
      clips.clip_between(_RAW, both), clips.Clip("average", 0.001)
    )

  def test_what_is_handed_on_is_not_clipped(self) -> None:
    self.assertEqual(clips.clip_between(_RAW, _RAW), clips.Clip())

  def test_a_limit_that_nothing_reaches_is_not_seen(self) -> None:
    used = fake_training.clip_each(_RAW, 50.0)
    self.assertEqual(clips.clip_between(_RAW, used), clips.Clip())

  def test_larger_gradients_are_no_clipping(self) -> None:
    used = {name: 2 * value for name, value in _RAW.items()}
    self.assertIsNone(clips.clip_between(_RAW, used))

  def test_other_gradients_are_no_clipping(self) -> None:
    used = {**_RAW, "kernel": _RAW["kernel"][::-1]}
    self.assertIsNone(clips.clip_between(_RAW, used))

  def test_a_factor_on_some_is_no_clipping(self) -> None:
    used = {**_RAW, "bias": 0.5 * _RAW["bias"]}
    self.assertIsNone(clips.clip_between(_RAW, used))

  def test_gradients_that_are_no_numbers_tell_nothing(self) -> None:
    nans = {**_RAW, "bias": np.full(4, np.nan)}
    self.assertIsNone(clips.clip_between(nans, _RAW))

  def test_no_gradients_tell_nothing(self) -> None:
    self.assertIsNone(clips.clip_between({}, {}))

  def test_a_factor_on_one_and_other_values_in_another_are_no_clipping(self):
    used = {"kernel": 0.5 * _RAW["kernel"], "bias": _RAW["bias"][::-1]}
    self.assertIsNone(clips.clip_between(_RAW, used))

  def test_a_factor_on_all_has_no_round_limit(self) -> None:
    used = {name: 0.37 * value for name, value in _RAW.items()}
    found = clips.clip_between(_RAW, used)
    self.assertEqual(found.kind, "global_clipnorm")
    self.assertFalse(found.is_round)

  def test_alike_are_those_of_one_kind_and_limit(self) -> None:
    one = clips.Clip("clipnorm", 0.25)
    self.assertTrue(one.is_like(clips.Clip("clipnorm", 0.2501)))
    self.assertFalse(one.is_like(clips.Clip("clipnorm", 0.3)))
    self.assertFalse(one.is_like(clips.Clip("clipvalue", 0.25)))


if __name__ == "__main__":
  absltest.main()
