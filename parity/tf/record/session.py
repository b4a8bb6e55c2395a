"""What does a constructed graph give? Runs it in a session.

1. Variables get their initial values, then others where the request asks.
   A value is put in by feeding the value tensor of the variable's own
   initialiser: this works for reference and resource variables alike.
2. Outputs, losses and update ops are fetched in one `session.run`, since the
   random ops of a graph advance at every run.
3. Final values are read afterwards, and only where updates may have run.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Optional, Tuple

import numpy as np
import tensorflow.compat.v1 as tf1

from parity import case as case_lib
from parity.records import recording as recording_lib
from parity.records import request as request_lib
from parity.records import trace as trace_lib
from parity.tf import random_ops
from parity.tf import usercode
from parity.tf.record import drawn
from parity.tf.record import gradients
from parity.tf.record import graph as graph_lib
from parity.tf.record import graph_trace
from parity.tf.record import inputs as inputs_lib
from parity.tf.record import weights


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


def make_session(graph: Any, *, rewrites: bool) -> Any:
  """A session; without `rewrites` every graph optimisation is off."""
  config = tf1.ConfigProto()
  if not rewrites:
    options = config.graph_options
    options.rewrite_options.disable_meta_optimizer = True
    options.optimizer_options.opt_level = -1
  return tf1.Session(graph=graph, config=config)


def seeded_graph(built: graph_lib.BuiltGraph, random: str) -> Any:
  """The graph with the seeds of a mode of the aligned randomness."""
  if random == "num_random_ops" or not built.random_ops:
    return built.graph
  graph_def = built.graph.as_graph_def(add_shapes=True)
  graph = tf1.Graph()
  with graph.as_default():
    tf1.import_graph_def(random_ops.with_constant_seeds(graph_def), name="")
  return graph


def run(
  case: case_lib.Case,
  built: graph_lib.BuiltGraph,
  request: request_lib.Request,
) -> SessionRun:
  """Runs a constructed graph as the request asks."""
  found = _gradients(case, built) if request.gradients else None
  graph = seeded_graph(built, request.random)
  targets = _targets(built, request, found)
  ops = graph_trace.needed_ops(targets) if request.trace else []
  traced = [tensor.name for tensor in graph_trace.fetchable(ops)]
  rewrites = request.rewrites and not request.trace
  with make_session(graph, rewrites=rewrites) as session:
    initialize(session, built, request)
    keep_values = request.weights != "constant" or request.trace
    initial = read_variables(session, built) if keep_values else []
    fetches = {
      "outputs": [built.output_names[o.path] for o in built.outputs],
      "losses": list(built.loss_names),
      "updates": list(built.updates) if request.training else [],
      "gradients": gradients.fetches_of(found) if found else {},
      "loss": found.loss.name if found else [],
      "traced": traced,
      "drawn": drawn.fetches_of(built.random_ops, targets)
      if request.draws
      else {},
    }
    fetched = usercode.call(
      "tf1", session.run, fetches, feed_of(built, request)
    )
    changed = request.training and bool(built.updates)
    final = read_variables(session, built) if changed else initial
  variables = _variable_records(built, initial, final)
  trace = None
  if request.trace:
    trace = graph_trace.build(
      ops,
      dict(zip(traced, fetched["traced"])),
      targets,
      inputs=built.placeholders,
      initial={v.name: v.initial for v in variables if v.initial is not None},
      final={v.name: v.final for v in variables if v.final is not None},
      phases=found.phases if found else {},
      keep=request.trace_values,
    )
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
    random_ops=drawn.with_values(built.random_ops, fetched["drawn"]),
    loss=np.asarray(fetched["loss"]) if found else None,
    gradients=(
      gradients.records_of(found, fetched["gradients"]) if found else ()
    ),
    trace=trace,
  )


def _gradients(
  case: case_lib.Case, built: graph_lib.BuiltGraph
) -> gradients.GraphGradients:
  """Adds the gradients to the graph, once."""
  if built.gradients:
    return built.gradients[0]
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


def initialize(
  session: Any, built: graph_lib.BuiltGraph, request: request_lib.Request
) -> None:
  """Gives every variable its value for this request."""
  records = [v.record for v in built.variables]
  values = weights.values_for(request, records)
  own = [v for v in built.variables if v.record.name not in values]
  if own or built.other_initializers:
    usercode.call(
      "tf1",
      session.run,
      [v.initializer for v in own] + list(built.other_initializers),
    )
  put(session, built, values)
  if request.perturb:
    put(session, built, _perturbed(session, built, request.perturb))


def put(
  session: Any, built: graph_lib.BuiltGraph, values: Dict[str, np.ndarray]
) -> None:
  """Sets variables by name."""
  chosen = [v for v in built.variables if v.record.name in values]
  if chosen:
    feed = {v.initial_value: values[v.record.name] for v in chosen}
    session.run([v.initializer for v in chosen], feed)


def read_variables(
  session: Any, built: graph_lib.BuiltGraph
) -> List[np.ndarray]:
  """The value of every variable, in order."""
  values = session.run([v.read for v in built.variables])
  return [np.asarray(value) for value in values]


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


def _perturbed(
  session: Any, built: graph_lib.BuiltGraph, seed: int
) -> Dict[str, np.ndarray]:
  rng = np.random.RandomState(seed + 1)
  values = read_variables(session, built)
  return {
    variable.record.name: inputs_lib.move_one_ulp(value, rng)
    for variable, value in zip(built.variables, values)
  }


def _variable_records(
  built: graph_lib.BuiltGraph,
  initial: List[np.ndarray],
  final: List[np.ndarray],
) -> Tuple[recording_lib.VariableRecord, ...]:
  records = [v.record for v in built.variables]
  if not initial:
    return tuple(records)
  return tuple(
    dataclasses.replace(record, initial=before, final=same_or(before, after))
    for record, before, after in zip(records, initial, final)
  )


def same_or(before: np.ndarray, after: np.ndarray) -> np.ndarray:
  """`before` itself where `after` has its very bytes: then stored once."""
  if before is after or (
    before.shape == after.shape and before.tobytes() == after.tobytes()
  ):
    return before
  return after
