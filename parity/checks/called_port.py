"""Which run of the port serves the first three checks? Called, then constant.

The port is called twice at its initial values, then every variable is set to
0.001 and it is called a third time: creations are seen, the inventory is that
of a port called several times before (the guide's step 2), and the last call
gives the outputs of step 3.
"""

from __future__ import annotations

from parity.checks import check
from parity.records import facts as facts_lib
from parity.records import request as request_lib

CALLS = 3


def port_request(
  unused_facts: facts_lib.CaseFacts, seed: int
) -> request_lib.Request:
  """The tf2 side's Request."""
  return request_lib.Request(
    side="tf2", mode="eager", weights="constant", calls=CALLS, seed=seed
  )


def both_sides(facts: facts_lib.CaseFacts, seed: int) -> check.Plan:
  """The plan of a check that compares both sides at constant weights."""
  return check.Plan(
    tf2=port_request(facts, seed),
    tf1=request_lib.Request(
      side="tf1", mode="graph", weights="constant", seed=seed
    ),
  )
