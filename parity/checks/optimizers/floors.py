"""Is what is left of a difference between updates only rounding? Measured.

Of a gradient, or a variable that the forward pass updates: the tf1 side is run
again at the weights of that step with inputs and weights moved by one ulp; see
`explain.floors`. The floor at the first step is tried first, and that of the
step itself where it does not explain the difference. (How far a rule moves what
it is given is measured by `led.rule_floors`.)
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Mapping, Sequence

import numpy as np

from parity.checks import check
from parity.compare import noise
from parity.explain import floors
from parity.records import report as report_lib


class StepFloors:
  """The floors of the tf1 side's steps; measured when they are asked for.

  Args:
    evidence: both sides' own runs.
    probes: runs the tf1 side again.
  """

  def __init__(self, evidence: check.Evidence, probes: check.Probes) -> None:
    assert evidence.plan.tf1 is not None
    self._request = dataclasses.replace(
      evidence.plan.tf1, train_steps=0, gradients=True
    )
    self._tf1 = evidence.tf1
    self._probes = probes
    self._measured: Dict[int, Dict[str, float]] = {}

  def explain(
    self,
    step: int,
    left: Mapping[str, np.ndarray],
    right: Mapping[str, np.ndarray],
    differing: Sequence[report_lib.Comparison],
    kind: str,
  ) -> List[report_lib.Comparison]:
    """Of what differs, that which no floor explains.

    Args:
      step: from 1.
      left: the tf1 side's values.
      right: the port's.
      differing: the pairs beyond the tolerance.
      kind: `gradient` or `final`, as a trace's names have it.
    """
    remaining = list(differing)
    for place in dict.fromkeys((1, step)):
      if remaining:
        floor = self._at(place)
        remaining = [
          each
          for each in remaining
          if each.name not in left
          or each.name not in right
          or not noise.is_noise(
            left[each.name], right[each.name], floor.get(f"{kind}:{each.name}")
          )
        ]
    return remaining

  def _at(self, step: int) -> Dict[str, float]:
    if step not in self._measured:
      request = self._request
      if step > 1:
        path = self._probes.write(self._tf1.steps[step - 2].variables)
        given: Dict[str, Any] = {"weights": "carried", "weights_file": path}
        request = dataclasses.replace(request, **given)
      self._measured[step] = floors.measure(request, self._probes.ask)
    return self._measured[step]
