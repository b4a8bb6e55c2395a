"""How does a test of the optimizer check get runs, without TensorFlow?

A `Trainer` is a side that really trains, in NumPy: a linear model under squared
error, a moving average of its outputs, plain or momentum descent or Adam. It
fulfils the Requests that probes make: carried weights, another side's updates
that lead it, other settings, a perturbation. A `Machine` is both sides of a
case. Nothing of ours is mocked: what a test sees are recordings of such runs.

>>> machine = Machine(Trainer("tf1"), Trainer("tf2", settings={"rate": 0.2}))
>>> [len(r.steps) for r in (machine.evidence.tf1, machine.evidence.tf2)]
[3, 3]
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Callable, Dict, List, Mapping, Optional

import numpy as np

from parity.checks import check
from parity.compare import noise
from parity.records import recording as recording_lib
from parity.records import request as request_lib
from testing import fakes

KERNEL, BIAS, AVERAGE = "net/fc/kernel", "net/fc/bias", "net/average"
STEPS = 3

Arrays = Dict[str, np.ndarray]
Change = Callable[[Arrays, int], Arrays]

_CLASSES = {
  ("tf1", "sgd"): "tensorflow.python.training.GradientDescentOptimizer",
  ("tf2", "sgd"): "keras.optimizers.SGD",
  ("tf1", "adam"): "tensorflow.python.training.adam.AdamOptimizer",
  ("tf2", "adam"): "keras.optimizers.Adam",
}
_KERAS_CLIPS = {"clipnorm": None, "clipvalue": None, "global_clipnorm": None}


def clip_each(gradients: Arrays, limit: float) -> Arrays:
  """Each gradient by its own norm."""
  return {
    name: g * np.float32(min(1.0, limit / max(np.linalg.norm(g), 1e-30)))
    for name, g in gradients.items()
  }


def clip_together(gradients: Arrays, limit: float) -> Arrays:
  """All gradients by their global norm."""
  norm = sum(float(np.sum(np.square(g))) for g in gradients.values()) ** 0.5
  factor = np.float32(min(1.0, limit / max(norm, 1e-30)))
  return {name: g * factor for name, g in gradients.items()}


def clip_elements(gradients: Arrays, limit: float) -> Arrays:
  """Each element."""
  return {name: np.clip(g, -limit, limit) for name, g in gradients.items()}


_CLIPPERS = {
  "clipnorm": clip_each,
  "clipvalue": clip_elements,
  "global_clipnorm": clip_together,
}


@dataclasses.dataclass(frozen=True, eq=False)
class Trainer:
  """A side that trains.

  Attributes:
    side: `tf1` or `tf2`.
    rule: `sgd` or `adam`.
    settings: of the optimizer, `rate` for its learning rate.
    compute: what its own compute_gradients makes of the gradients of a step.
    apply: the same of its own apply_gradients.
    slopes: what else becomes of its gradients, by a bug of the model.
    momentum: by which the average moves; 1 for not at all.
    trains: the variables that it trains.
    forgets: whether its class, made again with other settings, lacks `apply`.
  """

  side: str
  rule: str = "sgd"
  settings: Mapping[str, Any] = dataclasses.field(default_factory=dict)
  compute: Optional[Change] = None
  apply: Optional[Change] = None
  slopes: Optional[Change] = None
  momentum: float = 0.9
  trains: Any = (KERNEL, BIAS)
  forgets: bool = False

  def run(
    self, request: request_lib.Request, files: Mapping[str, Arrays]
  ) -> recording_lib.Recording:
    """Fulfils a Request."""
    rng = np.random.RandomState(7)
    x = rng.normal(size=(6, 4)).astype(np.float32)
    target = rng.normal(size=(6, 3)).astype(np.float32)
    start = _start()
    if request.weights == "carried":
      start.update(files[request.weights_file or ""])
    if request.perturb:
      moved = np.random.RandomState(request.perturb)
      x = noise.moved(x, moved)
      start = {n: noise.moved(v, moved) for n, v in start.items()}
    own = self._settings(request)
    is_bare = self.forgets and request.optimizer_settings is not None
    lead = files.get(request.steps_file or "", {})
    values = {name: np.array(value) for name, value in start.items()}
    slots: Arrays = {}
    steps: List[recording_lib.StepRecord] = []
    gradients: Arrays = {}
    for place in range(max(request.train_steps, 1)):
      loss, slopes = _slopes(x, target, values)
      raw = self._own_gradients(slopes, place)
      output = np.mean(x @ values[KERNEL] + values[BIAS], dtype=np.float32)
      share = np.float32(1.0 - self.momentum)
      values[AVERAGE] = values[AVERAGE] + share * (output - values[AVERAGE])
      if request.train_steps:
        led = {n: lead.get(f"{place}:gradient:{n}", g) for n, g in raw.items()}
        self._move(
          values, slots, self._given(led, own, place, is_bare), own, place
        )
      steps.append(
        recording_lib.StepRecord(
          loss=loss,
          variables={name: np.array(value) for name, value in values.items()},
          slots={name: np.array(value) for name, value in slots.items()},
          gradients=raw if request.gradients else {},
        )
      )
      gradients = raw if place == 0 else gradients
      values = {
        name: np.array(lead.get(f"{place + 1}:variable:{name}", value))
        for name, value in values.items()
      }
    return fakes.make_recording(
      self.side,
      request=request,
      variables=tuple(
        fakes.make_variable(
          name,
          value.shape,
          initial=value,
          final=steps[-1].variables[name],
          trainable=name != AVERAGE,
        )
        for name, value in start.items()
      ),
      gradients=tuple(
        recording_lib.GradientRecord(n, g) for n, g in gradients.items()
      ),
      optimizer=self._record(own),
      steps=tuple(steps) if request.train_steps else (),
    )

  def _own_gradients(self, slopes: Arrays, place: int) -> Arrays:
    """What its compute_gradients gives."""
    found = {name: slopes[name] for name in self.trains}
    for change in (self.slopes, self.compute):
      found = found if change is None else change(found, place)
    return found

  def _given(
    self, gradients: Arrays, own: Mapping[str, Any], place: int, is_bare: bool
  ) -> Arrays:
    """What its apply_gradients gives the rule."""
    found = gradients
    if self.apply is not None and not is_bare:
      found = self.apply(gradients, place)
    for name, clipper in _CLIPPERS.items():
      found = clipper(found, float(own[name])) if own.get(name) else found
    return found

  def _settings(self, request: request_lib.Request) -> Dict[str, Any]:
    own: Dict[str, Any] = {"learning_rate": 0.1}
    if self.rule == "adam":
      own.update(beta_1=0.9, beta_2=0.999, epsilon=1e-7)
    if self.side == "tf2":
      own.update(_KERAS_CLIPS)
    given = dict(self.settings)
    if "rate" in given:
      given["learning_rate"] = given.pop("rate")
    own.update(given)
    own.update(json.loads(request.optimizer_settings or "{}"))
    return own

  def _record(self, own: Dict[str, Any]) -> recording_lib.OptimizerRecord:
    told = dict(own)
    methods = ("compute_gradients", "apply_gradients")
    overridden = [
      name
      for name, change in zip(methods, (self.compute, self.apply))
      if change is not None
    ]
    if overridden:
      told["class"], told["overrides"] = "Own", ", ".join(overridden)
    return recording_lib.OptimizerRecord(
      _CLASSES[self.side, self.rule], told, source="model.py:40"
    )

  def _move(
    self,
    values: Arrays,
    slots: Arrays,
    given: Arrays,
    own: Mapping[str, Any],
    place: int,
  ) -> None:
    """One update in place."""
    rate = own["learning_rate"]
    if isinstance(rate, (list, tuple)):
      rate = rate[min(place, len(rate) - 1)]
    for name, gradient in given.items():
      if self.rule == "sgd":
        values[name] = values[name] - np.float32(rate) * gradient
        continue
      zero = np.zeros_like(gradient)
      b1, b2 = own["beta_1"], own["beta_2"]
      m = b1 * slots.get(f"{name}/m", zero) + (1 - b1) * gradient
      v = b2 * slots.get(f"{name}/v", zero) + (1 - b2) * gradient**2
      slots[f"{name}/m"], slots[f"{name}/v"] = _single(m), _single(v)
      first, second = 1 - b1 ** (place + 1), 1 - b2 ** (place + 1)
      step = rate * second**0.5 / first * m / (np.sqrt(v) + own["epsilon"])
      values[name] = _single(values[name] - step)


def _single(value: Any) -> np.ndarray:
  return np.asarray(value, np.float32)


def _start() -> Arrays:
  rng = np.random.RandomState(3)
  return {
    KERNEL: rng.normal(size=(4, 3)).astype(np.float32),
    BIAS: rng.normal(size=3).astype(np.float32),
    AVERAGE: np.zeros((), np.float32),
  }


def _slopes(x: np.ndarray, target: np.ndarray, values: Arrays) -> Any:
  error = x @ values[KERNEL] + values[BIAS] - target
  loss = np.float32(0.5 * np.mean(np.sum(np.square(error), axis=1)))
  error = error / np.float32(len(x))
  return loss, {KERNEL: x.T @ error, BIAS: np.sum(error, axis=0)}


class Machine:
  """Both sides of a case that trains.

  Args:
    tf1: the tf1 side.
    tf2: the port.
  """

  def __init__(self, tf1: Trainer, tf2: Trainer) -> None:
    self._sides = {"tf1": tf1, "tf2": tf2}
    self._files: Dict[str, Arrays] = {}
    self.asked: List[request_lib.Request] = []
    made = [
      self._sides[side].run(
        fakes.make_request(
          side,
          training=True,
          train_steps=STEPS,
          gradients=side == "tf1",
        ),
        self._files,
      )
      for side in ("tf1", "tf2")
    ]
    self.evidence = fakes.make_evidence(
      made[0], made[1], has_loss=True, has_optimizers=True
    )

  @property
  def probes(self) -> check.Probes:
    """What a check may have run."""
    return check.Probes(ask=self._ask, write=self._write)

  def _ask(self, request: request_lib.Request) -> recording_lib.Recording:
    self.asked.append(request)
    return self._sides[request.side].run(request, self._files)

  def _write(self, arrays: Mapping[str, np.ndarray]) -> str:
    name = f"file-{len(self._files)}"
    self._files[name] = dict(arrays)
    return name
