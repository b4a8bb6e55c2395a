"""Is each optimizer the TF1.x one, in every generation of Keras?

For a pair of a `tf.compat.v1.train` optimizer and its counterpart: with equal
settings the check passes, and with one setting wrong it fails by that setting.
The generations are those that the cell has: TF1.x's own class run eagerly,
`tf.keras.optimizers`, its `legacy` package (since Keras 2.11), and Keras 3.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from typing import Any, Callable, Dict, Iterator, Tuple

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

import parity
from parity import runner
from parity.records import options as options_lib
from parity.sides import worker

worker.prepare_environment("default")  # As a side's process does it, before:

import tensorflow.compat.v1 as tf  # noqa: E402

# The tf2 side needs TensorFlow 2.
CELLS_SINCE = "tf2.8"

_ONLY_OPTIMIZER = options_lib.Options(steps=("optimizer",), isolate=False)


def _inputs(rng):
  return {
    "x": rng.normal(size=(6, 4)).astype(np.float32),
    "word": np.array([0, 2, 2, 5, 0, 2], np.int32),
    "y": rng.normal(size=(6,)).astype(np.float32),
  }


def _tf1(inputs, training):
  del training
  with tf.variable_scope("net"):
    table = tf.get_variable("table", [7, 4])
    kernel = tf.get_variable("kernel", [4, 1])
  return _summed(tf, inputs, table, kernel)


def _summed(tf, inputs, table, kernel):
  """What both sides compute; the table's gradient is sparse, or dense."""
  if "dense" in inputs:
    rows = tf.matmul(tf.one_hot(inputs["word"], 7), table)
  else:
    rows = tf.nn.embedding_lookup(table, inputs["word"])
  return tf.squeeze(tf.matmul(inputs["x"] + rows, kernel), 1)


def _dense_inputs(rng):
  return {**_inputs(rng), "dense": np.zeros(1, np.float32)}


def _loss(outputs, inputs):
  return 10.0 * tf.reduce_mean(tf.square(outputs - inputs["y"]))


def _module_port():
  import tensorflow as tf2

  class Net(tf2.Module):
    """Plain variables: whatever generation trains them."""

    def __init__(self):
      super().__init__()
      initial = tf.glorot_uniform_initializer()
      self.table = tf2.Variable(initial([7, 4]), name="net/table")
      self.kernel = tf2.Variable(initial([4, 1]), name="net/kernel")

    def __call__(self, inputs, training=False):
      del training
      return _summed(tf2, inputs, self.table, self.kernel)

  return Net()


def _keras_3_port():
  import keras
  import tensorflow as tf2

  class Net(keras.layers.Layer):
    """Variables of Keras 3's own, which its optimizers need."""

    def __init__(self):
      super().__init__(name="net")
      self.table = self.add_weight(
        name="table", shape=[7, 4], initializer="glorot_uniform"
      )
      self.kernel = self.add_weight(
        name="kernel", shape=[4, 1], initializer="glorot_uniform"
      )

    def call(self, inputs, training=False):
      del training
      return _summed(tf2, inputs, self.table.value, self.kernel.value)

  return Net()


@dataclasses.dataclass(frozen=True)
class _Generation:
  """Where optimizers come from, and the port that they can train."""

  name: str
  module: Any
  port: Callable[[], Any]


def _generations() -> Iterator[_Generation]:
  import tensorflow as tf2

  keras = tf2.keras.optimizers
  yield _Generation("keras", keras, _module_port)
  legacy = getattr(keras, "legacy", None)
  if legacy is not None:
    yield _Generation("legacy", legacy, _module_port)
  with contextlib.suppress(ImportError):
    import keras as package

    if package.__version__.startswith("3."):
      yield _Generation("keras_3", package.optimizers, _keras_3_port)


class _Clipping:
  """Clips gradients before an update, as training loops of TF1.x do."""

  def apply_gradients(self, grads_and_vars, *args, **kwargs):
    slopes, variables = zip(*grads_and_vars)
    return super().apply_gradients(
      list(zip(self.clip(slopes), variables)), *args, **kwargs
    )


class _GlobalNorm(_Clipping, tf.train.GradientDescentOptimizer):
  def clip(self, slopes):
    return tf.clip_by_global_norm(slopes, 0.5)[0]


class _EachNorm(_Clipping, tf.train.GradientDescentOptimizer):
  def clip(self, slopes):
    return [tf.clip_by_norm(slope, 0.5) for slope in slopes]


class _Value(_Clipping, tf.train.GradientDescentOptimizer):
  def clip(self, slopes):
    return [
      tf.clip_by_value(tf.convert_to_tensor(slope), -0.2, 0.2)
      for slope in slopes
    ]


