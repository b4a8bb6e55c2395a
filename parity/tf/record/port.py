"""What does the TF2 port give? Made fresh, called in the mode asked for.

1. Keras's session is cleared, so that layer names do not depend on what ran
   before; then the case's `tf2` makes the port.
2. The port is called as often as the request says, and every variable that is
   created is noted with the call that created it and its initial value.
3. Other values are put in before the last call where the request asks; then
   there are two calls at least, since the first one makes the variables.
4. The inventory is what the *port* tracks; what it created and does not track
   is recorded as such.

Modes: `eager`; `function`, the call inside one `tf.function`; `functional`,
the port embedded in a Keras functional model.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import (
  Any,
  Callable,
  Dict,
  List,
  Optional,
  Sequence,
  Tuple,
)

import numpy as np
import tensorflow as tf2

from parity import case as case_lib
from parity import errors
from parity.records import recording as recording_lib
from parity.records import request as request_lib
from parity.records import trace as trace_lib
from parity.tf import given_draws
from parity.tf import nests
from parity.tf import ports
from parity.tf import randomness
from parity.tf import scopes
from parity.tf import usercode
from parity.tf.record import aside
from parity.tf.record import eager_trace
from parity.tf.record import gradients
from parity.tf.record import inputs as inputs_lib
from parity.tf.record import inventory
from parity.tf.record import modes
from parity.tf.record import outputs as outputs_lib
from parity.tf.record import weights


@dataclasses.dataclass(frozen=True, eq=False)
class PortRun:
  """What running a port gave, before it becomes a Recording."""

  variables: Tuple[recording_lib.VariableRecord, ...]
  outputs: Tuple[recording_lib.OutputRecord, ...]
  losses: Tuple[recording_lib.LossRecord, ...]
  random_ops: Tuple[recording_lib.RandomOpRecord, ...]
  inputs: Dict[str, np.ndarray]
  loss: Optional[np.ndarray] = None
  gradients: Tuple[recording_lib.GradientRecord, ...] = ()
  trace: Optional[trace_lib.Trace] = None


Keep = Callable[[request_lib.Request, PortRun], None]


def run(
  case: case_lib.Case, request: request_lib.Request, keep: Keep
) -> PortRun:
  """Makes the port and runs it as the request asks.

  Args:
    case: has a `tf2`.
    request: for the tf2 side.
    keep: is given what another Request would give that this run fulfils on its
      way: the first of several calls is a plain call at the initial values.

  Returns:
    What it gave.

  Raises:
    CaseCodeError: the user's code raised.
    CaseError: `tf2` gave nothing callable, or the port returned no tensor.
  """
  try:
    return _run(case, request, keep, is_called_first=False)
  except errors.CaseCodeError as error:
    if not modes.must_be_called_first(request, error):
      raise
  return _run(case, request, keep, is_called_first=True)


def _run(
  case: case_lib.Case,
  request: request_lib.Request,
  keep: Keep,
  *,
  is_called_first: bool,
) -> PortRun:
  arrays = _arrays(case, request)
  ports.clear_keras_sessions()
  tool = randomness.DeterministicRandomTestTool(
    seed=request.seed, mode=request.random, on_escape="ignore"
  )
  tracer = eager_trace.EagerTracer(request) if request.trace else None
  with contextlib.ExitStack() as stack:
    stack.enter_context(tool.scope())
    creations = stack.enter_context(scopes.record_creations())
    initial = stack.enter_context(inventory.initial_values())
    port = make_port(case)
    fed = nests.map_leaves(lambda _, array: tf2.constant(array), arrays)
    calls = _Calls(
      case=case,
      port=port,
      arrays=arrays,
      tool=tool,
      creations=creations,
      counts=[len(creations)],
      initial=initial,
    )
    if is_called_first:
      usercode.call("the port", lambda: port(fed, training=False))
      calls.counts.append(len(creations))
      tool.restart()
    call = modes.caller(port, request, fed)
    asked = modes.words(request, arrays)
    carries = request.weights != "initial"
    # Values are put into variables that a call has made.
    before = max(request.calls - 1, 1 if carries else 0)
    for place in range(before):
      result = usercode.call("the port", call, fed, asked=asked)
      calls.counts.append(len(creations))
      if place == 0 and modes.is_plain(request):
        plain = dataclasses.replace(request, weights="initial", calls=1)
        keep(plain, calls.finish(plain, _Forward(result)))
      # The next call is a first step again, as the graph's only run is.
      tool.restart()
    if carries:
      put(request, calls.variables(), initial)
    given = _given_draws(request)
    forward = _forward(case, port, request, call, fed, tracer, given)
    calls.counts.append(len(creations))
    found = calls.finish(request, forward, tracer)
  if given is None:
    return found
  return dataclasses.replace(found, random_ops=given.records)


def _arrays(case: case_lib.Case, request: request_lib.Request) -> Any:
  """The nest of arrays to feed, moved by an ulp where the request asks."""
  arrays = usercode.call("inputs", inputs_lib.make_inputs, case, request.seed)
  if not request.perturb:
    return arrays
  rng = np.random.RandomState(request.perturb)
  moved = {
    path: inputs_lib.move_one_ulp(array, rng)
    for path, array in sorted(inputs_lib.by_path(arrays).items())
  }
  return nests.map_leaves(lambda path, _: moved[path], arrays)


@dataclasses.dataclass(frozen=True, eq=False)
class _Calls:
  """A port while it is being called, and what was noted about it.

  Attributes:
    case: gives `rename`.
    port: the port.
    arrays: the nest that it is fed.
    tool: aligns its random ops.
    creations: the variables created, in order.
    counts: how many there were before the first call, and after each.
    initial: value at creation by id of the variable.
  """

  case: case_lib.Case
  port: Any
  arrays: Any
  tool: randomness.DeterministicRandomTestTool
  creations: Sequence[Any]
  counts: List[int]
  initial: Dict[int, np.ndarray]

  def variables(self) -> List[inventory.PortVariable]:
    """The port's variables as they are now."""
    return inventory.of_port(self.case, self.port, self.creations, self.counts)

  def finish(
    self,
    request: request_lib.Request,
    forward: _Forward,
    tracer: Optional[eager_trace.EagerTracer] = None,
  ) -> PortRun:
    """What the last call gave."""
    found = self.variables()
    names = {id(item.variable): item.record.tf1_name for item in found}
    losses = usercode.call("the port's losses", _losses, self.port, names)
    leaves = outputs_lib.dense_leaves(forward.result)
    if not leaves:
      raise errors.CaseError(
        f"The port returned no tensor, found {forward.result!r}; return the"
        " same nest as tf1."
      )
    if request.mode == "functional":
      # The model around the port makes counters of its own.
      found = [item for item in found if item.record.tracked]
    names = {id(item.variable): item.record.tf1_name for item in found}
    return PortRun(
      variables=tuple(
        _with_values(item, self.initial, request) for item in found
      ),
      outputs=tuple(
        recording_lib.OutputRecord(leaf.path, outputs_lib.array(leaf))
        for leaf in leaves
      ),
      losses=losses,
      random_ops=self.tool.observed,
      inputs=inputs_lib.by_path(self.arrays),
      loss=None if forward.loss is None else _numpy(forward.loss),
      gradients=aside.records_aside(
        (
          gradients.eager_record(
            names[id(item.variable)], item.gradient, tuple(item.variable.shape)
          )
          for item in forward.gradients
        ),
        "value",
      ),
      trace=self._trace(tracer, leaves, forward, found),
    )

  def _trace(
    self,
    tracer: Optional[eager_trace.EagerTracer],
    leaves: Sequence[nests.Leaf],
    forward: _Forward,
    found: Sequence[inventory.PortVariable],
  ) -> Optional[trace_lib.Trace]:
    if tracer is None:
      return None
    names = {id(item.variable): item.record.tf1_name for item in found}
    return tracer.build(
      _trace_outputs(leaves, forward, names),
      eager_trace.handle_names(found),
      {
        item.record.tf1_name: self.initial[id(item.variable)]
        for item in found
        if id(item.variable) in self.initial
      },
    )


