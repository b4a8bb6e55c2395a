"""Do the outputs agree when every variable is 0.001? The guide's step 3.

Its limit is known and said: equal weights cannot show a transposed kernel or
two swapped variables, and values shrink with depth until the absolute
tolerance alone passes them. Where that is so, a note says which outputs prove
nothing, and the random checks carry the proof.
"""

from __future__ import annotations

import dataclasses

from parity.checks import called_port
from parity.checks import check
from parity.checks import forward
from parity.records import report as report_lib


def _judge(evidence: check.Evidence) -> report_lib.CheckResult:
  result = forward.judge("constant_weights", evidence)
  trivial = forward.trivial_outputs(evidence, result)
  if not trivial:
    return result
  total = len(evidence.tf1.outputs)
  shown = ", ".join(trivial[:3]) + (", ..." if len(trivial) > 3 else "")
  note = (
    f"{len(trivial)} of {total} outputs are smaller than the tolerance itself"
    f" at weights of 0.001 ({shown}), so this check proves nothing for them;"
    " the random checks do."
  )
  return dataclasses.replace(result, notes=(note, *result.notes))


CHECK = check.Check(
  name="constant_weights",
  skip=check.always,
  plan=called_port.both_sides,
  judge=_judge,
)