def _decaying():
  step = tf.train.get_or_create_global_step()
  return tf.train.GradientDescentOptimizer(
    tf.train.exponential_decay(0.1, step, 2, 0.5)
  )


@dataclasses.dataclass(frozen=True)
class _Pair:
  """A TF1.x optimizer, its counterpart's class, and what may go wrong.

  Attributes:
    tf1: makes the TF1.x optimizer.
    name: the counterpart's class.
    equal: settings that make it the same.
    wrong: one of them, wrong, and the setting that must be named.
    told: how the message tells it.
    is_dense: whether it is the same rule for dense gradients alone.
  """

  tf1: Callable[[], Any]
  name: str
  equal: Dict[str, Any]
  wrong: Dict[str, Any]
  told: str
  is_dense: bool = False


_PAIRS = {
  "descent": _Pair(
    functools.partial(tf.train.GradientDescentOptimizer, 0.1),
    "SGD",
    {"learning_rate": 0.1},
    {"learning_rate": 0.05},
    "learning_rate is 0.1 on tf1 and 0.05 in the port",
  ),
  "momentum": _Pair(
    functools.partial(tf.train.MomentumOptimizer, 0.1, 0.9),
    "SGD",
    {"learning_rate": 0.1, "momentum": 0.9},
    {"momentum": 0.8},
    "momentum is 0.9 on tf1 and 0.8 in the port",
  ),
  "nesterov": _Pair(
    functools.partial(tf.train.MomentumOptimizer, 0.1, 0.9, use_nesterov=True),
    "SGD",
    {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True},
    {"nesterov": False},
    "nesterov is True on tf1 and False in the port",
  ),
  "adam": _Pair(
    functools.partial(tf.train.AdamOptimizer, 0.01),
    "Adam",
    {"learning_rate": 0.01, "epsilon": 1e-8},
    {"beta_2": 0.99},
    "beta_2 is 0.999 on tf1 and 0.99 in the port",
    is_dense=True,
  ),
  "adagrad": _Pair(
    functools.partial(tf.train.AdagradOptimizer, 0.1),
    "Adagrad",
    {
      "learning_rate": 0.1,
      "initial_accumulator_value": 0.1,
      "epsilon": 1e-10,
    },
    {"initial_accumulator_value": 0.0},
    "initial_accumulator_value is 0.1 on tf1 and 0 in the port",
  ),
  "adadelta": _Pair(
    functools.partial(tf.train.AdadeltaOptimizer, 1.0, 0.95, 1e-6),
    "Adadelta",
    {"learning_rate": 1.0, "rho": 0.95, "epsilon": 1e-6},
    {"epsilon": 1e-3},
    "epsilon is 1e-06 on tf1 and 0.001 in the port",
  ),
  "ftrl": _Pair(
    functools.partial(
      tf.train.FtrlOptimizer, 0.1, l1_regularization_strength=0.01
    ),
    "Ftrl",
    {
      "learning_rate": 0.1,
      "initial_accumulator_value": 0.1,
      "l1_regularization_strength": 0.01,
    },
    {"l1_regularization_strength": 0.5},
    "l1_regularization_strength is 0.01 on tf1 and 0.5 in the port",
    is_dense=True,
  ),
}

# By how a TF1.x training loop clips: the counterpart's settings.
_CLIPS: Dict[str, Tuple[Callable[[], Any], Dict[str, Any]]] = {
  "global_clipnorm": (
    functools.partial(_GlobalNorm, 0.1),
    {"global_clipnorm": 0.5},
  ),
  "clipnorm": (functools.partial(_EachNorm, 0.1), {"clipnorm": 0.5}),
  "clipvalue": (functools.partial(_Value, 0.1), {"clipvalue": 0.2}),
}


def _has_legacy():
  """Whether Keras has rewritten its optimizers here."""
  import tensorflow as tf2

  return hasattr(tf2.keras.optimizers, "legacy")


def _told(result):
  """What a result says, for a test that did not expect it."""
  return f"{result.reason} {[f.message for f in result.findings]}"


