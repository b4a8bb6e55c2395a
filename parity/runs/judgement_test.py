"""Tests of judgement: a graph's loop draws in rounds, the port step by step."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity import case as case_lib
from parity import runner
from parity.records import options as options_lib
from parity.records import tolerance

CELLS_SINCE = "tf2.8"

_STEPS = 4


def inputs(rng):
  return {"x": rng.normal(size=(_STEPS, 2, 3)).astype(np.float32)}


def tf1(inputs, training):
  """Adds up what dropout leaves of each step."""
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    weight = tf.get_variable("weight", [3])

  def body(place, total):
    step = inputs["x"][place] * weight
    if training:
      step = tf.nn.dropout(step, rate=0.5)
    return place + 1, total + step

  start = (tf.constant(0), tf.zeros([2, 3]))
  return {"y": tf.while_loop(lambda i, _: i < _STEPS, body, start)[1]}


def make_port(rate=0.5, *, is_at_once=False, is_graph=False):
  """A port that goes step by step."""

  def tf2():
    import tensorflow as tf

    def dropped(x):
      return tf.nn.dropout(x, rate)

    class Net(tf.Module):
      def __init__(self):
        super().__init__(name="net")
        self.weight = None
        self.drop = dropped

      def __call__(self, inputs, training=False):
        if self.weight is None:
          init = tf.compat.v1.glorot_uniform_initializer()
          self.weight = tf.Variable(init([3]), name="net/weight")
          if is_graph:
            self.drop = tf.compat.v1.wrap_function(
              dropped, [tf.TensorSpec([2, 3])]
            )
        steps = inputs["x"] * self.weight
        if training and is_at_once:
          steps = dropped(steps)
        elif training:
          steps = [self.drop(step) for step in tf.unstack(steps)]
        return {"y": tf.add_n(tf.unstack(steps) if is_at_once else list(steps))}

    return Net()

  return tf2


def loss(outputs, inputs):
  import tensorflow as tf

  return tf.reduce_mean(tf.square(outputs["y"] - inputs["x"][0]))


def tf1_optimizer():
  import tensorflow.compat.v1 as tf

  return tf.train.GradientDescentOptimizer(0.1)


def tf2_optimizer():
  import tensorflow as tf

  return tf.keras.optimizers.SGD(0.1)


def _check(rate=0.5, *, name="random_training", **port):
  case = case_lib.Case(
    inputs=inputs,
    tf1=tf1,
    tf2=make_port(rate, **port),
    name="rounds",
    loss=loss,
    tf1_optimizer=tf1_optimizer,
    tf2_optimizer=tf2_optimizer,
    steps=[name],
  )
  report = runner.check(case, options=options_lib.Options(isolate=False))
  return next(c for c in report.checks if c.name == name)


class RoundsTest(absltest.TestCase):
  def test_a_port_that_draws_step_by_step_passes_and_says_how(self) -> None:
    result = _check()
    self.assertEqual(result.status, "pass", result)
    self.assertIn("draws in a loop of the tf1 graph", result.notes[0])
    self.assertIn("its 4 forward draw(s) replayed", result.notes[0])

  def test_gradients_through_the_rounds_pass(self) -> None:
    self.assertEqual(_check(name="gradients").status, "pass")

  def test_several_updates_make_no_failure(self) -> None:
    result = _check(name="optimizer")
    self.assertEqual(result.status, "error", result)
    self.assertIn("not for several updates", result.reason)

  def test_another_rate_fails(self) -> None:
    result = _check(rate=0.3)
    self.assertEqual(result.status, "fail")
    self.assertNotIn("random_op", [f.cause for f in result.findings])

  def test_one_draw_for_all_steps_is_another_random_op(self) -> None:
    result = _check(is_at_once=True)
    self.assertEqual([f.cause for f in result.findings], ["random_op"])

  def test_draws_that_cannot_be_given_make_no_failure(self) -> None:
    result = _check(0.3, is_graph=True)
    self.assertEqual(result.status, "error")
    self.assertIn("race for the numbers", result.reason)
    self.assertEmpty(result.findings)


def _penalised(inputs, training):
  """A sum that rounds beyond its tolerance, of a weight with a penalty."""
  import tensorflow.compat.v1 as tf

  del training
  with tf.variable_scope("net"):
    weight = tf.get_variable(
      "weight", [300], regularizer=lambda v: 0.01 * tf.nn.l2_loss(v)
    )
  return {"y": tf.reduce_sum(inputs["x"] * weight, axis=1)}


def _make_penalised(scale, factor):
  """A port that sums in another order, with its own penalty and factor."""

  def tf2():
    import tensorflow as tf

    class Net(tf.keras.layers.Layer):
      def __init__(self):
        super().__init__(name="net")
        self.weight = None

      def build(self, shape):
        del shape
        self.weight = self.add_weight(
          name="weight",
          shape=[300],
          initializer=tf.compat.v1.glorot_uniform_initializer(),
          regularizer=lambda v: scale * tf.nn.l2_loss(v),
        )

      def call(self, inputs, training=False):
        del training
        return {"y": tf.linalg.matvec(inputs["x"], self.weight) * factor}

    return Net()

  return tf2


class PenaltiesTest(absltest.TestCase):
  def _findings(self, scale, factor=1.0):
    case = case_lib.Case(
      inputs=lambda rng: {"x": rng.normal(size=(4, 300)).astype(np.float32)},
      tf1=_penalised,
      tf2=_make_penalised(scale, factor),
      name="penalties",
      tolerance={
        "*": tolerance.Tolerance(),
        "y": tolerance.Tolerance(0.0, 1e-9),
      },
      steps=["random_inference"],
    )
    report = runner.check(case, options=options_lib.Options(isolate=False))
    (result,) = report.checks
    return result.status, [finding.cause for finding in result.findings]

  def test_a_penalty_that_differs_is_not_hidden_by_rounding(self) -> None:
    self.assertEqual(
      self._findings(0.02), ("fail", ["regularization", "rounding"])
    )

  def test_rounding_alone_passes(self) -> None:
    self.assertEqual(self._findings(0.01), ("pass", ["rounding"]))

  def test_outputs_that_truly_differ_come_alone(self) -> None:
    status, causes = self._findings(0.02, factor=1.5)
    self.assertEqual(status, "fail")
    self.assertNotIn("regularization", causes)


if __name__ == "__main__":
  absltest.main()