@dataclasses.dataclass(frozen=True, eq=False)
class _Gradient:
  variable: Any
  gradient: Any


@dataclasses.dataclass(frozen=True, eq=False)
class _Forward:
  """The recorded call: its result, and the loss and gradients if asked."""

  result: Any
  loss: Any = None
  gradients: Tuple[_Gradient, ...] = ()


def _forward(
  case: case_lib.Case,
  port: Any,
  request: request_lib.Request,
  call: Callable[[Any], Any],
  fed: Any,
  tracer: Optional[eager_trace.EagerTracer],
  given: Optional[given_draws.GivenDraws],
) -> _Forward:
  """The call that is recorded."""
  asked = modes.words(request, fed)
  with contextlib.ExitStack() as stack:
    if tracer is not None:
      for leaf in nests.flatten(fed):
        tracer.input(leaf.path, leaf.value)
      stack.enter_context(tracer.watch())
    if given is not None:
      stack.enter_context(given.scope())
    if not request.gradients:
      return _Forward(usercode.call("the port", call, fed, asked=asked))
    with tf2.GradientTape() as tape:
      result = usercode.call("the port", call, fed, asked=asked)
      if tracer is not None:
        tracer.phase = "loss"
      loss = gradients.call_loss(case, result, fed)
    tracked = ports.tracked_variables(port)
    if tracked is None:
      # A plain callable lists nothing; the tape saw what it uses.
      chosen = list(tape.watched_variables())
    else:
      chosen = [item.variable for item in tracked if item.trainable]
    if tracer is not None:
      tracer.phase = "gradient"
    slopes = usercode.call("GradientTape", tape.gradient, loss, chosen)
  return _Forward(
    result, loss, tuple(_Gradient(v, g) for v, g in zip(chosen, slopes))
  )


