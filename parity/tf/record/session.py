"""What does a constructed graph give? Runs it in a session.

1. Variables get their initial values, then others where the request asks.
   A value is put in by feeding the value tensor of the variable's own
   initialiser: this works for reference and resource variables alike. Large
   values go in and out in portions (see `aside`).
2. Outputs, losses and update ops are fetched in one `session.run`, since the
   random ops of a graph advance at every run.
3. Final values are read in the same run, ordered after outputs and updates.
"""

from __future__ import annotations

import dataclasses
from typing import (
  Any,
  Dict,
  Iterator,
  List,
  Mapping,
  Optional,
  Sequence,
  Tuple,
  TypeVar,
)

import numpy as np
import tensorflow.compat.v1 as tf1

from parity import case as case_lib
from parity.records import recording as recording_lib
from parity.records import request as request_lib
from parity.records import trace as trace_lib
from parity.tf import usercode
from parity.tf.record import aside
from parity.tf.record import drawn
from parity.tf.record import gradients
from parity.tf.record import graph as graph_lib
from parity.tf.record import graph_trace
from parity.tf.record import inputs as inputs_lib
from parity.tf.record import loop_draws
from parity.tf.record import observing
from parity.tf.record import sessions as sessions_lib
from parity.tf.record import tracing
from parity.tf.record import weights

_Key = TypeVar("_Key")
_ROOTS = ("Const", "Placeholder")


@dataclasses.dataclass(frozen=True, eq=False)
class SessionRun:
  """What one run gave, before it becomes a Recording."""

  variables: Tuple[recording_lib.VariableRecord, ...]
  outputs: Tuple[recording_lib.OutputRecord, ...]
  losses: Tuple[recording_lib.LossRecord, ...]
  random_ops: Tuple[recording_lib.RandomOpRecord, ...]
  loss: Optional[np.ndarray] = None
  gradients: Tuple[recording_lib.GradientRecord, ...] = ()
  trace: Optional[trace_lib.Trace] = None


def run(
  case: case_lib.Case,
  built: graph_lib.BuiltGraph,
  request: request_lib.Request,
  sessions: sessions_lib.Sessions,
) -> SessionRun:
  """Runs a constructed graph as the request asks."""
  found = _gradients(case, built) if request.gradients else None
  targets = _targets(built, request, found)
  tracer = _Tracer(built, request, targets, found) if request.trace else None
  rewrites = request.rewrites and not request.trace
  told = loop_draws.hearing(built.random_ops) if request.draws else None
  with sessions.session_for(
    built, request, rewrites=rewrites, told=told
  ) as session:
    start = initialize(session, built, request, apart=sessions.is_kept)
    initial = start.values
    sessions.has_drawn = start.has_drawn
    if request.weights == "constant" and not request.trace:
      initial = []
    fetches = {
      "outputs": [built.output_names[o.path] for o in built.outputs],
      "losses": list(built.loss_names),
      "updates": list(built.updates) if request.training else [],
      "gradients": gradients.fetches_of(found) if found else {},
      "loss": found.loss.name if found else [],
      "traced": tracer.watch(session.graph) if tracer else [],
      "drawn": drawn.fetches_of(built.random_ops, targets)
      if request.draws
      else {},
      "final": built.final_reads,
    }
    fetched = usercode.call(
      "tf1", session.run, fetches, feed_of(built, request)
    )
  final = [
    np.asarray(fetched["final"].get(variable.record.name, before))
    for variable, before in zip(built.variables, initial)
  ]
  variables = _variable_records(built, initial, final)
  trace = tracer.trace(variables) if tracer else None
  if request.trace_places:
    variables = tuple(v.record for v in built.variables)
  random = drawn.with_values(built.random_ops, fetched["drawn"])
  return SessionRun(
    variables=variables,
    outputs=tuple(
      dataclasses.replace(record, value=np.asarray(value))
      for record, value in zip(built.outputs, fetched["outputs"])
    ),
    losses=tuple(
      dataclasses.replace(record, value=np.asarray(value))
      for record, value in zip(built.losses, fetched["losses"])
    ),
    random_ops=random if told is None else told.unrolled(random),
    loss=np.asarray(fetched["loss"]) if found else None,
    gradients=(
      aside.records_aside(
        gradients.records_of(found, fetched["gradients"]), "value"
      )
      if found
      else ()
    ),
    trace=trace,
  )


