"""What does an audit look like? A row a kind, then what every check misses."""

from __future__ import annotations

import json
import math
from typing import Any, Dict, List

from parity.records import audit as audit_lib
from parity.report import lines

SCHEMA = "parity.audit/1"
_BRIEF = 6
_INDENT = "   "


def audit_lines(
  audit: audit_lib.Audit, *, width: int, verbosity: int = 0
) -> List[str]:
  """The audit, line by line.

  Args:
    audit: what it came to.
    width: of a line.
    verbosity: -1 the sum alone, 0 a screen, 1 every missed mutation.
  """
  if verbosity < 0:
    return [_sum(audit)]
  page = [f"{audit.case}  {audit.path or ''}".rstrip(), ""]
  page += _table(audit)
  page += _missed(audit, width=width, verbosity=verbosity)
  for note in audit.notes:
    page += lines.labelled("note", note, width=width)
  return [*page, "", _sum(audit)]


def audit_to_plain(audit: audit_lib.Audit) -> Dict[str, Any]:
  """The audit as `parity.audit/1`; an infinite figure is its name."""
  return {
    "schema": SCHEMA,
    "case": audit.case,
    "path": audit.path,
    "checks": list(audit.checks),
    "possible": audit.possible,
    "tried": len(audit.outcomes),
    "noticed": audit.noticed,
    "seconds": round(audit.seconds, 3),
    "notes": list(audit.notes),
    "mutations": [
      {
        "kind": outcome.kind,
        "what": outcome.what,
        "op": outcome.op,
        "op_type": outcome.op_type,
        "source": outcome.source,
        "noticed": outcome.is_noticed,
        "effects": [
          {
            "check": effect.check,
            "times_tolerance": effect.times_tolerance
            if math.isfinite(effect.times_tolerance)
            else "Infinity",
            "name": effect.name,
          }
          for effect in outcome.effects
        ],
        "advice": outcome.advice,
      }
      for outcome in audit.outcomes
    ],
  }


def to_json(audit: audit_lib.Audit) -> str:
  """The audit as JSON text."""
  return json.dumps(audit_to_plain(audit), indent=2, allow_nan=False) + "\n"


def _table(audit: audit_lib.Audit) -> List[str]:
  """A row a kind, then a row a check."""
  page = [f"{'mutation':<18}  {'tried':>5}  {'noticed':>7}"]
  for kind, what in audit_lib.KINDS.items():
    own = [o for o in audit.outcomes if o.kind == kind]
    if own:
      noticed = sum(outcome.is_noticed for outcome in own)
      page.append(f"{kind:<18}  {len(own):>5}  {noticed:>7}  {what}")
  page += ["", f"{'check':<18}  {'asked':>5}  {'noticed':>7}"]
  for check in audit.checks:
    seen = [e for o in audit.outcomes for e in o.effects if e.check == check]
    noticed = sum(effect.is_noticed for effect in seen)
    page.append(f"{check:<18}  {len(seen):>5}  {noticed:>7}")
  return page


def _missed(audit: audit_lib.Audit, *, width: int, verbosity: int) -> List[str]:
  missed = audit.missed
  if not missed:
    return []
  shown = missed if verbosity > 0 else missed[:_BRIEF]
  page = ["", "Every check misses:"]
  for number, outcome in enumerate(shown, start=1):
    page += lines.wrapped(
      f"{outcome.kind}: {outcome.what}  ({outcome.op_type} {outcome.op})",
      width=width,
      indent=f"{number}. ",
    )
    if outcome.source:
      page.append(f"{_INDENT}{outcome.source}")
    if outcome.advice:
      page += lines.wrapped(outcome.advice, width=width, indent=_INDENT)
  if len(shown) < len(missed):
    page.append(f"... and {len(missed) - len(shown)} more with -v")
  return page


def _sum(audit: audit_lib.Audit) -> str:
  tried = len(audit.outcomes)
  if not tried:
    return f"{audit.case}: nothing could be mutated, {audit.seconds:.1f} s"
  share = 100.0 * audit.noticed / tried
  text = f"{audit.case}: {audit.noticed} of {tried} mutations noticed"
  text += f" ({share:.0f}%)"
  if audit.possible > tried:
    text += f", of {audit.possible} possible"
  return f"{text}, {audit.seconds:.1f} s"
