"""What do a TF2 optimizer's updates give? The usual eager training loop.

1. The port is made, and its variables get the values that the request asks
   for.
2. Each step is the next step of the aligned randomness: the port is called
   under a tape, the case's loss taken, and the optimizer given the gradients.
3. Variables and slots are read after each step.

A probe may lead the steps: with `steps_file` the variables get the other side's
values before each update, and the optimizer the other side's gradients, in the
form (dense or sparse) that the port's own have. What then differs is the
optimizer's doing alone; and the port's own gradients, which are recorded too,
are those at the other side's variables.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
from typing import (
  Any,
  Dict,
  Iterator,
  List,
  Mapping,
  Optional,
  Sequence,
  Tuple,
)

import numpy as np
import tensorflow as tf2

from parity import case as case_lib
from parity import errors
from parity.golden import tensors
from parity.records import recording as recording_lib
from parity.records import request as request_lib
from parity.tf import nests
from parity.tf import ports
from parity.tf import randomness
from parity.tf import scopes
from parity.tf import usercode
from parity.tf.record import aside
from parity.tf.record import gradients
from parity.tf.record import inputs as inputs_lib
from parity.tf.record import inventory
from parity.tf.record import optimizer as optimizer_lib
from parity.tf.record import port as port_lib
from parity.tf.record import slots as slots_lib
from parity.tf.record import training


@dataclasses.dataclass(frozen=True, eq=False)
class Trained:
  """A variable that is trained.

  Attributes:
    name: its tf1-side name.
    variable: the tf.Variable.
    original: what an optimizer is given: in Keras 3 a variable of Keras's own.
  """

  name: str
  variable: Any
  original: Any


@dataclasses.dataclass(frozen=True, eq=False)
class _Lead:
  """The other side's updates, by step."""

  arrays: Mapping[str, np.ndarray]

  def values(self, step: int, kind: str) -> Dict[str, np.ndarray]:
    """By tf1-side variable name; `kind` is `variable` or `gradient`."""
    prefix = f"{step}:{kind}:"
    return {
      key[len(prefix) :]: value
      for key, value in self.arrays.items()
      if key.startswith(prefix)
    }


def run(
  case: case_lib.Case, request: request_lib.Request
) -> training.TrainingRun:
  """Runs as many updates as the request asks for.

  Args:
    case: has a `loss` and a `tf2_optimizer`.
    request: for the tf2 side, with `train_steps`.

  Raises:
    AlignmentError: a step's random ops cannot be aligned.
    CaseCodeError: the user's code raised.
    CaseError: there is no loss, no optimizer, or nothing to train.
  """
  _check(case, request)
  arrays = usercode.call("inputs", inputs_lib.make_inputs, case, request.seed)
  ports.clear_keras_sessions()
  tool = randomness.DeterministicRandomTestTool(
    seed=request.seed, mode=request.random, on_escape="ignore"
  )
  with contextlib.ExitStack() as stack:
    stack.enter_context(tool.scope())
    creations = stack.enter_context(scopes.record_creations())
    with inventory.initial_values() as initial:
      port = port_lib.make_port(case)
      fed = nests.map_leaves(lambda _, array: tf2.constant(array), arrays)
      counts = [len(creations)]
      if request.weights != "initial":
        usercode.call("the port", lambda: port(fed, training=request.training))
        counts.append(len(creations))
        found = inventory.of_port(case, port, creations, counts)
        port_lib.put(request, found, initial)
        tool.restart()
      loop = _Loop(case, request, port, fed, tool)
      first = loop.forward()
      counts.append(len(creations))
      found = inventory.of_port(case, port, creations, counts)
      tool_ops = tool.observed
      loop.start(found, first)
      # An update makes another value where somebody holds the one before.
      started = aside.set_aside(initial.items())
      initial.clear()
      steps = [loop.update(found, first, 0)]
      for place in range(1, request.train_steps):
        tool.begin_step()
        steps.append(loop.update(found, loop.forward(), place))
  return training.TrainingRun(
    inputs=inputs_lib.by_path(arrays),
    variables=tuple(
      dataclasses.replace(item.record, initial=started.get(id(item.variable)))
      for item in found
    ),
    random_ops=tool_ops,
    optimizer=loop.record(),
    steps=tuple(steps),
  )


