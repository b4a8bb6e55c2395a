"""Tests of parity.explain.known_issues: met by evidence, never by names."""

from __future__ import annotations

import dataclasses

from absl.testing import absltest
from absl.testing import parameterized

from parity.explain import known_issues
from parity.records import report as report_lib
from parity.records import vocabulary
from testing import fakes


def _finding(cause, tf1=None, tf2=None, *, details=()):
  where = report_lib.Where(
    output="y",
    tf1=report_lib.Place(op="net/resize_lstm", op_type=tf1),
    tf2=report_lib.Place(op="net/resize_lstm", op_type=tf2),
  )
  return fakes.make_finding(cause, where=where, details=details)


def _issues(*args, **kwargs):
  return " ".join(known_issues.issues_of(_finding(*args, **kwargs)))


class KnownIssuesTest(parameterized.TestCase):
  @parameterized.named_parameters(
    (
      "resize",
      ("op_attribute", "ResizeBilinear", "ResizeBilinear"),
      ("half_pixel_centers: tf1 False, tf2 True",),
      "#44038",
    ),
    ("lstm", ("op_structure", "Minimum", "Sigmoid"), (), "#47495"),
    (
      "batch_norm",
      ("op_attribute", "FusedBatchNormV3", "FusedBatchNormV3"),
      ("epsilon: tf1 1e-05, tf2 0.001",),
      "#52882",
    ),
    ("updates", ("update_missing",), (), "#40249"),
    ("initial", ("initializer",), (), "tf-keras#71"),
    ("rewrite", ("graph_rewrite",), (), "#52045"),
    (
      "adam",
      ("optimizer_hyperparameter",),
      ("* epsilon       1e-08 1e-07", "  learning_rate 0.1 0.1"),
      "#35102",
    ),
    (
      "fused_rounding",
      ("rounding", "FusedBatchNormV3", "FusedBatchNormV3"),
      (),
      "#40224",
    ),
  )
  def test_a_finding_of_its_kind_meets_an_issue(self, kind, details, issue):
    self.assertIn(issue, _issues(*kind, details=details))

  @parameterized.named_parameters(
    (
      "resize_of_another_method",
      ("op_structure", "ResizeBilinear", "ResizeNearestNeighbor"),
      (),
    ),
    (
      "resize_of_another_size",
      ("op_attribute", "ResizeBilinear", "ResizeBilinear"),
      ("size: tf1 4, tf2 5",),
    ),
    (
      "adam_of_another_beta",
      ("optimizer_hyperparameter",),
      ("* beta_1 0.9 0.5", "  epsilon 1e-07 1e-07", "  learning_rate 1 1"),
    ),
    ("sigmoid_for_tanh", ("op_structure", "Sigmoid", "Tanh"), ()),
    (
      "batch_norm_of_another_layout",
      ("op_attribute", "FusedBatchNormV3", "FusedBatchNormV3"),
      ("data_format: tf1 NHWC, tf2 NCHW",),
    ),
    ("a_name_alone", ("op_structure", "Mul", "Mul"), ()),
    ("rounding_of_a_sum", ("rounding", "Sum", "Sum"), ()),
  )
  def test_its_likeness_is_silent(self, kind, details):
    self.assertEqual(_issues(*kind, details=details), "")

  def test_a_finding_carries_what_is_known(self):
    found = known_issues.with_issues(_finding("update_missing"))
    self.assertLen(found.issues, 1)
    plain = _finding("loss_scale")
    self.assertIs(known_issues.with_issues(plain), plain)

  def test_every_issue_is_an_address_and_a_sentence(self):
    for issue in known_issues.ISSUES:
      numbers, text, *_ = dataclasses.astuple(issue)
      self.assertRegex(numbers, r"^[\w.-]+#\d+(, ([\w.-]+)?#\d+)*$")
      self.assertGreater(len(text.split()), 3)

  def test_a_row_that_differs_names_its_setting(self):
    for row, names in (
      ("* epsilon 1e-08 1e-07", {"epsilon"}),
      ("* nesterov", {"nesterov"}),
      ("*", set()),
      ("  epsilon 1e-07 1e-07", set()),
    ):
      finding = _finding("optimizer_hyperparameter", details=(row,))
      self.assertEqual(known_issues.settings_of(finding), names)

  def test_causes_are_of_the_vocabulary(self):
    told = {cause for issue in known_issues.ISSUES for cause in issue.causes}
    self.assertContainsSubset(told, vocabulary.CAUSES)


if __name__ == "__main__":
  absltest.main()
