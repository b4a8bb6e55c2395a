"""Are our numbers the guide's? Prints them side by side from a JSON report.

    parity check testing/models/inception_resnet_v2_parity.py --json OUT.json
    python -m testing.demo OUT.json

The guide is TensorFlow's "Validate correctness and numerical equivalence". It
prints a figure for each comparison of Inception-ResNet-v2; the report holds
the same figure of both sides. They agree where they are within 1e-6 of each
other, relatively. Where every weight is 0.001 a figure is a sum of equal
float32 numbers, whose rounding does not average out: it depends on how the
device and its threads cut the sum. There the limit is 1e-5. Seen on CPUs, over
releases and thread counts: 0.00299835 to 0.00299839 for a logit; for the losses
2.5e-6 below the exact sum, which the guide's device hits. So that sum is taken
again in float64 over the elements that the report counted, and held to 1e-6.

Ends with `PASS` and status 0 where the verdict, all six checks and all figures
are right, else with `FAIL`, what is not, and status 1.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import Any, Dict, List, Mapping, Optional, Sequence

CHECKS = (
  "variables_created_once",
  "variables_match",
  "constant_weights",
  "random_inference",
  "random_training",
  "random_functional",
)
_VARIABLES = 1114
_RELATIVE = 1e-6
_RELATIVE_OF_EQUAL = 1e-5


@dataclasses.dataclass(frozen=True)
class Figure:
  """One figure that the guide prints, of both sides.

  Attributes:
    part: where it stands in the guide, in a few words.
    check: the check that makes the same comparison.
    kind: kind of the comparison that holds it.
    name: its name; empty for whatever the kind holds.
    tf1, tf2: the guide's text.
    relative: how far ours may be from the guide's, relatively.
  """

  part: str
  check: str
  kind: str
  name: str
  tf1: str
  tf2: str
  relative: float = _RELATIVE


FIGURES = (
  Figure(
    "weights 0.001: first logit",
    "constant_weights",
    "output",
    "0",
    "0.00299837",
    "0.00299837",
    relative=_RELATIVE_OF_EQUAL,
  ),
  Figure(
    "weights 0.001: losses",
    "constant_weights",
    "loss",
    "",
    "0.001182976",
    "0.0011829757",
    relative=_RELATIVE_OF_EQUAL,
  ),
  Figure(
    "random weights, inference: losses",
    "random_inference",
    "loss",
    "",
    "1.2254326",
    "1.2254325",
  ),
  Figure(
    "random weights, training: losses",
    "random_training",
    "loss",
    "",
    "1.22548",
    "1.2254798",
  ),
  Figure(
    "functional model, training: losses",
    "random_functional",
    "loss",
    "",
    "1.2239965",
    "1.2239964",
  ),
)


@dataclasses.dataclass(frozen=True)
class Row:
  """One line of the table: the guide's text and our figure, a side each."""

  figure: Figure
  tf1: Optional[float]
  tf2: Optional[float]

  @property
  def is_agreed(self) -> bool:
    """Whether both sides' figures are the guide's."""
    figure = self.figure
    return all(
      ours is not None and abs(ours - theirs) <= figure.relative * theirs
      for ours, theirs in (
        (self.tf1, float(figure.tf1)),
        (self.tf2, float(figure.tf2)),
      )
    )

  def __str__(self) -> str:
    mark = "yes" if self.is_agreed else "NO"
    return (
      f"{self.figure.part:<36}{self.figure.tf1:>13}{_text(self.tf1):>14}"
      f"{self.figure.tf2:>15}{_text(self.tf2):>14}  {mark}"
    )


# What `slim.l2_regularizer` of the network's arg_scope penalises, and how much.
_PENALISED = ("/weights", "/biases")
_PENALTY = 0.00004
_WEIGHT = 0.0010000000474974513  # 0.001 in float32
_EXACT = Figure(
  "the same, summed in float64",
  "random_inference",
  "initial",
  "",
  "0.001182976",
  "0.0011829757",
)


def sum_exactly(report: Mapping[str, Any]) -> Optional[float]:
  """The losses at weights of 0.001, from the elements that were compared."""
  elements = sum(
    pair["elements"]
    for check in report["checks"]
    if check["name"] == _EXACT.check
    for pair in check["comparisons"]
    if pair["kind"] == _EXACT.kind and pair["name"].endswith(_PENALISED)
  )
  return _PENALTY * elements * _WEIGHT**2 / 2 if elements else None


def make_rows(report: Mapping[str, Any]) -> List[Row]:
  """The guide's figures with those of a report of schema parity.report/1."""
  checks = {check["name"]: check for check in report["checks"]}
  rows = [_row(figure, checks.get(figure.check, {})) for figure in FIGURES]
  exact = sum_exactly(report)
  return [*rows[:2], Row(_EXACT, exact, exact), *rows[2:]]


def count_variables(report: Mapping[str, Any]) -> int:
  """How many variables had their initial weights compared."""
  for check in report["checks"]:
    if check["name"] == "random_inference":
      pairs = check["comparisons"]
      return sum(1 for pair in pairs if pair["kind"] == "initial")
  return 0


def complaints(report: Mapping[str, Any]) -> List[str]:
  """What is not as the guide has it, one sentence each."""
  found: List[str] = []
  if report["verdict"] != "pass":
    found.append(f"The verdict is {report['verdict']}.")
  statuses: Dict[str, str] = {c["name"]: c["status"] for c in report["checks"]}
  for name in CHECKS:
    status = statuses.get(name, "not run")
    if status != "pass":
      found.append(f"Check {name}: {status}.")
  variables = count_variables(report)
  if variables != _VARIABLES:
    found.append(f"{variables} variables were compared, not {_VARIABLES}.")
  found.extend(
    f"The figure differs: {row.figure.part}."
    for row in make_rows(report)
    if not row.is_agreed
  )
  return found


def main(argv: Sequence[str]) -> int:
  """Prints the table for a report file; the exit status."""
  if len(argv) != 2:
    print("usage: python -m testing.demo REPORT.json", file=sys.stderr)
    return 2
  with open(argv[1], encoding="utf-8") as file:
    report = json.load(file)
  print("The guide's figures and ours")
  print(
    f"{'':<36}{'guide tf1':>13}{'ours tf1':>14}{'guide tf2':>15}"
    f"{'ours tf2':>14}  agree"
  )
  for row in make_rows(report):
    print(row)
  print(f"{'variables':<36}{_VARIABLES:>13}{count_variables(report):>14}")
  found = complaints(report)
  for complaint in found:
    print(complaint)
  print("FAIL" if found else "PASS")
  return 1 if found else 0


def _row(figure: Figure, check: Mapping[str, Any]) -> Row:
  """Finds a figure among a check's comparisons."""
  for pair in check.get("comparisons", ()):
    if pair["kind"] == figure.kind and figure.name in ("", pair["name"]):
      return Row(
        figure, _first(pair["reference_head"]), _first(pair["other_head"])
      )
  return Row(figure, None, None)


def _first(head: Sequence[object]) -> Optional[float]:
  """The first value shown, None where there is no finite one."""
  for value in head[:1]:
    if isinstance(value, (int, float)):
      return float(value)
  return None


def _text(value: Optional[float]) -> str:
  return "-" if value is None else f"{value:.8g}"


if __name__ == "__main__":
  sys.exit(main(sys.argv))
