"""Tests of parity.tf.side: what overlaps gives the same recordings."""

from __future__ import annotations

from unittest import mock

from absl.testing import absltest
import numpy as np
import tensorflow.compat.v1 as tf1

from parity import case as case_lib
from parity import errors
from parity.records import request as request_lib
from parity.tf import side as side_lib

_REQUESTS = tuple(
  request_lib.Request(side="tf1", mode="graph", **changes)
  for changes in (
    {"weights": "constant"},
    {},
    {"training": True},
    {"training": True, "random": "constant"},
  )
)


def _inputs(rng):
  return {"x": rng.normal(size=(4, 3)).astype(np.float32)}


def _forward(inputs, training):
  with tf1.variable_scope("net"):
    kernel = tf1.get_variable("kernel", [3, 5])
    net = tf1.matmul(inputs["x"], kernel)
    if training:
      net = tf1.nn.dropout(net, rate=0.4)
  return {"y": net}


def _side(forward):
  return side_lib.Side(
    case_lib.Case(inputs=_inputs, tf1=forward, name="net"), side="tf1"
  )


class ExpectTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    self.enter_context(mock.patch.object(side_lib, "_LARGE", 0))

  def test_graphs_built_beside_a_session_give_the_same(self):
    plain, told = _side(_forward), _side(_forward)
    told.expect(_REQUESTS)
    for request in _REQUESTS:
      left, right = plain.fulfil(request), told.fulfil(request)
      self.assertEqual(left.request, right.request)
      np.testing.assert_array_equal(
        left.outputs[0].value, right.outputs[0].value
      )
      self.assertEqual(
        [v.name for v in left.variables], [v.name for v in right.variables]
      )

  def test_the_next_graph_is_there_before_it_is_asked_for(self):
    modes = []

    def forward(inputs, training):
      modes.append(training)
      return _forward(inputs, training)

    told, untold = _side(forward), _side(forward)
    told.expect(_REQUESTS)
    told.fulfil(_REQUESTS[0])
    self.assertEqual(modes, [False, True])
    del modes[:]
    untold.fulfil(_REQUESTS[0])
    self.assertEqual(modes, [False])

  def test_what_is_prepared_is_constructed_once(self):
    built = []

    def forward(inputs, training):
      built.append(training)
      return _forward(inputs, training)

    side = _side(forward)
    side.prepare(_REQUESTS[0])
    self.assertLen(built, 1)
    side.fulfil(_REQUESTS[0])
    self.assertLen(built, 1)

  def test_what_cannot_be_prepared_fails_where_it_is_asked_for(self):
    def forward(inputs, training):
      raise NotImplementedError

    side = _side(forward)
    side.prepare(_REQUESTS[0])
    with self.assertRaises(errors.CaseCodeError):
      side.fulfil(_REQUESTS[0])

  def test_a_graph_that_cannot_be_built_fails_its_own_request_only(self):
    def forward(inputs, training):
      if training:
        raise ValueError("no such mode")
      return _forward(inputs, training)

    side = _side(forward)
    side.expect(_REQUESTS)
    self.assertLen(side.fulfil(_REQUESTS[0]).outputs, 1)
    self.assertLen(side.fulfil(_REQUESTS[1]).outputs, 1)
    with self.assertRaisesRegex(errors.CaseCodeError, "no such mode"):
      side.fulfil(_REQUESTS[2])


if __name__ == "__main__":
  absltest.main()
