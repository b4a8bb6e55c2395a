"""Tests of clipping that differs: what is told, proved, and left alone."""

from __future__ import annotations

import functools
from typing import Any

from absl.testing import absltest

from parity.checks.optimizers import probe
from testing import fake_training

Trainer = fake_training.Trainer


def _by(clip: Any, limit: float) -> Any:
  return lambda gradients, _: clip(gradients, limit)


_EACH = functools.partial(_by, fake_training.clip_each)
_TOGETHER = functools.partial(_by, fake_training.clip_together)
_ELEMENTS = functools.partial(_by, fake_training.clip_elements)


def _times(factor: float) -> Any:
  return lambda gradients, _: {n: g * factor for n, g in gradients.items()}


def _explain(tf1: Trainer, tf2: Trainer) -> Any:
  machine = fake_training.Machine(tf1, tf2)
  return probe.explain(machine.evidence, machine.probes).findings


class ClippingTest(absltest.TestCase):
  def test_a_global_norm_against_each_norm_is_a_setting(self) -> None:
    port = Trainer("tf2", settings={"clipnorm": 0.25})
    for tf1 in (
      Trainer("tf1", compute=_TOGETHER(0.25)),
      Trainer("tf1", apply=_TOGETHER(0.25)),
    ):
      (found,) = _explain(tf1, port)
      self.assertEqual(found.cause, "optimizer_hyperparameter")
      self.assertIn("global norm at 0.25", found.message)
      self.assertIn("its own norm at 0.25", found.message)
      self.assertIn(
        "With clipnorm=none, global_clipnorm=0.25 the", found.message
      )

  def test_clipping_that_the_port_lost_is_told(self) -> None:
    (found,) = _explain(Trainer("tf1", apply=_EACH(0.1)), Trainer("tf2"))
    self.assertEqual(found.cause, "optimizer_hyperparameter")
    self.assertIn("tf1 clips each gradient by its own norm at", found.message)
    self.assertIn("the port takes them as they are", found.message)

  def test_adam_tells_it_by_its_moment(self) -> None:
    (found,) = _explain(
      Trainer("tf1", rule="adam", apply=_TOGETHER(0.05)),
      Trainer("tf2", rule="adam"),
    )
    self.assertIn("global norm at 0.05", found.message)

  def test_where_an_update_does_not_tell_the_gradients_do(self) -> None:
    decay = {"weight_decay": 0.01}  # Hides what the rule was given.
    port = Trainer("tf2", settings={**decay, "clipnorm": 0.25})
    (found,) = _explain(
      Trainer("tf1", settings=decay, compute=_TOGETHER(0.25)), port
    )
    self.assertIn("global norm at 0.25", found.message)
    for found in _explain(
      Trainer("tf1", settings=decay, compute=_times(1.0)),
      Trainer("tf2", settings={**decay, "rate": 0.2}),
    ):
      self.assertNotIn("clip", found.message)

  def test_elements_against_a_norm_is_told(self) -> None:
    port = Trainer("tf2", settings={"clipnorm": 0.1})
    (found,) = _explain(Trainer("tf1", compute=_ELEMENTS(0.1)), port)
    self.assertIn("tf1 clips each element at 0.1", found.message)

  def test_clipping_of_the_ports_own_class_is_a_formula(self) -> None:
    (found,) = _explain(Trainer("tf1"), Trainer("tf2", apply=_EACH(0.1)))
    self.assertEqual(found.cause, "optimizer_formula")
    self.assertIn("the port clips each gradient", found.message)

  def test_a_setting_of_the_port_alone_is_put_out(self) -> None:
    port = Trainer("tf2", settings={"clipnorm": 0.1})
    (found,) = _explain(Trainer("tf1"), port)
    self.assertEqual(found.cause, "optimizer_hyperparameter")
    self.assertIn("clipnorm is none on tf1 and 0.1 in", found.message)

  def test_the_same_clipping_on_both_sides_is_silent(self) -> None:
    port = Trainer("tf2", settings={"global_clipnorm": 0.25, "rate": 0.2})
    (found,) = _explain(Trainer("tf1", apply=_TOGETHER(0.25)), port)
    self.assertIn("learning_rate is 0.1 on tf1", found.message)
    self.assertNotIn("clip", found.message.replace("global_clipnorm", ""))

  def test_gradients_that_are_all_scaled_are_not_clipped(self) -> None:
    for tf1 in (
      Trainer("tf1", compute=_times(0.37)),
      Trainer("tf1", apply=_times(0.37)),
    ):
      for found in _explain(tf1, Trainer("tf2")):
        self.assertNotIn("clip", found.message)

  def test_norms_of_other_sizes_are_no_factor_of_the_loss(self) -> None:
    (found,) = _explain(
      Trainer("tf1", compute=_times(0.37)), Trainer("tf2", apply=_TOGETHER(0.1))
    )
    self.assertEqual(found.cause, "optimizer_formula")
    self.assertIn("tf1 scales all gradients alike, to a", found.message)
    self.assertIn("the port clips all gradients together by", found.message)

  def test_two_factors_are_no_clipping(self) -> None:
    for found in _explain(
      Trainer("tf1", compute=_times(0.37)), Trainer("tf2", apply=_times(0.11))
    ):
      self.assertNotIn("clip", found.message)

  def test_another_rate_is_no_clipping(self) -> None:
    (found,) = _explain(Trainer("tf1"), Trainer("tf2", settings={"rate": 0.05}))
    self.assertIn("learning_rate", found.message)
    self.assertNotIn("clip", found.message)


if __name__ == "__main__":
  absltest.main()
