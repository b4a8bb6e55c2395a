"""What do a TF1.x optimizer's updates give? One `session.run` a step.

1. The case's loss, `compute_gradients` and `apply_gradients` of the case's
   optimizer, with `global_step`, are added to the constructed graph, once.
2. UPDATE_OPS run in the same run as the update, before it, as the usual
   training loop has it (`control_dependencies(update_ops)`). All gradients come
   before any update as well: TF1.x variables are updated in place, and a
   gradient that still reads one would else see either value.
3. Variables and slots are read after each step, in a run of their own, which no
   random op takes part in; large ones in portions.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np
import tensorflow.compat.v1 as tf1

from parity import case as case_lib
from parity import errors
from parity.records import recording as recording_lib
from parity.records import request as request_lib
from parity.tf import usercode
from parity.tf.record import aside
from parity.tf.record import gradients
from parity.tf.record import graph as graph_lib
from parity.tf.record import optimizer as optimizer_lib
from parity.tf.record import session as session_lib
from parity.tf.record import sessions as sessions_lib
from parity.tf.record import slots as slots_lib
from parity.tf.record import training

_VARIABLES, _SLOTS = "variable", "slot"


@dataclasses.dataclass(frozen=True, eq=False)
class GraphTrainer:
  """The ops of one update.

  Attributes:
    optimizer: the case's.
    settings: of the optimizer.
    loss: the loss.
    update: the op that updates everything.
    gradients: tensor or IndexedSlices by variable name, None where there is
      none.
    shapes: shape by variable name.
    slots: what to fetch for each slot, by `variable/slot`.
    variables: what to fetch for each variable, by name.
    initializers: of the variables that the optimizer made.
    constraints: of the trained variables, as settings.
  """

  optimizer: Any
  settings: optimizer_lib.GraphSettings
  loss: Any
  update: Any
  gradients: Dict[str, Any]
  shapes: Dict[str, Tuple[int, ...]]
  slots: Dict[str, Any]
  variables: Dict[str, Any]
  initializers: Tuple[Any, ...]
  constraints: Dict[str, object]

  def gradient_fetches(self) -> Dict[str, List[Any]]:
    """Tensors to fetch by variable: one dense, or values and indices."""
    found: Dict[str, List[Any]] = {}
    for name, gradient in self.gradients.items():
      if isinstance(gradient, tf1.IndexedSlices):
        found[name] = [gradient.values, gradient.indices]
      elif gradient is not None:
        found[name] = [gradient]
    return found


def run(
  case: case_lib.Case,
  built: graph_lib.BuiltGraph,
  request: request_lib.Request,
) -> training.TrainingRun:
  """Runs as many updates as the request asks for.

  Args:
    case: has a `loss` and a `tf1_optimizer`.
    built: its graph.
    request: for the tf1 side, with `train_steps`.

  Raises:
    CaseCodeError: the user's code raised.
    CaseError: there is no loss, no optimizer, or nothing to train.
  """
  trainer = _trainer(case, built)
  rates: List[Dict[str, float]] = []
  steps: List[recording_lib.StepRecord] = []
  fetches = {
    "loss": trainer.loss,
    "update": trainer.update,
    "settings": trainer.settings.fetches(),
    "gradients": trainer.gradient_fetches() if request.gradients else {},
  }
  reads = {
    (kind, name): tensor
    for kind, tensors in (
      (_VARIABLES, trainer.variables),
      (_SLOTS, trainer.slots),
    )
    for name, tensor in tensors.items()
  }
  feed = session_lib.feed_of(built, request)
  with sessions_lib.make_session(
    built.graph, rewrites=request.rewrites
  ) as session:
    initial = session_lib.initialize(session, built, request).values
    usercode.call("tf1_optimizer", session.run, list(trainer.initializers))
    before = aside.set_aside(
      session_lib.fetched_in_pieces(session, trainer.slots)
    )
    for _ in range(request.train_steps):
      fetched = usercode.call("tf1", session.run, fetches, feed)
      after = aside.set_aside(session_lib.fetched_in_pieces(session, reads))
      rates.append({name: float(v) for name, v in fetched["settings"].items()})
      steps.append(_step(trainer, fetched, after))
  settings = optimizer_lib.with_steps(trainer.settings.constants, rates)
  return training.TrainingRun(
    inputs=built.inputs,
    variables=tuple(
      dataclasses.replace(variable.record, initial=value)
      for variable, value in zip(built.variables, initial)
    ),
    random_ops=built.random_ops,
    optimizer=optimizer_lib.record_of(
      trainer.optimizer,
      {
        **settings,
        **slots_lib.starts_of(before.items(), trainer.shapes),
        **trainer.constraints,
      },
      optimizer_lib.source_of(case.tf1_optimizer),
    ),
    steps=tuple(steps),
  )


def _trainer(case: case_lib.Case, built: graph_lib.BuiltGraph) -> GraphTrainer:
  """The update ops, added to the graph once."""
  if not built.trainers:
    built.trainers.append(_add_to_graph(case, built))
  found = built.trainers[0]
  assert isinstance(found, GraphTrainer)
  return found


def _add_to_graph(
  case: case_lib.Case, built: graph_lib.BuiltGraph
) -> GraphTrainer:
  if case.loss is None or case.tf1_optimizer is None:
    raise errors.CaseError(
      "The optimizer check needs `loss`, `tf1_optimizer` and `tf2_optimizer`."
    )
  graph = built.graph
  with graph_lib.extended(built):
    known = {v.name for v in _all_variables(graph)}
    global_step = tf1.train.get_or_create_global_step()
    optimizer = usercode.call(
      "tf1_optimizer",
      optimizer_lib.call_factory,
      "tf1_optimizer",
      case.tf1_optimizer,
    )
    loss = gradients.call_loss(case, built.nest, built.fed)
    pairs = usercode.call(
      "compute_gradients", optimizer.compute_gradients, loss
    )
    first = [
      _last_op(gradient) for gradient, _ in pairs if gradient is not None
    ]
    if not first:
      raise errors.CaseError(
        "The loss depends on no trainable variable of tf1."
      )
    updates = [graph.get_operation_by_name(name) for name in built.updates]
    with tf1.control_dependencies(updates + first):
      update = usercode.call(
        "apply_gradients",
        lambda: optimizer.apply_gradients(pairs, global_step=global_step),
      )
    created = [v for v in _all_variables(graph) if v.name not in known]
    made = [v for v in created if v is not global_step]
    slots = slots_lib.graph_slots(optimizer, [v for _, v in pairs], made)
    return GraphTrainer(
      optimizer=optimizer,
      settings=optimizer_lib.GraphSettings(optimizer),
      loss=loss,
      update=update,
      gradients={v.op.name: gradient for gradient, v in pairs},
      shapes={v.op.name: tuple(v.shape.as_list()) for _, v in pairs},
      slots=slots_lib.read(slots),
      variables={
        v.record.name: graph.get_tensor_by_name(v.read) for v in built.variables
      },
      initializers=tuple(v.initializer for v in created),
      constraints=optimizer_lib.constraints_of(
        {v.op.name: v for _, v in pairs}
      ),
    )


def _all_variables(graph: Any) -> List[Any]:
  keys = tf1.GraphKeys
  names = (keys.GLOBAL_VARIABLES, keys.LOCAL_VARIABLES)
  return [v for name in names for v in graph.get_collection(name)]


def _last_op(gradient: Any) -> Any:
  """What must have run before a gradient is there."""
  values = getattr(gradient, "values", gradient)
  return values.op


def _step(
  trainer: GraphTrainer,
  fetched: Dict[str, Any],
  after: Dict[Tuple[str, str], np.ndarray],
) -> recording_lib.StepRecord:
  gradients_found = _dense(fetched["gradients"], trainer.shapes)
  return recording_lib.StepRecord(
    loss=np.asarray(fetched["loss"]),
    variables=_of_kind(_VARIABLES, after),
    slots=_of_kind(_SLOTS, after),
    gradients=aside.set_aside(gradients_found.items()),
  )


def _of_kind(
  kind: str, values: Dict[Tuple[str, str], np.ndarray]
) -> Dict[str, np.ndarray]:
  return {name: value for (of, name), value in values.items() if of == kind}


def _dense(
  parts: Dict[str, Sequence[np.ndarray]], shapes: Dict[str, Tuple[int, ...]]
) -> Dict[str, np.ndarray]:
  """Gradient by variable; a sparse one summed into a dense array."""
  found = {}
  for name, part in parts.items():
    value = gradients.record_of(name, part, shapes[name]).value
    assert value is not None
    found[name] = value
  return found
