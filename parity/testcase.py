"""How does a test assert parity? `ParityTestCase`, on absltest and pytest.

    class MyModelTest(parity.ParityTestCase):
      def test_port_is_the_same_model(self):
        self.assertParity(my_model_parity.CASE)

`assertParity` runs every check that applies; the `assert_...` forms run one.
Both fail with the report's findings as their message, and give the Report back
where a test wants to look further. A case in hand is checked in this process;
a case file is checked in two processes, as the command line does.
"""

from __future__ import annotations

from typing import Any, Optional, Sequence, Union

from absl.testing import absltest

from parity import case as case_lib
from parity import runner
from parity.records import options as options_lib
from parity.records import report as report_lib

_Target = Union[case_lib.Case, str]


class ParityTestCase(absltest.TestCase):
  """Asserts that a case's port is the same model as its tf1 side."""

  def assertParity(  # noqa: N802 (absltest's own style)
    self,
    case: _Target,
    *,
    steps: Sequence[str] = (),
    strict: bool = False,
    timeout: Optional[float] = None,
  ) -> report_lib.Report:
    """Fails unless every check that applies passes.

    Args:
      case: a `parity.Case`, or a case file.
      steps: names of the checks to run; empty for all that apply.
      strict: `rounding` fails too.
      timeout: seconds that one run of a side may take.

    Returns:
      The report.
    """
    options = options_lib.Options(
      steps=tuple(steps), strict=strict, timeout=timeout
    )
    report = runner.check(case, options=options)
    if report.verdict != "pass":
      self.fail(failure_text(report))
    for step in steps:
      self._assert_ran(report, step)
    return report

  def _assert_ran(self, report: report_lib.Report, step: str) -> None:
    result = next(check for check in report.checks if check.name == step)
    if result.status == "skip":
      self.fail(f"{step} was asked for but does not apply: {result.reason}")

  def assert_variables_created_once(self, case: _Target) -> report_lib.Report:
    """Fails if a later call of the port creates a variable."""
    return self.assertParity(case, steps=["variables_created_once"])

  def assert_variables_match(self, case: _Target) -> report_lib.Report:
    """Fails if names, shapes, dtypes or trainable flags differ."""
    return self.assertParity(case, steps=["variables_match"])

  def assert_constant_weights_match(self, case: _Target) -> report_lib.Report:
    """Fails if outputs differ with every variable at 0.001."""
    return self.assertParity(case, steps=["constant_weights"])

  def assert_random_inference_matches(self, case: _Target) -> report_lib.Report:
    """Fails if outputs differ at aligned random weights, at inference."""
    return self.assertParity(case, steps=["random_inference"])

  def assert_random_training_matches(self, case: _Target) -> report_lib.Report:
    """Fails if outputs or updates differ in training."""
    return self.assertParity(case, steps=["random_training"])

  def assert_random_functional_matches(
    self, case: _Target
  ) -> report_lib.Report:
    """Fails if the port differs inside a Keras functional model."""
    return self.assertParity(case, steps=["random_functional"])


def failure_text(report: report_lib.Report) -> str:
  """A report that did not pass, as the message of a failing test."""
  lines = [f"{report.case}: {report.verdict.upper()}"]
  if report.error:
    lines.append(report.error)
  for check in report.checks:
    if check.status in ("fail", "error"):
      lines.append(
        f"{check.name}: {check.status} {check.reason or ''}".rstrip()
      )
    for finding in check.findings:
      lines.append(f"  {finding.cause}: {finding.message}")
      for side in ("tf1", "tf2"):
        source: Any = getattr(finding.where, side).source
        if source:
          lines.append(f"    {side}: {source}")
      if finding.hint:
        lines.append(f"    fix: {finding.hint}")
  return "\n".join(lines)
