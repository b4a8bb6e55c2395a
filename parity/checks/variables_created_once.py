"""Does the port create its variables once? Its second and third call tell.

Certain: a variable that appears in a later call was created there; its source
line is that of the user's own code. The fix in the hint is chosen by how the
variable came to be: tracked by the port and counted up (layers without names),
or not tracked at all (an explicit variable, or a layer built in `call`).
"""

from __future__ import annotations

from typing import Dict, List, Optional

from parity.checks import called_port
from parity.checks import check
from parity.records import facts as facts_lib
from parity.records import recording as recording_lib
from parity.records import report as report_lib
from parity.records import wording

_NAMED = (
  "Give each compat.v1.layers call a name, inside a named variable_scope: a"
  " name that TensorFlow counts up is another variable on each call."
)
_KEPT = (
  "Make variables and Keras layers once, in __init__ or build, and keep them as"
  " attributes; or make them with compat.v1.get_variable under"
  " track_tf1_style_variables, which returns the same variable on each call."
)


def _plan(facts: facts_lib.CaseFacts, seed: int) -> check.Plan:
  return check.Plan(tf2=called_port.port_request(facts, seed))


def _judge(evidence: check.Evidence) -> report_lib.CheckResult:
  variables = evidence.tf2.variables
  again = [v for v in variables if v.call > 1]
  by_source: Dict[Optional[str], List[recording_lib.VariableRecord]] = {}
  for variable in again:
    by_source.setdefault(variable.source, []).append(variable)
  findings = tuple(
    _finding(source, found) for source, found in by_source.items()
  )
  return report_lib.CheckResult(
    name="variables_created_once",
    status=check.status_of(findings),
    findings=findings,
    summary=f"{wording.count(len(variables) - len(again), 'variable')},"
    f" {len(again) or 'none'} created again",
  )


def _finding(
  source: Optional[str], variables: List[recording_lib.VariableRecord]
) -> report_lib.Finding:
  first = variables[0]
  names = sorted({v.name for v in variables})
  calls = sorted({v.call for v in variables})
  shown = ", ".join(repr(name) for name in names[:4])
  more = f" and {len(names) - 4} more" if len(names) > 4 else ""
  return report_lib.Finding(
    cause="variable_recreated",
    message=(
      f"Calls {calls[0]} to {calls[-1]} of the port created {shown}{more}"
      f" again, at {source or 'a line that is not known'}; every call then"
      " computes with fresh values."
    ),
    hint=_NAMED if first.tracked else _KEPT,
    where=report_lib.Where(
      variable=first.name, tf2=report_lib.Place(source=source)
    ),
    details=tuple(
      f"call {v.call}: {v.name} {list(v.shape)} {v.dtype} at {v.source}"
      for v in variables
    ),
  )


CHECK = check.Check(
  name="variables_created_once",
  skip=check.always,
  plan=_plan,
  judge=_judge,
)
