"""Tests of loop_draws: each round's draw is seen, and nothing else changes."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np
import tensorflow.compat.v1 as tf1

from parity import case as case_lib
from parity.tf import side as side_lib
from testing import fakes

_ROUNDS = 4


def _inputs(rng):
  return {"x": rng.normal(size=(2, 3)).astype(np.float32)}


def _noisy_loop(inputs, *, count=1):
  """Adds noise to x in each round, and gives the sums of all rounds."""

  def body(place, x, seen):
    for _ in range(count):
      x = x + tf1.random.uniform([2, 3])
    return place + 1, x, seen.write(place, x)

  seen = tf1.TensorArray(tf1.float32, _ROUNDS)
  start = (tf1.constant(0), inputs["x"], seen)
  found = tf1.while_loop(lambda place, *_: place < _ROUNDS, body, start)
  return found[2].stack()


def _record(tf1_side, **request):
  side = side_lib.Side(case_lib.Case(inputs=_inputs, tf1=tf1_side), side="tf1")
  return side.fulfil(fakes.make_request("tf1", **request))


class LoopDrawsTest(absltest.TestCase):
  def test_what_each_round_drew_is_recorded_in_order(self) -> None:
    found = _record(lambda inputs, _: {"y": _noisy_loop(inputs)}, draws=True)
    self.assertLen(found.random_ops, _ROUNDS)
    drawn = np.stack([op.value for op in found.random_ops])
    sums = found.inputs["x"] + np.cumsum(drawn, axis=0)
    np.testing.assert_allclose(found.outputs[0].value, sums, rtol=1e-5)
    self.assertEqual([op.index for op in found.random_ops], [0, 1, 2, 3])

  def test_two_ops_take_turns(self) -> None:
    found = _record(
      lambda inputs, _: {"y": _noisy_loop(inputs, count=2)}, draws=True
    )
    names = [op.name for op in found.random_ops]
    self.assertLen(names, 2 * _ROUNDS)
    self.assertEqual(names, names[:2] * _ROUNDS)
    drawn = np.stack([op.value for op in found.random_ops])
    sums = found.inputs["x"] + np.cumsum(drawn, axis=0)[1::2]
    np.testing.assert_allclose(found.outputs[0].value, sums, rtol=1e-5)

  def test_the_streams_stay_as_they_are(self) -> None:
    # Which round gets which numbers changes from run to run of the plain graph.
    for mode in ("num_random_ops", "constant"):
      plain, told = (
        _record(
          lambda inputs, _: {"y": _noisy_loop(inputs)},
          draws=draws,
          random=mode,
        )
        for draws in (False, True)
      )
      np.testing.assert_allclose(
        plain.outputs[0].value[-1], told.outputs[0].value[-1], rtol=1e-5
      )

  def test_without_the_wish_there_is_one_record_that_names_the_loop(self):
    found = _record(lambda inputs, _: {"y": _noisy_loop(inputs)})
    self.assertLen(found.random_ops, 1)
    self.assertIsNone(found.random_ops[0].value)
    self.assertIn("while", found.random_ops[0].loop)

  def test_a_draw_of_some_rounds_stands_in_its_round(self) -> None:
    def in_odd_rounds(inputs, training):
      del training

      def body(place, x):
        x = x + tf1.random.uniform([2, 3])
        x = tf1.cond(
          tf1.equal(place % 2, 1),
          lambda: x + tf1.random.normal([2, 3]),
          lambda: x,
        )
        return place + 1, 0.5 * x

      start = (tf1.constant(0), inputs["x"])
      return {"y": tf1.while_loop(lambda i, _: i < _ROUNDS, body, start)[1]}

    found = _record(in_odd_rounds, draws=True)
    uniform, normal = "RandomUniform", "RandomStandardNormal"
    self.assertEqual(
      [op.op_type for op in found.random_ops],
      [uniform, uniform, normal, uniform, uniform, normal],
    )
    x = found.inputs["x"]
    drawn = [op.value for op in found.random_ops]
    for added in (drawn[0], drawn[1] + drawn[2], drawn[3], drawn[4] + drawn[5]):
      x = 0.5 * (x + added)
    np.testing.assert_allclose(found.outputs[0].value, x, rtol=1e-5)

  def test_a_loop_in_a_loop_comes_in_its_rounds(self) -> None:
    def nested(inputs, training):
      del training

      def inner(place, x):
        return place + 1, x + tf1.random.normal([2, 3])

      def outer(place, x):
        x = x + tf1.random.uniform([2, 3])
        x = tf1.while_loop(lambda i, _: i < 2, inner, (tf1.constant(0), x))[1]
        return place + 1, 0.5 * x

      start = (tf1.constant(0), inputs["x"])
      return {"y": tf1.while_loop(lambda i, _: i < 2, outer, start)[1]}

    found = _record(nested, draws=True)
    uniform, normal = "RandomUniform", "RandomStandardNormal"
    self.assertEqual(
      [op.op_type for op in found.random_ops], [uniform, normal, normal] * 2
    )
    drawn = [op.value for op in found.random_ops]
    x = 0.5 * (found.inputs["x"] + sum(drawn[:3]))
    x = 0.5 * (x + sum(drawn[3:]))
    np.testing.assert_allclose(found.outputs[0].value, x, rtol=1e-5)

  def test_two_loops_come_one_after_the_other(self) -> None:
    def both(inputs, training):
      del training
      one = _noisy_loop(inputs)
      return {"y": one[-1], "z": _noisy_loop(inputs, count=2)[-1]}

    found = _record(both, draws=True)
    drawn = [op.value for op in found.random_ops]
    x = found.inputs["x"]
    self.assertLen(drawn, 3 * _ROUNDS)
    for output, added in (("y", drawn[:_ROUNDS]), ("z", drawn[_ROUNDS:])):
      value = next(o.value for o in found.outputs if o.path == output)
      np.testing.assert_allclose(value, x + sum(added), rtol=1e-5)

  def test_initialisers_between_draws_do_not_part_their_rounds(self) -> None:
    def initialising(inputs, training):
      del training

      def body(place, x):
        x = x + tf1.random.uniform([2, 3])
        weight = tf1.get_variable(
          "weight", [2, 3], initializer=tf1.random_normal_initializer()
        )
        return place + 1, x + weight + tf1.random.normal([2, 3])

      start = (tf1.constant(0), inputs["x"])
      with tf1.variable_scope("net", reuse=tf1.AUTO_REUSE):
        return {"y": tf1.while_loop(lambda i, _: i < 2, body, start)[1]}

    found = _record(initialising, draws=True)
    uniform, normal = "RandomUniform", "RandomStandardNormal"
    types = [op.op_type for op in found.random_ops if op.variable is None]
    self.assertEqual(types, [uniform, normal] * 2)
    self.assertLen(found.random_ops, 5)

  def test_draws_around_a_loop_keep_their_places(self) -> None:
    def around(inputs, training):
      del training
      before = inputs["x"] + tf1.random.normal([2, 3])
      looped = _noisy_loop({"x": before})
      return {"y": looped[-1] + tf1.random.normal([2, 3])}

    found = _record(around, draws=True)
    types = [op.op_type for op in found.random_ops]
    looped = ["RandomUniform"] * _ROUNDS
    normal = ["RandomStandardNormal"]
    self.assertEqual(types, normal + looped + normal)
    sums = found.inputs["x"] + sum(op.value for op in found.random_ops)
    np.testing.assert_allclose(found.outputs[0].value, sums, rtol=1e-5)

  def test_gradients_through_the_loop_are_there(self) -> None:
    def scaled(inputs, training):
      del training
      scale = tf1.get_variable("scale", [], initializer=tf1.ones_initializer())
      return {"y": scale * _noisy_loop({"x": scale * inputs["x"]})[-1]}

    case = case_lib.Case(
      inputs=_inputs,
      tf1=scaled,
      loss=lambda outputs, _: tf1.reduce_sum(outputs["y"]),
    )
    side = side_lib.Side(case, side="tf1")
    found = side.fulfil(
      fakes.make_request("tf1", draws=True, gradients=True, training=True)
    )
    drawn = sum(op.value for op in found.random_ops)
    slope = np.sum(2 * found.inputs["x"] + drawn)
    np.testing.assert_allclose(found.gradients[0].value, slope, rtol=1e-5)

  def test_a_graph_without_loops_is_recorded_as_ever(self) -> None:
    found = _record(
      lambda inputs, _: {"y": inputs["x"] + tf1.random.normal([2, 3])},
      draws=True,
    )
    (op,) = found.random_ops
    self.assertIsNone(op.loop)
    np.testing.assert_allclose(
      found.outputs[0].value, found.inputs["x"] + op.value, rtol=1e-6
    )


if __name__ == "__main__":
  absltest.main()
