"""What is the floor of a run's tensors, and is a difference within it?

The run is asked for again with inputs and weights moved by one ulp, twice, with
seeds of their own; see `compare.noise`. What differs by no more than that is
`rounding`, told with the figures that were measured.
"""

from __future__ import annotations

import dataclasses
from typing import Callable, Dict, Mapping, Optional, Sequence

import numpy as np

from parity.compare import noise
from parity.records import recording as recording_lib
from parity.records import report as report_lib
from parity.records import request as request_lib

Ask = Callable[[request_lib.Request], recording_lib.Recording]

SEEDS = (1, 2)
"""Seeds of the perturbations."""


def values_by_name(
  recording: recording_lib.Recording,
) -> Dict[str, np.ndarray]:
  """What a recording holds, by the names that its trace uses."""
  found = {output.path: output.value for output in recording.outputs}
  if recording.loss is not None:
    found["loss:"] = recording.loss
  for gradient in recording.gradients:
    if gradient.value is not None:
      found[f"gradient:{gradient.variable}"] = gradient.value
  if recording.request.training:
    for variable in recording.variables:
      if variable.final is not None:
        found[f"final:{variable.tf1_name}"] = variable.final
  return found


def measure(request: request_lib.Request, ask: Ask) -> Dict[str, float]:
  """The floors of what a run gives, by the names that a trace uses.

  Args:
    request: of the tf1 side, not moved.
    ask: fulfils a Request.
  """
  moved = [
    values_by_name(ask(dataclasses.replace(request, perturb=seed)))
    for seed in SEEDS
  ]
  return noise.floors_of(values_by_name(ask(request)), moved)


def rounding(
  tf1: request_lib.Request,
  tf2: request_lib.Request,
  names: Sequence[str],
  ask: Ask,
) -> Optional[report_lib.Finding]:
  """The note that all of a difference is within the floor; None if it is not.

  Args:
    tf1: the Request of the tf1 side.
    tf2: that of the tf2 side.
    names: what differs, the first first.
    ask: fulfils a Request.
  """
  left, right = values_by_name(ask(tf1)), values_by_name(ask(tf2))
  found = measure(tf1, ask)
  if not names or not are_noise(left, right, found, names):
    return None
  name = names[0]
  gap = noise.largest_gap(left[name], right[name])
  assert gap is not None
  peak = float(np.max(np.abs(left[name])))
  return report_lib.Finding(
    cause="rounding",
    message=(
      f"{name} differs by {gap:.3g} (of {peak:.3g}), beyond the tolerance, but"
      " it is rounding: moving inputs and weights by one ulp moves it by"
      f" {found[name]:.3g}, and without graph optimisation the sides agree."
    ),
    hint=(
      "Nothing to mend. Give it a tolerance that fits its size, or use"
      " --strict where even rounding must not differ."
    ),
    where=report_lib.Where(
      output=None if ":" in name else name,
      variable=name.split(":", 1)[1] if ":" in name else None,
    ),
    max_abs=gap,
    max_rel=gap / peak if peak else None,
    is_note=True,
  )


def are_noise(
  left: Mapping[str, np.ndarray],
  right: Mapping[str, np.ndarray],
  floors: Mapping[str, float],
  names: Sequence[str],
) -> bool:
  """Whether every named tensor differs by no more than its floor explains."""
  return all(
    name in left
    and name in right
    and noise.is_noise(left[name], right[name], floors.get(name))
    for name in names
  )
