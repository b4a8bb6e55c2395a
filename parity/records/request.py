"""What should a side do? One Request says it; a Recording answers it.

A Request is a value: two checks that need the same run make equal Requests,
and the runner fulfils equal Requests once.
"""

from __future__ import annotations

import dataclasses
from typing import Optional, Tuple

TRACE_BYTES = 128 << 20
"""What the values of a trace may take."""


@dataclasses.dataclass(frozen=True)
class Request:
  """One run of one side.

  Attributes:
    side: `tf1` or `tf2`.
    mode: `graph` (tf1), or `eager`, `function`, `functional` (tf2).
    training: passed to the forward pass.
    weights: where the variables' values come from: `initial` (the
      initialisers, random streams aligned), `constant` (every floating
      variable is `constant`), `carried` (from the file `weights_file`),
      `distinctive` (seeded by each variable's name on the tf1 side), or
      `checkpoint` (the case's).
    constant: the value for `constant`.
    weights_file: a safetensors file of values by tf1-side variable name.
    random: mode of the aligned randomness, `num_random_ops` or `constant`.
    seed: seeds the inputs and the aligned randomness.
    calls: how often the port is called; the last call is recorded, and of each
      call the variables that it creates. Only for tf2.
    gradients: also record the loss and its gradients.
    train_steps: how many optimizer updates to run and record.
    trace: also record every op.
    trace_values: keep values of ops' results, not only their digests.
    trace_bytes: how much they may take; of larger tensors a sketch is kept.
    trace_keep: numbers of tensors whose values are asked for; of the others
      nothing is recorded but their numbers. Empty for a whole trace.
    trace_places: source lines and scopes: only the ops there are recorded, and
      no variable's value. Empty for all. Only for tf1.
    rewrites: leave TensorFlow's graph optimisation on.
    perturb: 0 for none; else the seed of a perturbation that moves every
      floating input and variable by one ulp up or down.
    widen: compute in float64 where the side allows it (a probe).
    draws: also record the values that the forward pass's random ops drew.
    draws_file: a safetensors file of such values, which are put in place of
      what the forward pass draws, in order. Only for tf2, mode `eager`.
    steps_file: a safetensors file of the other side's updates, which leads this
      one: `STEP:variable:NAME` is put in before each update, and
      `STEP:gradient:NAME` is given to the optimizer in place of the side's own
      gradient. Only for tf2 with `train_steps` (a probe).
    optimizer_settings: settings that replace those of the side's optimizer, as
      a JSON object by common name. Only for tf2 with `train_steps` (a probe).
  """

  side: str
  mode: str
  training: bool = False
  weights: str = "initial"
  constant: float = 0.001
  weights_file: Optional[str] = None
  random: str = "num_random_ops"
  seed: int = 42
  calls: int = 1
  gradients: bool = False
  train_steps: int = 0
  trace: bool = False
  trace_values: bool = False
  trace_bytes: int = TRACE_BYTES
  trace_keep: Tuple[int, ...] = ()
  trace_places: Tuple[str, ...] = ()
  rewrites: bool = True
  perturb: int = 0
  widen: bool = False
  draws: bool = False
  draws_file: Optional[str] = None
  steps_file: Optional[str] = None
  optimizer_settings: Optional[str] = None
