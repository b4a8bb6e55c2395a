"""Tests of parity.tf.record.aside: what comes back is what was put there."""

from __future__ import annotations

import dataclasses
from unittest import mock

from absl.testing import absltest
import numpy as np
import tensorflow as tf

from parity import case as case_lib
from parity.tf import side as side_lib
from parity.tf.record import aside
from testing import fakes

_WIDE = 1 << 16


def _is_mapped(array):
  while array is not None and not isinstance(array, np.memmap):
    array = array.base
  return array is not None


class SetAsideTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    self.enter_context(mock.patch.object(aside, "LARGE", 3 * _WIDE))

  def _given(self, count):
    rng = np.random.RandomState(0)
    return {str(n): rng.bytes(_WIDE + n) for n in range(count)}

  def test_large_values_come_back_from_a_file(self):
    given = self._given(7)
    arrays = {k: np.frombuffer(v, np.uint8) for k, v in given.items()}
    found = aside.set_aside(arrays.items())
    self.assertEqual(list(found), list(given))
    for key, array in found.items():
      self.assertTrue(_is_mapped(array), key)
      self.assertEqual(array.tobytes(), given[key])
      self.assertFalse(array.flags.writeable)

  def test_small_ones_stay_what_they_are(self):
    few, many = np.arange(9), np.zeros(_WIDE)
    self.assertIs(aside.set_aside([("few", few)])["few"], few)
    found = aside.set_aside([("few", few), ("many", many)])
    self.assertIs(found["few"], few)
    self.assertTrue(_is_mapped(found["many"]))

  def test_dtypes_shapes_and_text_stay(self):
    given = {
      "text": np.array([b"a" * _WIDE, b""], object),
      "turned": np.arange(2.0 * _WIDE).reshape(-1, 2).T,
      "complex": np.full(_WIDE, 1 + 2j, np.complex64),
      "bfloat16": np.ones(_WIDE, tf.bfloat16.as_numpy_dtype),
      "other": np.arange(_WIDE, dtype=">i4"),
    }
    for key, array in aside.set_aside(given.items()).items():
      self.assertEqual(array.shape, given[key].shape, key)
      self.assertEqual(array.dtype.name, given[key].dtype.name, key)
      self.assertEqual(array.tolist(), given[key].tolist(), key)

  def test_one_value_that_stands_twice_is_written_once(self):
    value = np.arange(1.0 * _WIDE)
    records = (
      fakes.make_variable(str(n), value.shape, initial=value + n)
      for n in range(3)
    )
    found = aside.records_aside(
      (dataclasses.replace(r, final=r.initial) for r in records),
      "initial",
      "final",
    )
    for number, record in enumerate(found):
      self.assertTrue(_is_mapped(record.initial))
      self.assertIs(record.initial, record.final)
      np.testing.assert_array_equal(record.initial, value + number)

  def test_what_has_no_value_has_none_afterwards(self):
    records = [fakes.make_variable("a", initial=None)]
    found = aside.records_aside(records, "initial")
    self.assertEqual((found[0].name, found[0].initial), ("a", None))

  def test_portions_hold_every_number_once_in_order(self):
    found = aside.pieces([_WIDE, _WIDE, 3 * _WIDE, 9 * _WIDE, 0, 1])
    self.assertEqual(found, [[0, 1], [2], [3], [4, 5]])
    self.assertEmpty(aside.pieces([]))


def _inputs(rng):
  return {"x": rng.normal(size=(2, 128)).astype(np.float32)}


def _tf1(inputs, training):
  import tensorflow.compat.v1 as tf1

  net = inputs["x"]
  for place in range(4):
    kernel = tf1.get_variable(f"kernel_{place}", (128, 128))
    if place == 3:
      # Its initial value is another variable's.
      first = tf1.get_variable("first", initializer=kernel.initialized_value())
      net = net + first[0]
    net = tf1.tanh(tf1.matmul(net, kernel))
  mean = tf1.get_variable("mean", (128,), trainable=False)
  if training:
    update = tf1.assign(mean, tf1.reduce_mean(net, 0))
    tf1.add_to_collection(tf1.GraphKeys.UPDATE_OPS, update)
  return {"y": net}


def _tf2():
  class Port(tf.Module):
    def __init__(self):
      super().__init__()
      self.kernels = []

    def __call__(self, inputs, training=False):
      if not self.kernels:
        draw = tf.compat.v1.glorot_uniform_initializer()
        self.kernels = [
          tf.Variable(draw((128, 128), tf.float32), name=f"kernel_{place}")
          for place in range(4)
        ]
      net = inputs["x"]
      for kernel in self.kernels:
        net = tf.tanh(tf.matmul(net, kernel))
        if training:
          kernel.assign(kernel * 2.0)
      return {"y": net}

  return Port()


class RecordingTest(absltest.TestCase):
  """Recordings are the same whether values are large or not."""

  def _recordings(self, side, *requests):
    case = case_lib.Case(inputs=_inputs, tf1=_tf1, tf2=_tf2)
    made = side_lib.Side(case, side=side)
    return [made.fulfil(fakes.make_request(side, **r)) for r in requests]

  def _assert_same(self, side, *requests):
    plain = self._recordings(side, *requests)
    with mock.patch.object(aside, "LARGE", 100_000):
      large = self._recordings(side, *requests)
    for left, right in zip(plain, large):
      self.assertNotEmpty(left.variables)
      for one, other in zip(left.variables, right.variables):
        self.assertEqual(one.name, other.name)
        for field in ("initial", "final"):
          np.testing.assert_array_equal(
            getattr(one, field), getattr(other, field), one.name
          )
      np.testing.assert_array_equal(
        left.outputs[0].value, right.outputs[0].value
      )
    return large

  def test_of_a_graph(self):
    constant = {"weights": "constant"}
    found = self._assert_same(
      "tf1", constant, {}, {"training": True}, {"weights": "distinctive"}
    )
    self.assertTrue(_is_mapped(found[1].variables[0].initial))
    mean = found[2].variables[-1]
    self.assertEqual(mean.name, "mean")
    self.assertGreater(np.ptp(mean.final - mean.initial), 0)

  def test_of_a_port(self):
    if not tf.executing_eagerly():
      self.skipTest("A port needs TF2 behaviour (since 2.0).")
    self._assert_same("tf2", {}, {"training": True})


if __name__ == "__main__":
  absltest.main()
