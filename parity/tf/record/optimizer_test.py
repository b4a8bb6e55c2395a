"""Tests of record.optimizer, record.slots and record.gradients, each class."""

from __future__ import annotations

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from parity.sides import worker

worker.prepare_environment("default")  # As a side's process does it, before:

import tensorflow.compat.v1 as tf  # noqa: E402

from parity import errors  # noqa: E402
from parity.tf.record import gradients  # noqa: E402
from parity.tf.record import optimizer as optimizer_lib  # noqa: E402
from parity.tf.record import slots  # noqa: E402

_IS_TF1 = tf.__version__.startswith("1.")

# By class: the slots of a variable, by any of their names.
_KERAS = {
  "SGD": {"momentum": {"momentum", "momentums"}},
  "Adam": {"m": {"m", "momentums"}, "v": {"v", "velocities"}},
  "RMSprop": {"rms": {"rms", "velocities"}},
  "Adagrad": {"accumulator": {"accumulator", "accumulators"}},
  "Adadelta": {"grad": {"accum_grad", "accumulated_grads"}},
  "Adamax": {"m": {"m"}, "v": {"v", "u"}},
  "Nadam": {"m": {"m", "momentums"}, "v": {"v", "velocities"}},
  "Ftrl": {"accumulator": {"accumulator", "accumulators"}},
}
_SETTINGS = {"SGD": {"momentum": 0.9}}


def _modules():
  import tensorflow as tf2

  yield "keras", tf2.keras.optimizers
  if hasattr(tf2.keras.optimizers, "legacy"):
    yield "legacy", tf2.keras.optimizers.legacy


class GraphSettingsTest(parameterized.TestCase):
  @parameterized.parameters(
    ("GradientDescentOptimizer", {}, {}),
    (
      "MomentumOptimizer",
      {"momentum": 0.9, "use_nesterov": True},
      {"momentum": 0.9, "nesterov": True},
    ),
    ("AdamOptimizer", {"epsilon": 0.5}, {"epsilon": 0.5, "beta_1": 0.9}),
    (
      "RMSPropOptimizer",
      {"decay": 0.7, "centered": True},
      {"rho": 0.7, "centered": True, "epsilon": 1e-10},
    ),
    ("AdagradOptimizer", {}, {"initial_accumulator_value": 0.1}),
    ("AdadeltaOptimizer", {"rho": 0.5}, {"rho": 0.5, "epsilon": 1e-8}),
    (
      "FtrlOptimizer",
      {"l1_regularization_strength": 0.25},
      {"l1_regularization_strength": 0.25, "learning_rate_power": -0.5},
    ),
  )
  def test_settings_go_by_common_names(self, name, settings, expected):
    with tf.Graph().as_default():
      made = getattr(tf.train, name)(learning_rate=0.125, **settings)
      found = optimizer_lib.GraphSettings(made).constants
    self.assertEqual(found["learning_rate"], 0.125)
    for key, value in expected.items():
      self.assertEqual(found[key], value, key)

  def test_a_decaying_rate_is_a_tensor_and_its_kind_is_told(self):
    with tf.Graph().as_default():
      step = tf.train.get_or_create_global_step()
      rate = tf.train.exponential_decay(0.1, step, 2, 0.5, staircase=True)
      found = optimizer_lib.GraphSettings(
        tf.train.GradientDescentOptimizer(rate)
      )
    self.assertEqual(list(found.fetches()), ["learning_rate"])
    self.assertEqual(found.constants["schedule"], "ExponentialDecay")
    self.assertTrue(found.constants["schedule.staircase"])

  def test_slots_of_a_graph_go_by_variable_and_name(self):
    with tf.Graph().as_default():
      with tf.variable_scope("net"):
        variable = tf.get_variable("w", [2, 3])
      made = tf.train.AdamOptimizer()
      pairs = made.compute_gradients(tf.reduce_sum(variable))
      before = set(tf.global_variables())
      made.apply_gradients(pairs)
      created = [v for v in tf.global_variables() if v not in before]
      found = slots.graph_slots(made, [variable], created)
    self.assertCountEqual(
      found, ["net/w/m", "net/w/v", "beta1_power", "beta2_power"]
    )

  def test_what_cannot_apply_gradients_is_refused(self):
    with self.assertRaisesRegex(errors.CaseError, "found int"):
      optimizer_lib.call_factory("tf1_optimizer", lambda: 3)

  def test_a_class_of_the_users_tells_what_it_overrides(self):
    class Own(tf.train.GradientDescentOptimizer):
      def apply_gradients(self, *args, **kwargs):
        return super().apply_gradients(*args, **kwargs)

    with tf.Graph().as_default():
      own = optimizer_lib.record_of(Own(0.1), {}, None)
      plain = optimizer_lib.record_of(
        tf.train.GradientDescentOptimizer(0.1), {}, None
      )
    self.assertEqual(own.settings["class"], "Own")
    self.assertEqual(own.settings["overrides"], "apply_gradients")
    self.assertEqual(own.class_name, plain.class_name)
    self.assertNotIn("overrides", plain.settings)


