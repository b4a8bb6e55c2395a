"""Does the port agree inside a Keras functional model? In training.

The random ops use one seed for all (`constant` mode), since building the model
calls the port once more than running it does. The tf1 side is the graph of
`random_training`, where what the graph optimiser makes of it is seen; here it
runs as it was built.
"""

from __future__ import annotations

from typing import Optional

from parity.checks import check
from parity.checks import forward
from parity.records import facts as facts_lib
from parity.records import report as report_lib
from parity.records import request as request_lib


def _skip(facts: facts_lib.CaseFacts) -> Optional[str]:
  if facts.functional is False:
    return "the case says functional=False"
  if facts.functional is None and facts.is_keras_layer is False:
    return "the port is no Keras layer, so it cannot be in a functional model"
  return None


def _plan(unused_facts: facts_lib.CaseFacts, seed: int) -> check.Plan:
  return check.Plan(
    tf1=request_lib.Request(
      side="tf1",
      mode="graph",
      training=True,
      random="constant",
      seed=seed,
      rewrites=False,
    ),
    tf2=request_lib.Request(
      side="tf2", mode="functional", training=True, random="constant", seed=seed
    ),
  )


def _judge(evidence: check.Evidence) -> report_lib.CheckResult:
  return forward.judge("random_functional", evidence)


CHECK = check.Check(
  name="random_functional", skip=_skip, plan=_plan, judge=_judge
)
