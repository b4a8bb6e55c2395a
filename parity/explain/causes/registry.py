"""Which rules are asked at a divergence, and in which order?"""

from __future__ import annotations

from typing import Callable, Optional, Tuple

from parity.explain.causes import attributes
from parity.explain.causes import constants
from parity.explain.causes import draws
from parity.explain.causes import layouts
from parity.explain.causes import losses
from parity.explain.causes import place as place_lib
from parity.explain.causes import precision
from parity.explain.causes import structure
from parity.explain.causes import tables
from parity.explain.causes import variances
from parity.records import report as report_lib

Rule = Callable[[place_lib.Place], Optional[report_lib.Finding]]

# Rules that know the cause better than a repair could tell.
CERTAIN: Tuple[Rule, ...] = (
  draws.explain,
  losses.explain,
  precision.explain,
  tables.explain,
  variances.explain,
)

RULES: Tuple[Rule, ...] = (
  *CERTAIN,
  attributes.explain,
  constants.explain,
  layouts.explain,
  structure.explain,
)


def explain(place: place_lib.Place) -> Optional[report_lib.Finding]:
  """The finding of the first rule that has one."""
  for rule in RULES:
    finding = rule(place)
    if finding is not None:
      return finding
  return None


def is_certain(place: place_lib.Place) -> bool:
  """Whether a rule knows the cause without a trial."""
  return any(rule(place) is not None for rule in CERTAIN)
