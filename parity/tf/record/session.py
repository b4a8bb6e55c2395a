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
from typing import Any, Dict, List, Tuple

import numpy as np
import tensorflow.compat.v1 as tf1

from parity.records import recording as recording_lib
from parity.records import request as request_lib
from parity.tf import randomness
from parity.tf import usercode
from parity.tf.record import graph as graph_lib
from parity.tf.record import inputs as inputs_lib
from parity.tf.record import weights


@dataclasses.dataclass(frozen=True, eq=False)
class SessionRun:
  """What one run gave, before it becomes a Recording."""

  variables: Tuple[recording_lib.VariableRecord, ...]
  outputs: Tuple[recording_lib.OutputRecord, ...]
  losses: Tuple[recording_lib.LossRecord, ...]


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
    tf1.import_graph_def(randomness.with_constant_seeds(graph_def), name="")
  return graph


def run(
  built: graph_lib.BuiltGraph, request: request_lib.Request
) -> SessionRun:
  """Runs a constructed graph as the request asks."""
  graph = seeded_graph(built, request.random)
  with make_session(graph, rewrites=request.rewrites) as session:
    initialize(session, built, request)
    keep_values = request.weights != "constant"
    initial = read_variables(session, built) if keep_values else []
    fetches = {
      "outputs": [built.output_names[o.path] for o in built.outputs],
      "losses": list(built.loss_names),
      "updates": list(built.updates) if request.training else [],
    }
    fetched = usercode.call(
      "tf1", session.run, fetches, feed_of(built, request)
    )
    changed = request.training and bool(built.updates)
    final = read_variables(session, built) if changed else initial
  return SessionRun(
    variables=_variable_records(built, initial, final),
    outputs=tuple(
      dataclasses.replace(record, value=np.asarray(value))
      for record, value in zip(built.outputs, fetched["outputs"])
    ),
    losses=tuple(
      dataclasses.replace(record, value=np.asarray(value))
      for record, value in zip(built.losses, fetched["losses"])
    ),
  )


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
    dataclasses.replace(
      record, initial=before, final=same_or(before, after)
    )
    for record, before, after in zip(records, initial, final)
  )


def same_or(before: np.ndarray, after: np.ndarray) -> np.ndarray:
  """`before` itself where `after` has its very bytes: then stored once."""
  if before is after or (
    before.shape == after.shape and before.tobytes() == after.tobytes()
  ):
    return before
  return after
