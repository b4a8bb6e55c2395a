"""Does a side still give what a golden holds? And do two goldens agree?

`verify` puts a golden in the place of one side and runs the other; `diff` puts
goldens in both places and needs no TensorFlow. Then both go the way of `check`:
the same checks judge the same records. Where both are recordings of one side,
from two versions or machines, each check holds that side against itself.
"""

from __future__ import annotations

from concurrent import futures
import dataclasses
from typing import (
  Any,
  Callable,
  Dict,
  List,
  Optional,
  Sequence,
  Tuple,
  Union,
)

from parity import case as case_lib
from parity import errors
from parity import runner
from parity.checks import check as check_lib
from parity.checks import registry
from parity.compare import identities
from parity.environments import places
from parity.golden import bundle as bundle_lib
from parity.records import golden as golden_lib
from parity.records import options as options_lib
from parity.records import report as report_lib
from parity.records import tolerance as tolerance_lib
from parity.records import vocabulary
from parity.runs import fulfilment
from parity.sides import golden_side
from parity.sides import side as side_lib

_Golden = Union[str, golden_lib.Bundle]


def verify(
  target: Any,
  golden: _Golden,
  *,
  side: str = "tf2",
  options: Optional[options_lib.Options] = None,
  watch: Optional[options_lib.Watcher] = None,
) -> report_lib.Report:
  """Checks one side of a case, run now, against a golden of it.

  Args:
    target: a `parity.Case` (run in this process), or a case file as the command
      line names it.
    golden: the reference: a bundle, or its directory.
    side: which side to run.
    options: how to run; the seed, the checks and strict numerics are those of
      the golden where they are not given.
    watch: is told of each step.

  Returns:
    The report; a mismatch is in it, and never an exception.

  Raises:
    GoldenError: the golden is damaged, or of another case.
    ParityError: the case cannot be loaded.
  """
  bundle = _read(golden)
  if side not in vocabulary.SIDES:
    raise errors.UsageError(
      f"A case has the sides {' and '.join(vocabulary.SIDES)}, not {side!r}."
    )
  options = _like(bundle.golden, options or options_lib.Options())
  case = target if isinstance(target, case_lib.Case) else None
  name = case.name or "case" if case is not None else target
  live = fulfilment.make_side(side, options, case=case)
  own = bundle.golden.side

  golden_role = golden_side.GoldenSide(
    bundle, prober=_prober(bundle.golden, side, options, case), runner=live
  )
  try:
    roles = _roles(golden_role, own, live, side)
    report = runner.check_one(
      roles.sides, name, options=options, watch=watch, checks=roles.checks
    )
  finally:
    live.close()
    golden_role.close()
  return dataclasses.replace(
    report, notes=(*_told(bundle, report), *report.notes)
  )


def _prober(
  golden: golden_lib.Golden,
  side: str,
  options: options_lib.Options,
  case: Optional[case_lib.Case],
) -> Optional[Callable[[], side_lib.Side]]:
  """What makes the golden's own side, to be asked what it does not hold.

  It runs in the golden's own cell where that is installed; else here, unless it
  is the very side that is verified.
  """
  own = golden.side
  settings: Dict[str, Any] = {}
  if case is None and options.isolate:
    python = places.installed(golden.identity.cell)
    if python is not None:
      settings = {f"{own}_python": python, f"{own}_cell": golden.identity.cell}
  ran = options.tf1_cell if side == "tf1" else options.tf2_cell
  if own == side and settings.get(f"{own}_cell", ran) == ran:
    return None

  def make() -> side_lib.Side:
    changed = dataclasses.replace(options, **settings)
    return fulfilment.make_side(own, changed, case=case)

  return make