@absltest.skipIf(_IS_TF1, "TensorFlow 1.15 runs no port")
class KerasSettingsTest(parameterized.TestCase):
  @parameterized.parameters(*_KERAS)
  def test_settings_rate_and_slots_of_each_class_and_generation(self, name):
    import tensorflow as tf2

    for generation, module in _modules():
      with self.subTest(generation):
        made = getattr(module, name)(
          learning_rate=0.125, **_SETTINGS.get(name, {})
        )
        self.assertEqual(optimizer_lib.keras_rate(made), 0.125)
        found = optimizer_lib.keras_settings(made)
        self.assertNotIn("learning_rate", found)
        self.assertNotIn("name", found)
        variable = tf2.Variable([[1.0, 2.0]])
        made.apply_gradients([(tf2.constant([[1.0, 1.0]]), variable)])
        state = dict(
          slots.keras_slots(made, [variable], {id(variable): "net/w"})
        )
        own = {key.rpartition("/")[2] for key in state}
        for accepted in _KERAS[name].values():
          self.assertNotEmpty(own & accepted, own)
        for key, value in state.items():
          self.assertStartsWith(key, "net/w/")
          self.assertIn(value.shape, ((1, 2), ()))

  @parameterized.parameters(*_KERAS)
  def test_another_setting_makes_another_of_the_same_class(self, name):
    for generation, module in _modules():
      with self.subTest(generation):
        made = getattr(module, name)(
          learning_rate=0.125, **_SETTINGS.get(name, {})
        )
        found, rates = optimizer_lib.changed(made, {"learning_rate": 0.5})
        self.assertIs(type(found), type(made))
        self.assertEqual(optimizer_lib.keras_rate(found), 0.5)
        self.assertEqual(rates, [])
        _, rates = optimizer_lib.changed(made, {"learning_rate": [0.5, 0.25]})
        self.assertEqual(rates, [0.5, 0.25])

  def test_a_counter_that_starts_later_stays_unless_it_is_told(self):
    for generation, module in _modules():
      with self.subTest(generation):
        made = module.Adam(0.125)
        self.assertEqual(optimizer_lib.counter_of(made), {})
        made.iterations.assign(7)
        self.assertEqual(optimizer_lib.counter_of(made), {"iterations": 7})
        found, _ = optimizer_lib.changed(made, {"epsilon": 0.5})
        self.assertEqual(optimizer_lib.counter_of(found), {"iterations": 7})
        found, _ = optimizer_lib.changed(made, {"iterations": 0})
        self.assertEqual(optimizer_lib.counter_of(found), {})

  def test_a_schedule_is_told_with_its_settings_and_read_at_its_step(self):
    import tensorflow as tf2

    schedule = tf2.keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)
    for generation, module in _modules():
      with self.subTest(generation):
        made = module.SGD(schedule)
        found = optimizer_lib.keras_settings(made)
        self.assertEqual(found["schedule"], "ExponentialDecay")
        self.assertEqual(found["schedule.decay_steps"], 2)
        self.assertAlmostEqual(optimizer_lib.keras_rate(made), 0.1)

  def test_a_wrapper_tells_the_settings_of_what_it_wraps(self):
    import tensorflow as tf2

    inner = tf2.keras.optimizers.SGD(0.125, momentum=0.5)
    made = tf2.keras.mixed_precision.LossScaleOptimizer(inner)
    record = optimizer_lib.record_of(
      made, optimizer_lib.keras_settings(made), None
    )
    self.assertEqual(record.settings["momentum"], 0.5)
    self.assertEqual(record.settings["wrapper"], type(made).__name__)
    self.assertEndsWith(record.class_name, ".SGD")
    self.assertEqual(optimizer_lib.keras_rate(made), 0.125)
    self.assertEqual(optimizer_lib.loss_scale(inner), 1.0)


class GradientRecordTest(absltest.TestCase):
  def test_repeated_rows_are_summed(self):
    found = gradients.record_of(
      "net/table",
      [np.float32([[1, 2], [3, 4], [5, 6]]), np.array([2, 0, 2])],
      (4, 2),
    )
    self.assertTrue(found.sparse)
    np.testing.assert_array_equal(found.value, [[3, 4], [0, 0], [6, 8], [0, 0]])

  def test_a_dense_one_stays_and_none_is_none(self):
    found = gradients.record_of("w", [np.ones(2)], (2,))
    self.assertFalse(found.sparse)
    self.assertIsNone(gradients.record_of("w", None, (2,)).value)


if __name__ == "__main__":
  absltest.main()
