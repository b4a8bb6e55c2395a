"""Tests for parity.checks.optimizers.settings."""

from __future__ import annotations

from typing import Any, Dict

from absl.testing import absltest

from parity.checks.optimizers import settings
from parity.records import recording as recording_lib

_OWN = "tensorflow.python.training.optimizer.Optimizer"
_TF1 = "tensorflow.python.training.adagrad.AdagradOptimizer"
_TF2 = "keras.optimizers.Adagrad"


def _differing(
  class_name: str, tf1: Dict[str, Any], tf2: Dict[str, Any]
) -> Dict[str, settings.SettingPair]:
  pairs = settings.pair(
    recording_lib.OptimizerRecord(class_name, tf1),
    recording_lib.OptimizerRecord(_TF2, tf2),
  )
  return {each.name: each for each in settings.differing(pairs)}


class PairTest(absltest.TestCase):
  def test_what_a_rule_of_the_library_lacks_is_neutral(self) -> None:
    found = _differing(_TF1, {}, {"epsilon": 1e-3})
    self.assertEqual(found["epsilon"].tf1, 0.0)

  def test_neutral_values_do_not_differ(self) -> None:
    neutral = {"epsilon": 0.0, "clipnorm": None, "nesterov": False}
    self.assertEmpty(_differing(_TF1, {}, neutral))

  def test_what_keras_ftrl_has_besides_does_nothing_at_its_defaults(self):
    ftrl = "tensorflow.python.training.ftrl.FtrlOptimizer"
    idle = {
      "beta": 0.0,
      "l1_regularization_strength": 0.0,
      "l2_regularization_strength": 0.0,
      "l2_shrinkage_regularization_strength": 0.0,
      "learning_rate_power": -0.5,
    }
    self.assertEmpty(_differing(ftrl, {}, idle))
    for name in idle:
      self.assertEqual(list(_differing(ftrl, {}, {name: 0.25})), [name])

  def test_a_counter_that_starts_later_is_put_back(self) -> None:
    pairs = settings.pair(
      recording_lib.OptimizerRecord(_TF1, {}),
      recording_lib.OptimizerRecord(_TF2, {"iterations": 7}),
    )
    (variant,) = settings.variants(pairs)
    self.assertEqual(variant.settings, {"iterations": 0})
    self.assertEmpty(_differing(_TF1, {}, {"iterations": 0}))

  def test_a_switch_that_tf1_lacks_is_off(self) -> None:
    for name in ("amsgrad", "centered", "nesterov", "use_ema"):
      self.assertEmpty(_differing(_TF1, {}, {name: False}))
      self.assertEqual(list(_differing(_TF1, {}, {name: True})), [name])

  def test_what_the_users_own_rule_does_not_tell_is_not_known(self) -> None:
    told = {"epsilon": 1e-3, "beta_1": 0.9, "weight_decay": 0.1}
    self.assertEmpty(_differing(_OWN, {"class": "BertAdam"}, told))

  def test_what_the_users_own_rule_tells_is_compared(self) -> None:
    found = _differing(_OWN, {"beta_1": 0.5}, {"beta_1": 0.9})
    self.assertIn("beta_1", found)

  def test_a_setting_without_a_neutral_value_is_never_put_in(self) -> None:
    pairs = settings.pair(
      recording_lib.OptimizerRecord(_TF1, {"learning_rate": 0.1}),
      recording_lib.OptimizerRecord(
        _TF2, {"learning_rate": 0.2, "beta_1": 0.9}
      ),
    )
    put = [dict(each.settings) for each in settings.variants(pairs)]
    self.assertEqual(put, [{"learning_rate": 0.1}])

  def test_what_the_ports_rule_has_not_is_never_put_in(self) -> None:
    pairs = settings.pair(
      recording_lib.OptimizerRecord(
        _TF1, {"learning_rate": 0.1, "l1_regularization_strength": 0.2}
      ),
      recording_lib.OptimizerRecord(_TF2, {"learning_rate": 0.1}),
    )
    self.assertLen(settings.differing(pairs), 1)
    self.assertEmpty(settings.variants(pairs))


if __name__ == "__main__":
  absltest.main()