class _Tracer:
  """Sees a run's results, and makes a trace of them."""

  def __init__(
    self,
    built: graph_lib.BuiltGraph,
    request: request_lib.Request,
    targets: graph_trace.Targets,
    found: Optional[gradients.GraphGradients],
  ) -> None:
    self._targets = targets
    self._observer: Optional[observing.Observer] = None
    self._ops = graph_trace.needed_ops(targets)
    if request.trace_places:
      self._ops = graph_trace.at_places(self._ops, request.trace_places)
    self._keeper = tracing.keeper_for(request)
    blank = {v.record.name: np.zeros(()) for v in built.variables}
    self._names = [
      tensor.name
      for tensor in graph_trace.fetchable(self._ops)
      if not graph_trace.is_value_of(tensor.op, blank)
    ]
    self._seen = graph_trace.Seen(
      tensors=self._keeper,
      inputs=built.placeholders,
      initial=blank,
      final=blank,
      phases=found.phases if found else {},
    )
    self._wanted = graph_trace.names_of(
      request.trace_keep,
      self._ops,
      targets,
      names=self._names,
      seen=self._seen,
    )
    if self._wanted:
      # The others were recorded before; the inputs' roots decide the numbers.
      fed = set(built.placeholders.values())
      self._names = [n for n in self._names if n in self._wanted or n in fed]
    self._wanted.update(tensor.name for tensor in targets.outputs.values())
    types = {t.name: op.type for op in self._ops for t in op.outputs}
    self._roots = {n for n, kind in types.items() if kind in _ROOTS}
    self._draws = {n for n, kind in types.items() if trace_lib.is_draw(kind)}

  def watch(self, graph: Any) -> List[Any]:
    """Ops to run; what they are told is recorded."""
    self._observer = observing.Observer(graph, self._names)
    self._observer.tell(self._see)
    return list(self._observer.ops)

  def _see(self, name: str, value: np.ndarray) -> None:
    self._keeper.see(
      name,
      value,
      is_wanted=name in self._wanted or name in self._roots,
      is_draw=name in self._draws,
    )

  def trace(
    self, variables: Sequence[recording_lib.VariableRecord]
  ) -> trace_lib.Trace:
    """What was seen."""
    if self._observer is not None:
      # The graph keeps its ops for good, and must not keep the values.
      self._observer.forget()
    seen = dataclasses.replace(
      self._seen,
      initial={v.name: v.initial for v in variables if v.initial is not None},
      final={v.name: v.final for v in variables if v.final is not None},
    )
    return graph_trace.build(self._ops, seen, self._targets)


def _gradients(
  case: case_lib.Case, built: graph_lib.BuiltGraph
) -> gradients.GraphGradients:
  """Adds the gradients to the graph, once."""
  if built.gradients:
    return built.gradients[0]
  with graph_lib.extended(built):
    found = gradients.add_to_graph(
      case, graph=built.graph, outputs=built.nest, inputs=built.fed
    )
  built.gradients.append(found)
  return found


def _targets(
  built: graph_lib.BuiltGraph,
  request: request_lib.Request,
  found: Optional[gradients.GraphGradients],
) -> graph_trace.Targets:
  """What a trace must reach."""
  tensor = built.graph.get_tensor_by_name
  outputs = {path: tensor(name) for path, name in built.output_names.items()}
  for record, name in zip(built.losses, built.loss_names):
    outputs[f"regularization:{record.name}"] = tensor(name)
  if found is not None:
    outputs["loss:"] = found.loss
    for variable, gradient in found.gradients.items():
      if isinstance(gradient, tf1.Tensor):
        outputs[f"gradient:{variable}"] = gradient
      elif gradient is not None:
        outputs[f"gradient:{variable}"] = gradient.values
  updates = [
    built.graph.get_operation_by_name(name)
    for name in (built.updates if request.training else ())
  ]
  return graph_trace.Targets(outputs, updates)


@dataclasses.dataclass(frozen=True, eq=False)
class Start:
  """What the variables start from.

  Attributes:
    values: in the order of the variables.
    has_drawn: whether an initialiser of a variable ran in the session.
  """

  values: List[np.ndarray]
  has_drawn: bool


