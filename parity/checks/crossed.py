"""Does the case's `rename` cross names of variables that are alike?

Names and shapes cannot tell: two towers of one size take each other's names,
and nothing is missing. What was drawn can. Where all outputs agree and say
something, and yet variables of the port have the initial values of others of
tf1's than those that `rename` pairs them with, each of exactly one, it is not
the draws that are in another order: the same values are in the same places of
the model, under crossed names.

Heuristic in one case: two variables that the model treats alike (both are
added, say) may be created in the other order, and the outputs agree too.
"""

from __future__ import annotations

from typing import Dict, Optional, Sequence

import numpy as np

from parity.checks import check
from parity.compare import values
from parity.records import report as report_lib


def explain(
  evidence: check.Evidence, initial: Sequence[report_lib.Comparison]
) -> Optional[report_lib.Finding]:
  """A finding where the initial values that differ are those of one another.

  Args:
    evidence: both sides, whose outputs agree.
    initial: the initial weights, compared.
  """
  if all(values.is_uniform(each.value) for each in evidence.tf1.outputs):
    return None  # A last layer of zeros hides all before it.
  names = [each.name for each in initial if not each.is_match]
  left = check.values_of(evidence.tf1.variables, "initial")
  right = check.values_of(evidence.tf2.variables, "initial")
  owners: Dict[str, str] = {}
  for name in names:
    if name not in left or name not in right or values.is_uniform(right[name]):
      return None
    same = [other for other in names if _are_equal(left[other], right[name])]
    if len(same) != 1:
      return None
    owners[name] = same[0]
  if len(names) < 2 or len(set(owners.values())) < len(names):
    return None
  first = names[0]
  ours, theirs = (
    next(v for v in recording.variables if v.tracked and v.tf1_name == first)
    for recording in (evidence.tf1, evidence.tf2)
  )
  return report_lib.Finding(
    cause="variable_renamed",
    message=(
      f"The port's {theirs.name} is paired with {first}, but starts from the"
      f" values of {owners[first]}, and so for {len(names)} variables; the"
      " outputs agree, so the pairs of names are crossed."
    ),
    hint=(
      "Mend the case's `rename`: with crossed names a checkpoint's weights go"
      " to the wrong layers. (If the port only creates two layers that count"
      " alike in another order, create them in tf1's.)"
    ),
    where=report_lib.Where(
      variable=first,
      tf1=report_lib.Place(source=ours.source),
      tf2=report_lib.Place(source=theirs.source),
    ),
    details=tuple(
      f"{name} has the values of {owner}" for name, owner in owners.items()
    ),
  )


def _are_equal(one: np.ndarray, two: np.ndarray) -> bool:
  return one.shape == two.shape and np.allclose(one, two, 1e-5, 1e-7)
