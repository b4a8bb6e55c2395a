"""Tests of testing.demo."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any, Dict, Tuple

from absl.testing import absltest

from testing import demo

_PENALISED = 59148784  # Elements of weights and biases of Inception-ResNet-v2.


def _report(**changes: float) -> Dict[str, Any]:
  """A report with the guide's own figures; `changes` replaces tf2's losses."""
  checks = [
    {"name": name, "status": "pass", "comparisons": []} for name in demo.CHECKS
  ]
  by_name: Dict[str, Any] = {check["name"]: check for check in checks}
  for figure in demo.FIGURES:
    tf2 = float(figure.tf2)
    if figure.kind == "loss":
      tf2 = changes.get(figure.check, tf2)
    by_name[figure.check]["comparisons"].append(
      {
        "kind": figure.kind,
        "name": figure.name or "losses",
        "reference_head": [float(figure.tf1)],
        "other_head": [tf2],
      }
    )
  by_name["random_inference"]["comparisons"] += [
    {"kind": "initial", "name": f"{n}/gamma", "elements": 1}
    for n in range(1113)
  ]
  by_name["random_inference"]["comparisons"].append(
    {"kind": "initial", "name": "all/weights", "elements": _PENALISED}
  )
  return {"schema": "parity.report/1", "verdict": "pass", "checks": checks}


class DemoTest(absltest.TestCase):
  def _main(self, report: Dict[str, Any]) -> Tuple[int, str]:
    file = self.create_tempfile("report.json", json.dumps(report))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
      status = demo.main(["demo", file.full_path])
    return status, printed.getvalue()

  def test_guides_own_figures_pass(self) -> None:
    status, printed = self._main(_report())
    self.assertEqual(status, 0)
    self.assertEqual(printed.splitlines()[-1], "PASS")
    self.assertIn("1.2254325", printed)

  def test_figure_within_a_millionth_passes(self) -> None:
    self.assertEmpty(demo.complaints(_report(random_training=1.2254808)))

  def test_figure_beyond_a_millionth_fails_by_name(self) -> None:
    status, printed = self._main(_report(random_training=1.2254823))
    self.assertEqual(status, 1)
    self.assertEqual(
      printed.splitlines()[-2:],
      ["The figure differs: random weights, training: losses.", "FAIL"],
    )

  def test_sums_of_equal_numbers_have_a_limit_too(self) -> None:
    self.assertEmpty(demo.complaints(_report(constant_weights=0.0011829731)))
    self.assertLen(demo.complaints(_report(constant_weights=0.00118299)), 1)

  def test_other_penalised_elements_fail_the_exact_sum(self) -> None:
    report = _report()
    report["checks"][3]["comparisons"][-1]["elements"] += 100
    self.assertEqual(
      demo.complaints(report),
      ["The figure differs: the same, summed in float64."],
    )

  def test_missing_comparison_is_not_taken_for_agreement(self) -> None:
    report = _report()
    report["checks"][3]["comparisons"] = []
    self.assertEqual(
      demo.complaints(report),
      [
        "0 variables were compared, not 1114.",
        "The figure differs: the same, summed in float64.",
        "The figure differs: random weights, inference: losses.",
      ],
    )

  def test_failed_and_missing_checks_are_named(self) -> None:
    report = _report()
    report["verdict"] = "fail"
    report["checks"][0]["status"] = "fail"
    del report["checks"][1]
    self.assertEqual(
      demo.complaints(report),
      [
        "The verdict is fail.",
        "Check variables_created_once: fail.",
        "Check variables_match: not run.",
      ],
    )


if __name__ == "__main__":
  absltest.main()