def _check(case: case_lib.Case, request: request_lib.Request) -> None:
  if case.loss is None or case.tf2_optimizer is None:
    raise errors.CaseError(
      "The optimizer check needs `loss`, `tf1_optimizer` and `tf2_optimizer`."
    )
  if request.mode != "eager":
    raise errors.UsageError(f"No updates in mode {request.mode!r}, only eager.")
  if request.draws_file and tensors.map_tensors(request.draws_file):
    raise errors.AlignmentError(
      "The forward pass draws random numbers from a stream that cannot be"
      " aligned, and what the reference drew is known for one step only."
    )


@dataclasses.dataclass(frozen=True, eq=False)
class _Taped:
  """A forward pass under a tape."""

  tape: Any
  loss: Any


class _Loop:
  """A port and its optimizer, while they train."""

  def __init__(
    self,
    case: case_lib.Case,
    request: request_lib.Request,
    port: Any,
    fed: Any,
    tool: randomness.DeterministicRandomTestTool,
  ) -> None:
    self._case = case
    self._request = request
    self._port = port
    self._fed = fed
    self._tool = tool
    self._lead: Optional[_Lead] = None
    if request.steps_file is not None:
      self._lead = _Lead(tensors.map_tensors(request.steps_file))
    self._trained: List[Trained] = []
    self._optimizer: Any = None
    self._rates: List[float] = []
    self._seen_rates: List[Dict[str, float]] = []
    self._starts: Dict[str, object] = {}
    self._counter: Dict[str, object] = {}

  def forward(self) -> _Taped:
    """The port's loss under a tape."""
    training_flag = self._request.training
    with tf2.GradientTape() as tape:
      result = usercode.call(
        "the port", lambda: self._port(self._fed, training=training_flag)
      )
      loss = gradients.call_loss(self._case, result, self._fed)
    return _Taped(tape, loss)

  def start(
    self, found: Sequence[inventory.PortVariable], first: _Taped
  ) -> None:
    """Makes the optimizer, when the port has its variables."""
    self._trained = _trained(self._port, found, first)
    if not self._trained:
      raise errors.CaseError("The port has no trainable variable.")
    self._optimizer = usercode.call(
      "tf2_optimizer",
      optimizer_lib.call_factory,
      "tf2_optimizer",
      self._case.tf2_optimizer,
    )
    if self._request.optimizer_settings is not None:
      settings = json.loads(self._request.optimizer_settings)
      self._optimizer, self._rates = optimizer_lib.changed(
        self._optimizer, settings
      )
    self._counter = optimizer_lib.counter_of(self._optimizer)

  def update(
    self, found: Sequence[inventory.PortVariable], taped: _Taped, place: int
  ) -> recording_lib.StepRecord:
    """One update, after the step's forward pass."""
    variables = [each.variable for each in self._trained]
    slopes = usercode.call(
      "GradientTape", taped.tape.gradient, taped.loss, variables
    )
    own = dict(zip([each.name for each in self._trained], slopes))
    given = own if self._lead is None else self._led(own, place)
    pairs = [
      (given[each.name], each)
      for each in self._trained
      if given[each.name] is not None
    ]
    if not pairs:
      raise errors.CaseError("The loss depends on no trainable variable.")
    if place == 0:
      self._build([each for _, each in pairs])
    if self._rates:
      inner = optimizer_lib.unwrapped(self._optimizer)
      inner.learning_rate = self._rates[min(place, len(self._rates) - 1)]
    rate = optimizer_lib.keras_rate(self._optimizer)
    self._seen_rates.append({} if rate is None else {"learning_rate": rate})
    scale = optimizer_lib.loss_scale(self._optimizer)
    usercode.call(
      "apply_gradients",
      self._optimizer.apply_gradients,
      [(_scaled(g, scale), each.original) for g, each in pairs],
    )
    record = recording_lib.StepRecord(
      loss=taped.loss.numpy(),
      variables=aside.set_aside(
        (item.record.tf1_name, np.array(item.variable.numpy()))
        for item in found
        if item.record.tracked
      ),
      slots=aside.set_aside(self._slots([each for _, each in pairs])),
      gradients=aside.set_aside(
        _arrays(own, self._trained) if self._request.gradients else ()
      ),
    )
    self._put_led(found, place + 1)
    return record

  def record(self) -> recording_lib.OptimizerRecord:
    """The optimizer as it was."""
    settings = optimizer_lib.keras_settings(self._optimizer)
    if any(not each for each in self._seen_rates):
      self._seen_rates = []
    return optimizer_lib.record_of(
      self._optimizer,
      {
        **optimizer_lib.with_steps(settings, self._seen_rates),
        **self._starts,
        **self._counter,
        **optimizer_lib.constraints_of(
          {each.name: each.original for each in self._trained}
        ),
      },
      optimizer_lib.source_of(self._case.tf2_optimizer),
    )

  def _build(self, trained: Sequence[Trained]) -> None:
    """Makes the slots before the first update, to see where they start."""
    build = getattr(self._optimizer, "build", None)
    if build is None:
      build = getattr(self._optimizer, "_create_all_weights", None)
    if build is not None:
      usercode.call(
        "the optimizer's build", build, [each.original for each in trained]
      )
    self._starts = slots_lib.starts_of(
      self._slots(trained) if build is not None else (),
      [each.name for each in trained],
    )

  def _slots(
    self, trained: Sequence[Trained]
  ) -> Iterator[Tuple[str, np.ndarray]]:
    return slots_lib.keras_slots(
      self._optimizer,
      [each.original for each in trained],
      {id(each.original): each.name for each in trained},
    )

  def _led(self, own: Mapping[str, Any], place: int) -> Dict[str, Any]:
    """The other side's gradients, in the form of the port's own."""
    assert self._lead is not None
    lead = self._lead.values(place, "gradient")
    found: Dict[str, Any] = {}
    for name, gradient in own.items():
      value = lead.get(name)
      if value is None or gradient is None:
        found[name] = gradient
      elif isinstance(gradient, tf2.IndexedSlices):
        found[name] = _summing_to(gradient, np.asarray(value))
      else:
        found[name] = tf2.constant(np.asarray(value))
    return found

  def _put_led(
    self, found: Sequence[inventory.PortVariable], place: int
  ) -> None:
    """Gives the variables the other side's values before the next step."""
    if self._lead is None:
      return
    values = self._lead.values(place, "variable")
    for item in found:
      value = values.get(item.record.tf1_name)
      if value is not None and tuple(value.shape) == item.record.shape:
        item.variable.assign(value)