def initialize(
  session: Any,
  built: graph_lib.BuiltGraph,
  request: request_lib.Request,
  *,
  apart: bool = False,
) -> Start:
  """Gives every variable its value for this request.

  What an initialiser assigns is fetched in the run that assigns it: another run
  of a large graph costs as much as this one. Only where the values are large
  are they read later, in portions.

  Args:
    session: of the graph.
    built: the graph.
    request: says which values.
    apart: draw in a session aside, without the graph optimiser, and put the
      values in. For a session that has put values in before this takes less
      time, and leaves its random ops alone.

  Returns:
    The values.
  """
  records = [v.record for v in built.variables]
  values = weights.values_for(request, records)
  own = [v for v in built.variables if v.record.name not in values]
  others = list(built.other_initializers)
  if own and apart:
    with sessions_lib.make_session(built.graph, rewrites=False) as aside:
      values.update(_drawn(aside, own, others))
    own = []
  if own or others:
    values.update(_drawn(session, own, others))
  put(session, built, values, without=own)
  if request.perturb:
    rng = np.random.RandomState(request.perturb + 1)
    values = {
      record.name: inputs_lib.move_one_ulp(values[record.name], rng)
      for record in records
    }
    put(session, built, values)
  return Start([values[record.name] for record in records], bool(own))


def _drawn(
  session: Any, own: Sequence[graph_lib.GraphVariable], others: Sequence[str]
) -> Dict[str, np.ndarray]:
  """Runs initialisers: what they gave, by name of the variable."""
  if aside.size_of(v.record for v in own) > aside.LARGE:
    ops = [v.initializer for v in own]
    usercode.call("tf1", session.run, ops + list(others))
    reads = {v.record.name: v.read for v in own}
    return aside.set_aside(fetched_in_pieces(session, reads))
  fetches = {
    "values": [v.initial_value for v in own],
    "ops": [v.initializer for v in own] + list(others),
  }
  fetched = usercode.call("tf1", session.run, fetches)
  return {
    variable.record.name: np.asarray(value)
    for variable, value in zip(own, fetched["values"])
  }


def put(
  session: Any,
  built: graph_lib.BuiltGraph,
  values: Dict[str, np.ndarray],
  *,
  without: Sequence[graph_lib.GraphVariable] = (),
) -> None:
  """Sets variables by name."""
  left_out = {id(variable) for variable in without}
  chosen = [
    v
    for v in built.variables
    if v.record.name in values and id(v) not in left_out
  ]
  for portion in aside.pieces([aside.size_of([v.record]) for v in chosen]):
    feed = {
      chosen[n].initial_value: values[chosen[n].record.name] for n in portion
    }
    session.run([chosen[n].initializer for n in portion], feed)


def fetched_in_pieces(
  session: Any, reads: Mapping[_Key, Any]
) -> Iterator[Tuple[_Key, np.ndarray]]:
  """Values by key, a portion fetched when its first one is asked for.

  Args:
    session: of the graph; nothing random takes part in the reads.
    reads: the tensor to fetch, or its name, by key.
  """
  keys = list(reads)
  found = [session.graph.as_graph_element(read) for read in reads.values()]
  sizes = [(t.shape.num_elements() or 0) * t.dtype.size for t in found]
  for portion in aside.pieces(sizes):
    fetched = session.run([found[number] for number in portion])
    for number in portion:
      yield keys[number], np.asarray(fetched.pop(0))


def feed_of(
  built: graph_lib.BuiltGraph, request: request_lib.Request
) -> Dict[str, np.ndarray]:
  """What to feed: the inputs by placeholder, moved where the request asks."""
  rng = np.random.RandomState(request.perturb)
  feed = {}
  for path in sorted(built.placeholders):
    array = built.inputs[path]
    if request.perturb:
      array = inputs_lib.move_one_ulp(array, rng)
    feed[built.placeholders[path]] = array
  return feed


def _variable_records(
  built: graph_lib.BuiltGraph,
  initial: List[np.ndarray],
  final: List[np.ndarray],
) -> Tuple[recording_lib.VariableRecord, ...]:
  records = [v.record for v in built.variables]
  if not initial:
    return tuple(records)
  return tuple(
    dataclasses.replace(
      record, initial=before, final=weights.once(before, after)
    )
    for record, before, after in zip(records, initial, final)
  )
