"""Who does the work that a command asks for?

A command gets its pipeline as a value, so that a test can give it another one.
The default is `parity.runner`, imported when it is first asked for anything;
for the doctor a probe that needs nothing that may be missing.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Callable, Optional, Sequence, Tuple

from parity.records import doctor as doctor_lib
from parity.records import options as options_lib

if TYPE_CHECKING:
  from parity.records import audit as audit_lib
  from parity.records import checkpoint as checkpoint_lib
  from parity.records import facts as facts_lib
  from parity.records import golden as golden_lib
  from parity.records import matrix as matrix_lib
  from parity.records import report as report_lib


def _check_files(
  targets: Sequence[str],
  *,
  options: options_lib.Options,
  watch: Optional[options_lib.Watcher],
) -> Tuple[report_lib.Report, ...]:
  from parity import runner

  return runner.check_files(targets, options=options, watch=watch)


def _describe(
  targets: Sequence[str], *, options: options_lib.Options
) -> Tuple[facts_lib.CaseFacts, ...]:
  from parity import runner

  return runner.describe(targets, options=options)


def _explain_environment(
  *, options: options_lib.Options
) -> Tuple[doctor_lib.DoctorLine, ...]:
  from parity.cli import environment

  return environment.examine(options=options)


def _record(target: str, **settings: Any) -> golden_lib.Bundle:
  from parity import recorder

  return recorder.record(target, **settings)


def _verify(target: str, golden: str, **settings: Any) -> report_lib.Report:
  from parity import verifier

  return verifier.verify(target, golden, **settings)


def _diff(reference: str, other: str, **settings: Any) -> report_lib.Report:
  from parity import verifier

  return verifier.diff(reference, other, **settings)


def _run_matrix(targets: Sequence[str], **settings: Any) -> matrix_lib.Matrix:
  from parity.matrix import matrix

  return matrix.run(targets, **settings)


def _read_golden(path: str) -> golden_lib.Bundle:
  from parity.golden import bundle

  return bundle.read_golden(path)


def _read_checkpoint(path: str, **settings: Any) -> checkpoint_lib.Listing:
  from parity import checkpoints

  return checkpoints.read(path, **settings)


def _map_checkpoint(
  path: str, target: str, **settings: Any
) -> checkpoint_lib.Mapping:
  from parity import checkpoints

  return checkpoints.propose(path, target, **settings)


def _audit(target: str, **settings: Any) -> audit_lib.Audit:
  from parity.audit import auditor

  return auditor.audit(target, **settings)


@dataclasses.dataclass(frozen=True)
class Services:
  """The pipeline's entry points.

  Attributes:
    check_files: checks `path` or `path:NAME` targets, a report a case.
    describe: says what the targets hold, without checking them.
    explain_environment: says what this environment can and cannot do.
    record: records one side of a target and stores it.
    verify: checks a target against a golden.
    diff: judges two goldens again.
    read_golden: reads a golden.
    run_matrix: runs targets in several cells.
    read_checkpoint: lists a TF1.x checkpoint.
    map_checkpoint: lays one and a target's port together.
    audit: says how much a target would notice.
  """

  check_files: Callable[..., Tuple[report_lib.Report, ...]] = _check_files
  describe: Callable[..., Tuple[facts_lib.CaseFacts, ...]] = _describe
  explain_environment: Callable[..., Tuple[doctor_lib.DoctorLine, ...]] = (
    _explain_environment
  )
  record: Callable[..., golden_lib.Bundle] = _record
  verify: Callable[..., report_lib.Report] = _verify
  diff: Callable[..., report_lib.Report] = _diff
  read_golden: Callable[..., golden_lib.Bundle] = _read_golden
  run_matrix: Callable[..., matrix_lib.Matrix] = _run_matrix
  read_checkpoint: Callable[..., checkpoint_lib.Listing] = _read_checkpoint
  map_checkpoint: Callable[..., checkpoint_lib.Mapping] = _map_checkpoint
  audit: Callable[..., audit_lib.Audit] = _audit