def _scaled(gradient: Any, scale: float) -> Any:
  """A gradient of the scaled loss, which the optimizer scales back."""
  if scale == 1.0:
    return gradient
  if isinstance(gradient, tf2.IndexedSlices):
    return tf2.IndexedSlices(
      gradient.values * scale, gradient.indices, gradient.dense_shape
    )
  return gradient * scale


def _summing_to(own: Any, dense: np.ndarray) -> Any:
  """Sparse gradients with their repeated rows, which sum up to dense ones.

  A rule that clips by a norm sees each repetition.
  """
  indices = own.indices.numpy()
  values = own.values.numpy()
  sums = np.zeros(dense.shape, values.dtype)
  np.add.at(sums, indices, values)
  counts = np.bincount(indices, minlength=len(dense))[indices]
  counts = counts.reshape((-1,) + (1,) * (dense.ndim - 1))
  values = values + (dense - sums)[indices] / counts
  return tf2.IndexedSlices(
    tf2.constant(values.astype(dense.dtype)),
    own.indices,
    dense_shape=own.dense_shape,
  )


def _trained(
  port: Any, found: Sequence[inventory.PortVariable], first: _Taped
) -> List[Trained]:
  """What is trained: what the port lists, or else what the tape watched."""
  names = {id(item.variable): item.record.tf1_name for item in found}
  tracked = ports.tracked_variables(port)
  if tracked is None:
    return [
      Trained(names[id(v)], v, v)
      for v in first.tape.watched_variables()
      if id(v) in names
    ]
  return [
    Trained(names[id(item.variable)], item.variable, item.original)
    for item in tracked
    if item.trainable and id(item.variable) in names
  ]


def _arrays(
  own: Mapping[str, Any], trained: Sequence[Trained]
) -> Iterator[Tuple[str, np.ndarray]]:
  shapes: Dict[str, Tuple[int, ...]] = {
    each.name: tuple(each.variable.shape) for each in trained
  }
  for name, gradient in own.items():
    value = gradients.eager_record(name, gradient, shapes[name]).value
    if value is not None:
      yield name, value
