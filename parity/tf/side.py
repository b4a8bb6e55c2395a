"""How does a side fulfil Requests in this process? Records, and keeps graphs.

A side holds one case. Graphs that were constructed stay, so that requests which
need the same one share it. Where it was told what else will come, a large graph
is constructed while a session runs the one before. In a process of its own the
side has the behaviour of its generation for good; otherwise each request runs
inside a context that restores what it changed.
"""

from __future__ import annotations

from concurrent import futures
import contextlib
import dataclasses
import gc
import os
import tempfile
import time
from typing import Dict, Iterator, List, Optional, Sequence, Tuple

from parity import case as case_lib
from parity import errors
from parity.records import facts as facts_lib
from parity.records import recording as recording_lib
from parity.records import request as request_lib
from parity.tf import behaviour
from parity.tf import identity as identity_lib
from parity.tf import ports
from parity.tf import randomness
from parity.tf.compat import conversions
from parity.tf.compat import keras as compat_keras
from parity.tf.compat import resources
from parity.tf.record import aside
from parity.tf.record import checkpoint as checkpoint_lib
from parity.tf.record import eager_steps
from parity.tf.record import graph as graph_lib
from parity.tf.record import graph_steps
from parity.tf.record import port as port_lib
from parity.tf.record import session as session_lib
from parity.tf.record import sessions as sessions_lib
from parity.tf.record import training

# From so many ops on, a session's first run takes long enough to build beside.
_LARGE = 2000


@dataclasses.dataclass(frozen=True)
class _Key:
  """What a graph is constructed for."""

  training: bool
  seed: int
  inline: bool = False


def _key(request: request_lib.Request) -> _Key:
  return _Key(request.training, request.seed)


def _is_plain(request: request_lib.Request) -> bool:
  """Whether a request only runs a graph, and adds nothing to it."""
  return (
    request.side == "tf1"
    and request.weights != "checkpoint"
    and not (request.gradients or request.train_steps or request.trace)
  )


