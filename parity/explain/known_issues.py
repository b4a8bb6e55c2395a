"""Is this publicly known? Issues of TensorFlow and its kin, by evidence.

An issue is told where a finding's cause, the types of its ops and the settings
that differ are those of the issue; names of models, files, layers or scopes say
nothing. To add one, add a row to `ISSUES`, with a test that a finding of its
kind meets it and one of its likeness does not.
"""

from __future__ import annotations

import dataclasses
from typing import FrozenSet, Iterable, Tuple

from parity.records import report as report_lib

_MOST = 2


@dataclasses.dataclass(frozen=True)
class Issue:
  """What is known, and the evidence that it is about a finding.

  Attributes:
    where: repositories and numbers, such as `tensorflow#44038`.
    what: in a few words.
    causes: the finding has one of them.
    op_types: an op of the finding has a type that begins so; empty for any.
    other_types: the other side's op has a type that begins so; empty for any.
    settings: one of them is said to differ; empty for any.
  """

  where: str
  what: str
  causes: Tuple[str, ...]
  op_types: Tuple[str, ...] = ()
  other_types: Tuple[str, ...] = ()
  settings: Tuple[str, ...] = ()

  @property
  def text(self) -> str:
    """Both in one line."""
    return f"{self.where}: {self.what}"


_BOUNDED = ("ClipByValue", "Maximum", "Minimum", "Relu6")

ISSUES: Tuple[Issue, ...] = (
  Issue(
    "tensorflow#44038, #33691",
    "pixel centres of image resizing moved between 1.13 and 2.x",
    ("op_attribute",),
    op_types=("Resize",),
    settings=("align_corners", "half_pixel_centers"),
  ),
  Issue(
    "tensorflow#47495",
    "the LSTM's recurrent activation was hard_sigmoid, and is sigmoid",
    ("op_structure", "constant"),
    op_types=("Sigmoid",),
    other_types=_BOUNDED,
  ),
  Issue(
    "tensorflow#52882, keras#15571",
    "batch norm by formula and by layer differ by their epsilon",
    ("op_attribute", "constant"),
    op_types=("FusedBatchNorm",),
    settings=("epsilon",),
  ),
  Issue(
    "tensorflow#40249, #11965",
    "moving averages stay as they were where UPDATE_OPS are not run",
    ("update_missing",),
  ),
  Issue(
    "tf-keras#71, keras#15586",
    "one seed gives other initial values in v1, v2 and Keras 2.7 and later",
    ("initializer",),
  ),
  Issue(
    "tensorflow#34176",
    "an op more or less moves the streams of the random ops behind it",
    ("random_order",),
  ),
  Issue(
    "tensorflow#52045, #47548",
    "constant folding loses an epsilon; graph and eager then differ",
    ("graph_rewrite",),
  ),
  Issue(
    "tensorflow#29329",
    "trainable_variables holds what tf1 had not trained",
    ("variable_trainable",),
  ),
  Issue(
    "tensorflow#24079",
    "layers are not shared as variable scopes shared them",
    ("variable_recreated",),
  ),
  Issue(
    "models#7412",
    "a name-based checkpoint matches only some of the port's names",
    ("checkpoint_unmapped",),
  ),
  Issue(
    "tensorflow#35102, tf-keras#315",
    "Adam's epsilon stands at another place, and has another default",
    ("optimizer_hyperparameter", "optimizer_formula"),
    settings=("epsilon",),
  ),
  Issue(
    "tensorflow#37229",
    "Adagrad's accumulator starts at 0.0 by name, at 0.1 by class",
    ("optimizer_hyperparameter",),
    settings=("initial_accumulator_value",),
  ),
  Issue(
    "tensorflow#32950",
    "Keras's optimizers have other default learning rates than tf1's",
    ("optimizer_hyperparameter",),
    settings=("learning_rate",),
  ),
  Issue(
    "tensorflow#40224",
    "fused batch norm rounds otherwise than the formula",
    ("rounding",),
    op_types=("FusedBatchNorm",),
  ),
)


def issues_of(finding: report_lib.Finding) -> Tuple[str, ...]:
  """What is known of a finding's kind, at most two lines."""
  return tuple(issue.text for issue in ISSUES if _meets(issue, finding))[:_MOST]


def with_issues(finding: report_lib.Finding) -> report_lib.Finding:
  """The finding with what is known of its kind."""
  found = issues_of(finding)
  return dataclasses.replace(finding, issues=found) if found else finding


def _meets(issue: Issue, finding: report_lib.Finding) -> bool:
  if finding.cause not in issue.causes:
    return False
  types = (finding.where.tf1.op_type or "", finding.where.tf2.op_type or "")
  if issue.other_types:
    return any(
      one.startswith(issue.op_types) and two.startswith(issue.other_types)
      for one, two in (types, types[::-1])
    )
  if issue.op_types and not any(t.startswith(issue.op_types) for t in types):
    return False
  told = settings_of(finding)
  return not issue.settings or any(name in told for name in issue.settings)


def settings_of(finding: report_lib.Finding) -> FrozenSet[str]:
  """The settings that a finding says to differ.

  Details about a setting begin with its name and a colon, or, as rows of a
  table of settings, with a `*` and its name.

  >>> finding = report_lib.Finding(
  ...   "op_attribute", "...", details=("epsilon: tf1 1e-05, tf2 0.001",)
  ... )
  >>> sorted(settings_of(finding))
  ['epsilon']
  """
  return frozenset(_names(finding.details))


def _names(details: Iterable[str]) -> Iterable[str]:
  for line in details:
    name, colon, _ = line.partition(":")
    words = line.split()
    if colon and name.isidentifier():
      yield name
    elif words[:1] == ["*"] and len(words) > 1:
      yield words[1]
