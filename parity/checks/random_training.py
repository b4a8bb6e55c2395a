"""Do both sides agree at random weights, in training? The guide's step 4.

Random ops are aligned by their number, so initial weights and dropout masks are
compared, and so are the variables after the update ops.
"""

from __future__ import annotations

from parity.checks import check
from parity.checks import forward
from parity.records import facts as facts_lib
from parity.records import report as report_lib
from parity.records import request as request_lib


def _plan(unused_facts: facts_lib.CaseFacts, seed: int) -> check.Plan:
  return check.Plan(
    tf1=request_lib.Request(side="tf1", mode="graph", training=True, seed=seed),
    tf2=request_lib.Request(side="tf2", mode="eager", training=True, seed=seed),
  )


def _judge(evidence: check.Evidence) -> report_lib.CheckResult:
  return forward.judge("random_training", evidence)


CHECK = check.Check(
  name="random_training", skip=check.always, plan=_plan, judge=_judge
)