def _given_draws(
  request: request_lib.Request,
) -> Optional[given_draws.GivenDraws]:
  if request.draws_file is None:
    return None
  return given_draws.GivenDraws(request.draws_file)


def _trace_outputs(
  leaves: Sequence[nests.Leaf], forward: _Forward, names: Dict[int, str]
) -> Dict[str, Any]:
  """Tensor by name of a trace's output, as the tf1 side names them."""
  found = {leaf.path: leaf.value for leaf in leaves}
  if forward.loss is not None:
    found["loss:"] = forward.loss
  for item in forward.gradients:
    gradient = item.gradient
    if isinstance(gradient, tf2.IndexedSlices):
      gradient = gradient.values
    if gradient is not None:
      found[f"gradient:{names[id(item.variable)]}"] = gradient
  return {
    path: tensor for path, tensor in found.items() if tf2.is_tensor(tensor)
  }


def make_port(case: case_lib.Case) -> Callable[..., Any]:
  """The port that the case's `tf2` returns."""
  factory = usercode.call("tf2", case_lib.resolve_side, case, "tf2")
  port = usercode.call("tf2", factory)
  if not callable(port):
    raise errors.CaseError(
      "tf2 must return the port, anything called as port(inputs,"
      f" training=...); found {type(port).__name__}."
    )
  return port  # type: ignore[no-any-return]


def put(
  request: request_lib.Request,
  found: List[inventory.PortVariable],
  initial: Dict[int, np.ndarray],
) -> None:
  """Gives the tracked variables the values that the request asks for."""
  tracked = [item for item in found if item.record.tracked]
  values = weights.values_for(request, [item.record for item in tracked])
  for item in tracked:
    value = values.get(item.record.tf1_name)
    if value is None:
      continue
    if tuple(value.shape) == item.record.shape:
      item.variable.assign(value)
      initial[id(item.variable)] = value


def _with_values(
  item: inventory.PortVariable,
  initial: Dict[int, np.ndarray],
  request: request_lib.Request,
) -> recording_lib.VariableRecord:
  if request.weights == "constant":
    return item.record
  final = inventory.value_of(item.variable)
  before = initial.get(id(item.variable))
  if before is None and not request.training:
    # Made inside a tf.function: only what inference leaves is the initial one.
    before = final
  if before is not None:
    final = weights.once(before, final)
  return dataclasses.replace(item.record, initial=before, final=final)


def _losses(
  port: Any, names: Dict[int, str]
) -> Tuple[recording_lib.LossRecord, ...]:
  return tuple(
    recording_lib.LossRecord(
      loss.name, _numpy(loss.value), variable=names.get(id(loss.variable))
    )
    for loss in ports.regularization_losses(port)
  )


def _numpy(value: Any) -> np.ndarray:
  return np.asarray(value.numpy() if hasattr(value, "numpy") else value)
