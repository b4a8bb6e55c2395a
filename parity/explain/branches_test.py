"""Tests of parity.explain.branches."""

from __future__ import annotations

import dataclasses

from absl.testing import absltest

from parity import errors
from parity.explain import blame
from parity.explain import branches
from parity.records import trace as trace_lib
from testing import fake_traces
from testing import fakes


def _trace(mode, *, layer=None, draws=False, scope="net/layer", line=4):
  """A layer that is its input halved, and in training another function."""
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(6, 5))
  if mode == "training":
    net = made.op("Tanh", x, named=f"{scope}/train", line=line, layer=layer)
  elif mode == "inference":
    half = made.constant(0.5)
    net = made.op(
      "Mul", x, half, named=f"{scope}/infer", line=line, layer=layer
    )
  else:
    net = made.op("Exp", x, named=f"{scope}/other", line=line, layer=layer)
  if draws:
    gives = fake_traces.values(6, 5, seed=8)
    net = made.op("RandomUniform", net, gives=gives, line=4, layer=layer)
  return made.build(
    y=made.op("Square", net, named=f"{scope}_out/square", line=line + 1)
  )


def _explain(port, *, training=True, **flipped_at):
  ours = _trace("training" if training else "inference")
  flipped = _trace("inference" if training else "training", **flipped_at)
  (place, *_) = blame.first_places(ours, _trace(port), ["y"])
  return branches.explain(place, flipped, training=training)


class BranchTest(absltest.TestCase):
  def test_the_port_that_stays_in_inference_is_told(self):
    finding = _explain("inference")
    self.assertEqual(finding.cause, "training_flag")
    self.assertIn("In training the port runs the inference", finding.message)

  def test_the_port_that_always_trains_is_told(self):
    finding = _explain("training", training=False)
    self.assertIn("In inference the port runs the training", finding.message)

  def test_a_branch_on_another_line_is_known_by_its_scope(self):
    self.assertIsNotNone(_explain("inference", line=9))

  def test_a_branch_in_another_scope_is_known_by_its_line(self):
    self.assertIsNotNone(_explain("inference", scope="net/mode"))

  def test_an_op_of_another_line_and_scope_is_no_branch(self):
    self.assertIsNone(_explain("inference", line=9, scope="net/mode"))

  def test_another_function_is_no_branch(self):
    self.assertIsNone(_explain("other"))


class RefinedTest(absltest.TestCase):
  """The findings of a run in training, whose port stays in inference."""

  def _refined(self, cause="op_structure", *, flipped="inference", fails=None):
    self.asked = []

    def ask(request):
      self.asked.append(request)
      if fails is not None:
        raise fails
      return fakes.make_recording(trace=_trace(flipped))

    return branches.refined(
      [fakes.make_finding(cause)],
      fakes.make_request("tf1", training=True),
      lambda: blame.first_places(
        _trace("training"), _trace("inference"), ["y"]
      ),
      ask,
    )

  def test_the_flag_takes_the_place_of_what_it_causes(self):
    (finding,) = self._refined()
    self.assertEqual(finding.cause, "training_flag")

  def test_without_a_branch_the_finding_stays(self):
    (finding,) = self._refined(flipped="training")
    self.assertEqual(finding.cause, "op_structure")

  def test_only_what_stands_where_the_sides_part_is_asked_for(self):
    self._refined()
    (request,) = self.asked
    self.assertFalse(request.training)
    self.assertIn("net/layer", request.trace_places)

  def test_a_setting_of_an_op_is_no_branch(self):
    self._refined("op_attribute")
    self.assertEmpty(self.asked)

  def test_a_model_or_a_golden_without_the_other_mode_keeps_its_finding(self):
    for error in (errors.CaseCodeError("no"), errors.GoldenError("none")):
      (finding,) = self._refined(fails=error)
      self.assertEqual(finding.cause, "op_structure")


class RandomTest(absltest.TestCase):
  """A random op that one side lacks."""

  def _refined(self, *, tf1_draws, tf2_draws, layer=None, training=True):
    draw = fakes.make_random_op()
    request1 = fakes.make_request("tf1", training=training)
    request2 = fakes.make_request("tf2", training=training)

    def ask(request):
      trace: trace_lib.Trace = _trace("inference", layer=layer)
      flipped = request.side == "tf1" and request.training != training
      drew = tf1_draws if request.side == "tf1" else tf2_draws
      drew = drew or flipped
      return fakes.make_recording(
        request.side,
        request=request,
        random_ops=(draw,) if drew else (),
        trace=trace if request.trace else None,
      )

    finding = fakes.make_finding("random_op")
    return branches.refine_random(finding, request1, request2, ask)

  def test_a_dropout_that_drew_nothing_runs_the_wrong_branch(self):
    finding = self._refined(tf1_draws=True, tf2_draws=False, layer="Dropout")
    self.assertEqual(finding.cause, "training_flag")
    self.assertIn("Dropout layer at model.py:4", finding.message)

  def test_without_such_a_layer_the_op_is_missing(self):
    finding = self._refined(tf1_draws=True, tf2_draws=False, layer="Dense")
    self.assertEqual(finding.cause, "random_op")

  def test_a_draw_in_inference_that_tf1_has_in_training_is_the_flag(self):
    finding = self._refined(tf1_draws=False, tf2_draws=True, training=False)
    self.assertEqual(finding.cause, "training_flag")

  def test_equal_draws_are_left_as_they_are(self):
    finding = self._refined(tf1_draws=True, tf2_draws=True, layer="Dropout")
    self.assertEqual(finding, dataclasses.replace(finding, cause="random_op"))


if __name__ == "__main__":
  absltest.main()
