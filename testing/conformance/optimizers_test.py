"""Is each optimizer the TF1.x one, in every generation of Keras?

For a pair of a `tf.compat.v1.train` optimizer and its counterpart: with equal
settings the check passes, and with one setting wrong it fails by that setting.
The generations are those that the cell has: TF1.x's own class run eagerly,
`tf.keras.optimizers`, its `legacy` package (since Keras 2.11), and Keras 3.
"""

from __future__ import annotations

import functools

from absl.testing import absltest
from absl.testing import parameterized

import parity
from parity import runner
from parity.records import options as options_lib
from testing.models import optimizer_pairs as pairs

tf = pairs.tf

# The tf2 side needs TensorFlow 2.
CELLS_SINCE = "tf2.8"

_ONLY_OPTIMIZER = options_lib.Options(steps=("optimizer",), isolate=False)


def _has_legacy():
  """Whether Keras has rewritten its optimizers here."""
  import tensorflow as tf2

  return hasattr(tf2.keras.optimizers, "legacy")


def _told(result):
  """What a result says, for a test that did not expect it."""
  return f"{result.reason} {[f.message for f in result.findings]}"


class OptimizersTest(parameterized.TestCase):
  def _check(self, tf1_optimizer, generation, make, inputs=pairs.inputs):
    case = parity.Case(
      inputs=inputs,
      tf1=pairs.tf1,
      tf2=generation.port,
      loss=pairs.loss,
      tf1_optimizer=tf1_optimizer,
      tf2_optimizer=lambda: make(generation.module),
      name="net",
    )
    report = runner.check(case, options=_ONLY_OPTIMIZER)
    return report.checks[0]

  def _pair(self, pair, generation, changes, *, inputs=None):
    def make(module):
      return getattr(module, pair.name)(**{**pair.equal, **changes})

    if inputs is None:
      # Keras 3 has another rule for rows that a gradient repeats.
      is_dense = pair.is_dense or generation.name == "keras_3"
      inputs = pairs.dense_inputs if is_dense else pairs.inputs
    return self._check(pair.tf1, generation, make, inputs)

  @parameterized.parameters(*pairs.PAIRS)
  def test_equal_settings_pass(self, name):
    pair = pairs.PAIRS[name]
    for generation in pairs.generations():
      with self.subTest(generation.name):
        found = self._pair(pair, generation, {})
        self.assertEqual(found.status, "pass", _told(found))

  @parameterized.parameters(*pairs.PAIRS)
  def test_a_wrong_setting_fails_by_its_name(self, name):
    pair = pairs.PAIRS[name]
    for generation in pairs.generations():
      with self.subTest(generation.name):
        found = self._pair(pair, generation, pair.wrong)
        self.assertEqual(found.status, "fail", _told(found))
        self.assertEqual(
          [f.cause for f in found.findings],
          ["optimizer_hyperparameter"],
          _told(found),
        )
        self.assertIn(pair.told, found.findings[0].message)

  @parameterized.parameters(*pairs.CLIPS)
  def test_clipping_passes_where_it_is_the_same_and_no_other(self, name):
    tf1_optimizer, settings = pairs.CLIPS[name]
    for generation in pairs.generations():
      with self.subTest(generation.name):
        # Clipped element by element, repeated rows would be their own.
        inputs = pairs.dense_inputs if name == "clipvalue" else pairs.inputs
        found = self._check(
          tf1_optimizer, generation, lambda m: m.SGD(0.1, **settings), inputs
        )
        self.assertEqual(found.status, "pass", _told(found))
        found = self._check(tf1_optimizer, generation, lambda m: m.SGD(0.1))
        self.assertEqual(found.status, "fail", _told(found))
        self.assertIn(
          found.findings[0].cause,
          ("optimizer_hyperparameter", "optimizer_formula"),
        )
        self.assertRegex(
          found.findings[0].message, "('s|overrides) apply_gradients"
        )

  def test_the_wrong_way_of_clipping_is_named(self):
    for generation in pairs.generations():
      with self.subTest(generation.name):
        found = self._check(
          functools.partial(pairs.GlobalNorm, 0.1),
          generation,
          lambda m: m.SGD(0.1, clipnorm=0.5),
        )
        (finding,) = found.findings
        self.assertEqual(finding.cause, "optimizer_hyperparameter")
        self.assertIn("global_clipnorm=0.5", finding.message)

  def test_a_schedule_passes_and_one_that_is_ahead_is_named(self):
    for generation in pairs.generations():
      with self.subTest(generation.name):
        import tensorflow as tf2

        schedules = getattr(
          generation.module, "schedules", tf2.keras.optimizers.schedules
        )

        def make(module, rate, schedules=schedules):
          return module.SGD(schedules.ExponentialDecay(rate, 2, 0.5))

        found = self._check(
          pairs.decaying, generation, functools.partial(make, rate=0.1)
        )
        self.assertEqual(found.status, "pass", _told(found))
        ahead = functools.partial(make, rate=0.1 * 0.5**0.5)
        found = self._check(pairs.decaying, generation, ahead)
        (finding,) = found.findings
        self.assertEqual(finding.cause, "optimizer_hyperparameter")
        self.assertIn("one step ahead", finding.message)

  def test_a_dense_update_of_sparse_gradients_is_another_rule(self):
    pair = pairs.PAIRS["ftrl"]
    for generation in pairs.generations():
      with self.subTest(generation.name):
        found = self._pair(pair, generation, {}, inputs=pairs.inputs)
        if generation.name == "legacy" or not _has_legacy():
          self.assertEqual(found.status, "pass", _told(found))
          continue
        (finding,) = found.findings
        self.assertEqual(finding.cause, "optimizer_formula")
        self.assertIn("(a dense update), tf1 leaves them", finding.message)

  def test_repeated_rows_of_a_sparse_gradient_are_one_to_all_but_keras_3(self):
    # Keras 3 squares each repetition by itself; the others sum them first.
    pair = pairs.PAIRS["adam"]
    for generation in pairs.generations():
      with self.subTest(generation.name):
        found = self._pair(pair, generation, {}, inputs=pairs.inputs)
        if generation.name != "keras_3":
          self.assertEqual(found.status, "pass", _told(found))
          continue
        (finding,) = found.findings
        self.assertEqual(finding.cause, "optimizer_formula")
        self.assertEqual(finding.where.variable, "net/table")

  def test_rms_that_starts_at_one_is_another_rule(self):
    for generation in pairs.generations():
      with self.subTest(generation.name):
        found = self._check(
          functools.partial(tf.train.RMSPropOptimizer, 0.01),
          generation,
          lambda m: m.RMSprop(0.01, rho=0.9, epsilon=1e-10),
        )
        (finding,) = found.findings
        self.assertEqual(finding.cause, "optimizer_formula")
        self.assertIn("slot rms starts at 1 on tf1 and at 0", finding.message)

  @parameterized.parameters(
    ("GradientDescentOptimizer", {}),
    ("MomentumOptimizer", {"momentum": 0.9}),
    ("AdamOptimizer", {}),
    ("RMSPropOptimizer", {"momentum": 0.5, "centered": True}),
    ("AdagradOptimizer", {}),
    ("AdadeltaOptimizer", {}),
    ("FtrlOptimizer", {}),
  )
  def test_the_same_class_run_eagerly_passes(self, name, settings):
    def make(module):
      return getattr(module, name)(learning_rate=0.05, **settings)

    generation = pairs.Generation("compat", tf.train, pairs.module_port)
    found = self._check(lambda: make(tf.train), generation, make)
    self.assertEqual(found.status, "pass", _told(found))

  def test_a_loss_scale_of_a_wrapper_changes_nothing(self):
    import tensorflow as tf2

    for generation in pairs.generations():
      with self.subTest(generation.name):
        if generation.name == "keras_3":
          import keras

          wrapper = keras.mixed_precision.LossScaleOptimizer
        else:
          wrapper = tf2.keras.mixed_precision.LossScaleOptimizer

        def make(module, wrapper=wrapper):
          return wrapper(module.SGD(0.1, momentum=0.9))

        found = self._check(
          functools.partial(tf.train.MomentumOptimizer, 0.1, 0.9),
          generation,
          make,
        )
        self.assertEqual(found.status, "pass", _told(found))
        found = self._check(
          functools.partial(tf.train.MomentumOptimizer, 0.1, 0.5),
          generation,
          make,
        )
        self.assertEqual(found.status, "fail", _told(found))

  def test_decoupled_decay_passes_and_another_is_named(self):
    class DecayingAdam(tf.train.AdamOptimizer):
      """Decays the weights before the update, by the rate."""

      def __init__(self, rate, weight_decay):
        super().__init__(rate)
        self.weight_decay = weight_decay

      def apply_gradients(self, grads_and_vars, *args, **kwargs):
        decays = [
          tf.assign_sub(v, self._lr * self.weight_decay * v)
          for _, v in grads_and_vars
        ]
        with tf.control_dependencies(decays):
          return super().apply_gradients(grads_and_vars, *args, **kwargs)

    tested = 0
    for generation in pairs.generations():
      if not hasattr(generation.module, "AdamW"):
        continue
      with self.subTest(generation.name):
        tested += 1
        for decay, status in ((0.1, "pass"), (0.2, "fail")):
          found = self._check(
            lambda: DecayingAdam(0.01, 0.1),
            generation,
            lambda m, d=decay: m.AdamW(0.01, weight_decay=d, epsilon=1e-8),
            pairs.dense_inputs,
          )
          self.assertEqual(found.status, status, _told(found))
        self.assertEqual(found.findings[0].cause, "optimizer_hyperparameter")
        self.assertIn("weight_decay is 0.1", found.findings[0].message)
    if not tested:
      self.skipTest("this cell has no AdamW")


if __name__ == "__main__":
  absltest.main()
