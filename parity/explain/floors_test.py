"""Tests of floors: a difference within what an ulp makes, and one beyond it."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.explain import floors
from parity.records import recording as recording_lib
from testing import fakes

_BASE = np.float32([1.0, 2.0, 3.0])


def _ask(*, spread, gap):
  """A tf1 side that an ulp moves by `spread`, and a port `gap` away."""

  def ask(request):
    value = _BASE
    if request.side == "tf2":
      value = _BASE + np.float32(gap)
    elif request.perturb:
      value = _BASE + np.float32(spread) * (-1) ** request.perturb
    return fakes.make_recording(
      request.side,
      request=request,
      outputs=(fakes.make_output("logits", value),),
    )

  return ask


def _rounding(**settings):
  return floors.rounding(
    fakes.make_request("tf1"),
    fakes.make_request("tf2"),
    ["logits"],
    _ask(**settings),
  )


class FloorsTest(absltest.TestCase):
  def test_a_difference_within_the_floor_is_rounding_with_its_figures(self):
    finding = _rounding(spread=1e-3, gap=2e-3)
    self.assertEqual(finding.cause, "rounding")
    self.assertTrue(finding.is_note)
    self.assertEqual(finding.where.output, "logits")
    self.assertIn("differs by 0.002", finding.message)
    self.assertIn("moves it by 0.001", finding.message)

  def test_a_difference_beyond_it_is_none(self):
    self.assertIsNone(_rounding(spread=1e-3, gap=1e-2))

  def test_where_an_ulp_moves_nothing_nothing_is_rounding(self):
    self.assertIsNone(_rounding(spread=0.0, gap=1e-3))

  def test_a_gradient_is_named_by_its_variable_whatever_its_name(self):
    for name in ("net/w", "net/w:0"):

      def ask(request, name=name):
        moved = 1e-3 * (-1) ** (request.perturb or 0) if request.perturb else 0
        gap = 2e-3 if request.side == "tf2" else moved
        return fakes.make_recording(
          request.side,
          request=request,
          gradients=(
            recording_lib.GradientRecord(name, _BASE + np.float32(gap)),
          ),
        )

      finding = floors.rounding(
        fakes.make_request("tf1"),
        fakes.make_request("tf2"),
        [f"gradient:{name}"],
        ask,
      )
      self.assertEqual(finding.where.variable, name)
      self.assertIsNone(finding.where.output)

  def test_what_the_port_lacks_is_no_rounding(self):
    found = floors.rounding(
      fakes.make_request("tf1"),
      fakes.make_request("tf2"),
      ["logits", "other"],
      _ask(spread=1.0, gap=0.1),
    )
    self.assertIsNone(found)


if __name__ == "__main__":
  absltest.main()