class Side:
  """One side of one case in this process.

  Args:
    case: what to run.
    path: the case file, for facts.
    side: `tf1` or `tf2`.
    cell: the cell's name, for reports.
    numerics: the numerics policy that this process was started with.
  """

  def __init__(
    self,
    case: case_lib.Case,
    *,
    side: str,
    path: Optional[str] = None,
    cell: str = "local",
    numerics: str = "default",
  ) -> None:
    self._case = dataclasses.replace(
      case, checkpoint=checkpoint_lib.resolved(case.checkpoint, beside=path)
    )
    self._side = side
    self._path = path
    self._cell = cell
    self._numerics = numerics
    self._sessions = sessions_lib.Sessions()
    self._ready: Dict[request_lib.Request, recording_lib.Recording] = {}
    self._graphs: Dict[_Key, graph_lib.BuiltGraph] = {}
    self._is_large = False
    self._expected: Tuple[request_lib.Request, ...] = ()
    self.notes: List[str] = []

  def expect(self, requests: Sequence[request_lib.Request]) -> None:
    """Says which requests will come, in order, so that work can overlap."""
    self._expected = tuple(requests)

  def prepare(self, request: request_lib.Request) -> None:
    """Constructs the graph that a request of the tf1 side will need.

    What goes wrong is told where the request comes.
    """
    if request.side == self._side == "tf1":
      with self._behaviour(), contextlib.suppress(errors.ParityError):
        self._graph_for(request)

  @property
  def facts(self) -> facts_lib.CaseFacts:
    """The case as plain data; on the tf2 side, what kind of port it makes."""
    facts = case_lib.facts_of(self._case, path=self._path)
    if self._side != "tf2" or self._case.tf2 is None:
      return facts
    # Where ops must be deterministic, a random one without a seed is an error.
    tool = randomness.DeterministicRandomTestTool(
      seed=self._case.seed, on_escape="ignore"
    )
    with self._behaviour(), tool.scope():
      port = port_lib.make_port(self._case)
    return dataclasses.replace(facts, is_keras_layer=ports.is_keras_layer(port))

  def identify(self) -> recording_lib.Identity:
    """Where this side runs."""
    return identity_lib.identify(cell=self._cell, numerics=self._numerics)

  def fulfil(self, request: request_lib.Request) -> recording_lib.Recording:
    """Runs the side as the request asks.

    Raises:
      ParityError: of a class that says whose mistake it is.
    """
    if request.side != self._side:
      raise errors.UsageError(
        f"A {self._side} side cannot fulfil a {request.side} request."
      )
    start = time.perf_counter()
    with self._behaviour():
      if request in self._ready:
        recording = self._ready.pop(request)
      elif request.weights == "checkpoint":
        recording = self._restored(request)
      elif request.side == "tf1":
        recording = self._fulfil_graph(request)
      else:
        recording = self._fulfil_port(request)
    return dataclasses.replace(
      recording,
      notes=tuple(self.notes) + recording.notes,
      seconds=time.perf_counter() - start,
    )

  def _restored(self, request: request_lib.Request) -> recording_lib.Recording:
    """A run with the weights of the case's checkpoint."""
    if self._case.checkpoint is None:
      raise errors.CaseError("The case has no `checkpoint`.")
    with tempfile.TemporaryDirectory(prefix="parity-checkpoint-") as folder:
      found = checkpoint_lib.open_checkpoint(self._case.checkpoint)
      path = os.path.join(folder, "entries.safetensors")
      found.write(path)
      restoring = dataclasses.replace(request, weights_file=path)
      if request.side == "tf1":
        recording = self._fulfil_graph(restoring)
      else:
        recording = self._fulfil_port(restoring)
    return dataclasses.replace(
      recording,
      request=request,
      checkpoint=checkpoint_lib.coverage_of(found.entries, recording.variables),
    )

  @contextlib.contextmanager
  def _behaviour(self) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
      if self._side == "tf1":
        stack.enter_context(behaviour.tf1_behaviour())
      stack.enter_context(behaviour.kept(self.notes))
      stack.enter_context(compat_keras.unchanged_bases_kept())
      stack.enter_context(conversions.keras_left_alone())
      stack.enter_context(resources.handles_of_one_kernel())
      yield

  def _fulfil_graph(
    self, request: request_lib.Request
  ) -> recording_lib.Recording:
    built = self._graph_for(request)
    if request.train_steps:
      trained = graph_steps.run(self._case, built, request)
      return self._trained_recording(request, trained)
    same, other = self._ahead(request)
    if other is None or len(built.graph.get_operations()) < _LARGE:
      return self._run(built, request)
    # A session leaves the interpreter free to construct the next graph.
    with futures.ThreadPoolExecutor(1) as pool:
      running = pool.submit(self._run_several, built, (request, *same))
      with contextlib.suppress(errors.ParityError):
        # It is raised where its own request comes.
        self._graph(other)
      recording, *later = running.result()
    self._ready.update(zip(same, later))
    return recording

  def _ahead(
    self, request: request_lib.Request
  ) -> Tuple[List[request_lib.Request], Optional[request_lib.Request]]:
    """The next requests of the same graph, and the first of one not there."""
    if request not in self._expected or not _is_plain(request):
      return [], None
    same: List[request_lib.Request] = []
    place = self._expected.index(request)
    for other in self._expected[place + 1 :]:
      if not _is_plain(other):
        break
      if _key(other) not in self._graphs:
        return same, other
      if _key(other) != _key(request):
        break
      same.append(other)
    return [], None

  def _run_several(
    self,
    built: graph_lib.BuiltGraph,
    requests: Sequence[request_lib.Request],
  ) -> List[recording_lib.Recording]:
    """Recordings of one graph, up to a later request that fails."""
    found = [self._run(built, requests[0])]
    with contextlib.suppress(errors.ParityError):
      found.extend(self._run(built, request) for request in requests[1:])
    return found

  def _run(
    self, built: graph_lib.BuiltGraph, request: request_lib.Request
  ) -> recording_lib.Recording:
    found = session_lib.run(self._case, built, request, self._sessions)
    return recording_lib.Recording(
      request=request,
      identity=self.identify(),
      inputs=built.inputs,
      variables=found.variables,
      outputs=found.outputs,
      losses=found.losses,
      random_ops=found.random_ops,
      loss=found.loss,
      gradients=found.gradients,
      trace=found.trace,
    )

  def _graph_for(self, request: request_lib.Request) -> graph_lib.BuiltGraph:
    """The graph that a request runs."""
    built = self._graph(request)
    if request.trace and graph_lib.has_calls(built):
      with contextlib.suppress(errors.CaseCodeError):
        # A body that needs AutoGraph cannot stand in place; its call is seen.
        built = self._graph(request, inline=True)
    return built

  def _graph(
    self, request: request_lib.Request, *, inline: bool = False
  ) -> graph_lib.BuiltGraph:
    """The graph of a mode and a seed, constructed once."""
    key = dataclasses.replace(_key(request), inline=inline)
    if key not in self._graphs:
      self._graphs[key] = graph_lib.build(
        self._case, training=key.training, seed=key.seed, inline=inline
      )
    return self._graphs[key]

  def _fulfil_port(
    self, request: request_lib.Request
  ) -> recording_lib.Recording:
    def keep(other: request_lib.Request, found: port_lib.PortRun) -> None:
      kept = aside.records_aside(found.variables, "initial", "final")
      self._ready[other] = self._port_recording(
        other, dataclasses.replace(found, variables=kept)
      )

    if self._is_large:
      # Cycles of objects still hold the variables of the port before.
      gc.collect()
    if request.train_steps:
      trained = eager_steps.run(self._case, request)
      return self._trained_recording(request, trained)
    found = port_lib.run(self._case, request, keep)
    self._is_large = aside.size_of(found.variables) > aside.LARGE
    return self._port_recording(request, found)

  def _trained_recording(
    self, request: request_lib.Request, found: training.TrainingRun
  ) -> recording_lib.Recording:
    return recording_lib.Recording(
      request=request,
      identity=self.identify(),
      inputs=found.inputs,
      variables=found.variables,
      random_ops=found.random_ops,
      optimizer=found.optimizer,
      steps=found.steps,
      notes=found.notes,
    )

  def _port_recording(
    self, request: request_lib.Request, found: port_lib.PortRun
  ) -> recording_lib.Recording:
    return recording_lib.Recording(
      request=request,
      identity=self.identify(),
      inputs=found.inputs,
      variables=found.variables,
      outputs=found.outputs,
      losses=found.losses,
      random_ops=found.random_ops,
      loss=found.loss,
      gradients=found.gradients,
      trace=found.trace,
    )