def diff(
  reference: _Golden,
  other: _Golden,
  *,
  tolerance: Optional[tolerance_lib.Tolerance] = None,
  options: Optional[options_lib.Options] = None,
) -> report_lib.Report:
  """Judges two goldens again, without running anything.

  Args:
    reference: a bundle, or its directory.
    other: what is held against it.
    tolerance: the limit for every tensor; None for the case's own.
    options: `steps` and `strict`.

  Returns:
    The report; its notes say in what the two places differ.

  Raises:
    GoldenError: one is damaged, or they are of different cases or seeds.
  """
  with futures.ThreadPoolExecutor(2) as pool:
    # Each checksum takes a core as long as its file has bytes.
    left, right = pool.map(_read, (reference, other))
  if left.golden.side == "tf2" and right.golden.side == "tf1":
    left, right = right, left
  if left.golden.seed != right.golden.seed:
    raise errors.GoldenError(
      f"{left.path} was recorded with seed {left.golden.seed}, {right.path}"
      f" with {right.golden.seed}, so no tensor of the one has a partner in the"
      " other. Record one of them again."
    )
  policy = None
  if tolerance is not None:
    policy = tolerance_lib.TolerancePolicy(default=tolerance)
  options = options or options_lib.Options()
  options = _like(left.golden, _like(right.golden, options))
  roles = _roles(
    golden_side.GoldenSide(left),
    left.golden.side,
    golden_side.GoldenSide(right, tolerances=policy),
    right.golden.side,
  )
  report = runner.check_one(
    roles.sides,
    right.golden.case.name,
    options=options,
    checks=roles.checks,
  )
  differing = identities.differences(
    left.golden.identity, right.golden.identity
  )
  place = "Both were recorded in the same place, as far as can be seen."
  if differing:
    place = f"The two places differ in: {'; '.join(differing)}."
  sides = (
    f"The reference is {left.path} ({left.golden.side} side); held against it"
    f" is {right.path} ({right.golden.side} side)."
  )
  notes = [sides, place]
  return dataclasses.replace(report, notes=(*notes, *report.notes))


def _read(golden: _Golden) -> golden_lib.Bundle:
  return bundle_lib.read_golden(golden) if isinstance(golden, str) else golden


def _like(
  golden: golden_lib.Golden, options: options_lib.Options
) -> options_lib.Options:
  """The options, with the golden's own where none were chosen."""
  numerics = (options.numerics, golden.identity.numerics)
  return dataclasses.replace(
    options,
    seed=golden.seed if options.seed is None else options.seed,
    steps=options.steps or golden.case.steps,
    numerics="strict" if "strict" in numerics else "default",
  )


@dataclasses.dataclass(frozen=True, eq=False)
class _Roles:
  """Who stands for which side, and the checks that fit."""

  sides: fulfilment.Sides
  checks: Tuple[check_lib.Check, ...]


def _roles(
  golden: side_lib.Side, own: str, other: side_lib.Side, side: str
) -> _Roles:
  """A golden and another side, in the roles in which they are judged.

  Args:
    golden: the reference.
    own: which side that is.
    other: what is held against it.
    side: which side that is.
  """
  if own != side:
    pair = (golden, other) if own == "tf1" else (other, golden)
    return _Roles(fulfilment.Sides(*pair), registry.CHECKS)
  reference: side_lib.Side = golden
  if own == "tf2":
    reference = golden_side.RoleSide(golden, own="tf2", role="tf1")
  else:
    other = golden_side.RoleSide(other, own="tf1", role="tf2")
  return _Roles(
    fulfilment.Sides(reference, other),
    golden_side.checks_within(own, registry.CHECKS),
  )


def _told(
  bundle: golden_lib.Bundle, report: report_lib.Report
) -> Tuple[str, ...]:
  """What the reader must know of a golden that stood for a side."""
  golden = bundle.golden
  told = (
    f"The reference is the golden {bundle.path}: the {golden.side} side,"
    f" recorded with {_place(golden)}."
  )
  notes: List[str] = [told]
  ran: Sequence[Any] = [
    identity
    for identity in (report.tf1, report.tf2)
    if identity is not None and identity is not golden.identity
  ]
  if report.verdict != "pass" and ran:
    differing = identities.differences(golden.identity, ran[-1])
    if differing:
      notes.append(f"This place differs in: {'; '.join(differing)}.")
  return tuple(notes)


def _place(golden: golden_lib.Golden) -> str:
  versions = golden.identity.versions
  return (
    f"TensorFlow {versions.get('tensorflow', 'of unknown version')} on Python"
    f" {versions.get('python', '?')}, numerics {golden.identity.numerics}"
  )