class OptimizersTest(parameterized.TestCase):
  def _check(self, tf1_optimizer, generation, make, inputs=_inputs):
    case = parity.Case(
      inputs=inputs,
      tf1=_tf1,
      tf2=generation.port,
      loss=_loss,
      tf1_optimizer=tf1_optimizer,
      tf2_optimizer=lambda: make(generation.module),
      name="net",
    )
    report = runner.check(case, options=_ONLY_OPTIMIZER)
    return report.checks[0]

  def _pair(self, pair, generation, changes):
    def make(module):
      return getattr(module, pair.name)(**{**pair.equal, **changes})

    inputs = _dense_inputs if pair.is_dense else _inputs
    return self._check(pair.tf1, generation, make, inputs)

  @parameterized.parameters(*_PAIRS)
  def test_equal_settings_pass(self, name):
    pair = _PAIRS[name]
    for generation in _generations():
      with self.subTest(generation.name):
        found = self._pair(pair, generation, {})
        self.assertEqual(found.status, "pass", _told(found))

  @parameterized.parameters(*_PAIRS)
  def test_a_wrong_setting_fails_by_its_name(self, name):
    pair = _PAIRS[name]
    for generation in _generations():
      with self.subTest(generation.name):
        found = self._pair(pair, generation, pair.wrong)
        self.assertEqual(found.status, "fail", _told(found))
        self.assertEqual(
          [f.cause for f in found.findings],
          ["optimizer_hyperparameter"],
          _told(found),
        )
        self.assertIn(pair.told, found.findings[0].message)

  @parameterized.parameters(*_CLIPS)
  def test_clipping_passes_where_it_is_the_same_and_no_other(self, name):
    tf1_optimizer, settings = _CLIPS[name]
    for generation in _generations():
      with self.subTest(generation.name):
        # Clipped element by element, repeated rows would be their own.
        inputs = _dense_inputs if name == "clipvalue" else _inputs
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
        self.assertIn("overrides apply_gradients", found.findings[0].message)

  def test_the_wrong_way_of_clipping_is_named(self):
    for generation in _generations():
      with self.subTest(generation.name):
        found = self._check(
          functools.partial(_GlobalNorm, 0.1),
          generation,
          lambda m: m.SGD(0.1, clipnorm=0.5),
        )
        (finding,) = found.findings
        self.assertEqual(finding.cause, "optimizer_hyperparameter")
        self.assertIn("global_clipnorm=0.5", finding.message)

  def test_a_schedule_passes_and_one_that_is_ahead_is_named(self):
    for generation in _generations():
      with self.subTest(generation.name):
        import tensorflow as tf2

        schedules = getattr(
          generation.module, "schedules", tf2.keras.optimizers.schedules
        )

        def make(module, rate, schedules=schedules):
          return module.SGD(schedules.ExponentialDecay(rate, 2, 0.5))

        found = self._check(
          _decaying, generation, functools.partial(make, rate=0.1)
        )
        self.assertEqual(found.status, "pass", _told(found))
        ahead = functools.partial(make, rate=0.1 * 0.5**0.5)
        found = self._check(_decaying, generation, ahead)
        (finding,) = found.findings
        self.assertEqual(finding.cause, "optimizer_hyperparameter")
        self.assertIn("one step ahead", finding.message)

  def test_a_dense_update_of_sparse_gradients_is_another_rule(self):
    pair = dataclasses.replace(_PAIRS["ftrl"], is_dense=False)
    for generation in _generations():
      with self.subTest(generation.name):
        found = self._pair(pair, generation, {})
        if generation.name == "legacy" or not _has_legacy():
          self.assertEqual(found.status, "pass", _told(found))
          continue
        (finding,) = found.findings
        self.assertEqual(finding.cause, "optimizer_formula")
        self.assertIn("(a dense update), tf1 leaves them", finding.message)

  def test_repeated_rows_of_a_sparse_gradient_are_one_to_all_but_keras_3(self):
    # Keras 3 squares each repetition by itself; the others sum them first.
    pair = dataclasses.replace(_PAIRS["adam"], is_dense=False)
    for generation in _generations():
      with self.subTest(generation.name):
        found = self._pair(pair, generation, {})
        if generation.name != "keras_3":
          self.assertEqual(found.status, "pass", _told(found))
          continue
        (finding,) = found.findings
        self.assertEqual(finding.cause, "optimizer_formula")
        self.assertEqual(finding.where.variable, "net/table")

  def test_rms_that_starts_at_one_is_another_rule(self):
    for generation in _generations():
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

    generation = _Generation("compat", tf.train, _module_port)
    found = self._check(lambda: make(tf.train), generation, make)
    self.assertEqual(found.status, "pass", _told(found))

  def test_a_loss_scale_of_a_wrapper_changes_nothing(self):
    import tensorflow as tf2

    for generation in _generations():
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
    for generation in _generations():
      if not hasattr(generation.module, "AdamW"):
        continue
      with self.subTest(generation.name):
        tested += 1
        for decay, status in ((0.1, "pass"), (0.2, "fail")):
          found = self._check(
            lambda: DecayingAdam(0.01, 0.1),
            generation,
            lambda m, d=decay: m.AdamW(0.01, weight_decay=d, epsilon=1e-8),
            _dense_inputs,
          )
          self.assertEqual(found.status, status, _told(found))
        self.assertEqual(found.findings[0].cause, "optimizer_hyperparameter")
        self.assertIn("weight_decay is 0.1", found.findings[0].message)
    if not tested:
      self.skipTest("this cell has no AdamW")


if __name__ == "__main__":
  absltest.main()
