"""Tests of crossed names."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.checks import forward
from testing import fakes

_USER = np.array([1.0, 2.0, 3.0], np.float32)
_ITEM = np.array([4.0, 5.0, 6.0], np.float32)
_SCORES = np.array([7.0, 8.0], np.float32)


def _side(side, user, item, scores=_SCORES):
  variables = [
    fakes.make_variable(name, shape=value.shape, initial=value)
    for name, value in (("user/w", user), ("item/w", item))
  ]
  return fakes.make_recording(
    side,
    variables=tuple(variables),
    outputs=(fakes.make_output("scores", scores),),
  )


def _causes(user, item, scores=_SCORES, tf1=(_USER, _ITEM)):
  evidence = fakes.make_evidence(
    _side("tf1", *tf1), _side("tf2", user, item, scores)
  )
  return [f.cause for f in forward.judge("x", evidence).findings]


class CrossedTest(absltest.TestCase):
  def test_crossed_names_are_told(self):
    self.assertEqual(_causes(_ITEM, _USER), ["variable_renamed"])

  def test_where_the_outputs_differ_it_is_another_matter(self):
    self.assertNotIn("variable_renamed", _causes(_ITEM, _USER, _SCORES + 1))

  def test_an_output_that_shows_nothing_of_the_weights_tells_nothing(self):
    zeros = np.zeros(2, np.float32)
    evidence = fakes.make_evidence(
      _side("tf1", _USER, _ITEM, zeros), _side("tf2", _ITEM, _USER, zeros)
    )
    (finding,) = forward.judge("x", evidence).findings
    self.assertEqual(finding.cause, "initializer")

  def test_other_values_are_the_initialisers(self):
    self.assertEqual(_causes(_ITEM, _USER * 2), ["initializer"])
    self.assertEqual(_causes(_ITEM, _ITEM), ["initializer"])

  def test_values_that_could_be_anybodys_tell_nothing(self):
    ones, twos = np.ones(3, np.float32), np.full(3, 2.0, np.float32)
    self.assertEqual(_causes(twos, ones, tf1=(ones, twos)), ["initializer"])

  def test_names_in_their_place_are_silent(self):
    self.assertEmpty(_causes(_USER, _ITEM))


if __name__ == "__main__":
  absltest.main()
