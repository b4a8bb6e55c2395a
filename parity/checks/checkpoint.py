"""Do both sides agree once they have loaded the checkpoint? In inference.

The case's name-based TF1.x checkpoint goes into both sides, the port by
tf1-side names. First the coverage: what was not restored is said, and fails the
check where it belongs to the model. Then the outputs are compared, as at random
weights: trained weights reach what fresh ones do not, such as the bend of
relu6.
"""

from __future__ import annotations

import dataclasses
from typing import Optional, Tuple

from parity.checks import check
from parity.checks import coverage
from parity.checks import forward
from parity.records import facts as facts_lib
from parity.records import recording as recording_lib
from parity.records import report as report_lib
from parity.records import request as request_lib
from parity.records import wording


def _skip(facts: facts_lib.CaseFacts) -> Optional[str]:
  return None if facts.has_checkpoint else "the case has no `checkpoint`"


def _plan(unused_facts: facts_lib.CaseFacts, seed: int) -> check.Plan:
  return check.Plan(
    tf1=request_lib.Request(
      side="tf1", mode="graph", weights="checkpoint", seed=seed
    ),
    tf2=request_lib.Request(
      side="tf2", mode="eager", weights="checkpoint", seed=seed
    ),
  )


def _judge(evidence: check.Evidence) -> report_lib.CheckResult:
  found = coverage.cover(evidence.tf1, evidence.tf2)
  entries = _entries(evidence.tf1)
  if entries != _entries(evidence.tf2):
    return report_lib.CheckResult(
      name="checkpoint",
      status="error",
      reason=(
        "the sides read checkpoints with other entries; each imports the case"
        " file itself, so `checkpoint` must come out the same every time"
      ),
    )
  result = forward.judge("checkpoint", _without_initializers(evidence))
  unmapped = tuple(coverage.findings_of(evidence, found))
  # Outputs from weights that were not restored mean nothing.
  findings = unmapped or result.findings
  return dataclasses.replace(
    result,
    status="fail" if unmapped else result.status,
    reason=None if unmapped else result.reason,
    findings=findings,
    summary=(
      f"{wording.count(len(found.restored), 'variable')} restored,"
      f" {result.summary or 'outputs'}"
    ),
    notes=(*result.notes, *_notes(found)),
  )


def _entries(
  recording: recording_lib.Recording,
) -> Tuple[recording_lib.CheckpointEntry, ...]:
  assert recording.checkpoint is not None
  return recording.checkpoint.entries


def _notes(found: coverage.Coverage) -> Tuple[str, ...]:
  notes = []
  if found.unused:
    shown = ", ".join(found.unused[:4])
    shown += ", ..." if len(found.unused) > 4 else ""
    notes.append(
      f"{len(found.unused)} entries of the checkpoint were taken by neither"
      f" side: {shown}."
    )
  if found.bookkeeping:
    shown = ", ".join(found.bookkeeping[:2])
    shown += ", ..." if len(found.bookkeeping) > 2 else ""
    notes.append(
      f"{len(found.bookkeeping)} entries of the checkpoint are slots, averages"
      f" and counters of training, which need no partner ({shown})."
    )
  return tuple(notes)


def _without_initializers(evidence: check.Evidence) -> check.Evidence:
  """The evidence without the draws of initial values that were replaced."""
  return dataclasses.replace(
    evidence,
    recordings={
      request: dataclasses.replace(
        recording,
        random_ops=tuple(
          dataclasses.replace(op, index=index)
          for index, op in enumerate(
            op for op in recording.random_ops if op.variable is None
          )
        ),
      )
      for request, recording in evidence.recordings.items()
    },
  )


CHECK = check.Check(
  name="checkpoint",
  skip=_skip,
  plan=_plan,
  judge=_judge,
  on_request=True,
)
