"""Who fulfils the Requests of a run, and how do both sides work at once?

Each side fulfils its Requests in order, both sides at the same time where they
are processes, and equal Requests once. A Request that fails is an answer too:
what went wrong with it concerns the checks that need it and no other.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import time
from typing import (
  Any,
  Callable,
  Dict,
  Iterator,
  Mapping,
  Optional,
  Sequence,
  Union,
)

from parity import case as case_lib
from parity import errors
from parity.records import options as options_lib
from parity.records import recording as recording_lib
from parity.records import request as request_lib
from parity.records import trace as trace_lib
from parity.records import vocabulary
from parity.sides import local_side
from parity.sides import side as side_lib
from parity.sides import worker_side

Ask = Callable[[request_lib.Request], recording_lib.Recording]
Work = Callable[[], Any]


@dataclasses.dataclass(frozen=True, eq=False)
class Sides:
  """Who fulfils the Requests of a run."""

  tf1: side_lib.Side
  tf2: side_lib.Side

  @property
  def is_here(self) -> bool:
    """Whether one of them does its work in this process."""
    return self.tf1.is_here or self.tf2.is_here

  def of(self, name: str) -> side_lib.Side:
    """The side of a name."""
    return self.tf1 if name == "tf1" else self.tf2

  def replay(self, trace: trace_lib.Trace) -> trace_lib.Trace:
    """Runs a trace of either side again in float64, on one that is live."""
    doer = self.tf2 if self.tf2.is_live else self.tf1
    return doer.replay(trace)

  def prepare(self, request: request_lib.Request) -> None:
    """Has the side of a Request get ready for it."""
    self.of(request.side).prepare(request)

  def begin(self, work: Work) -> Work:
    """Begins work at once where both sides are processes, else when asked.

    Returns:
      What waits for the work's result. Where nobody asks for it, closing the
      sides ends it.
    """
    if self.is_here:
      return work
    pool = concurrent.futures.ThreadPoolExecutor(1)
    future = pool.submit(work)
    pool.shutdown(wait=False)
    return future.result


@dataclasses.dataclass(frozen=True, eq=False)
class Answer:
  """A Recording, or why there is none."""

  recording: Optional[recording_lib.Recording] = None
  error: Optional[errors.ParityError] = None
  seconds: float = 0.0


Take = Callable[[request_lib.Request, Answer], None]


@contextlib.contextmanager
def open_sides(
  options: options_lib.Options, case: Optional[case_lib.Case] = None
) -> Iterator[Sides]:
  """Makes both sides, and ends them whatever happens."""
  with contextlib.ExitStack() as stack:
    made = [
      stack.enter_context(contextlib.closing(make_side(n, options, case=case)))
      for n in vocabulary.SIDES
    ]
    yield Sides(*made)


def make_side(
  name: str,
  options: options_lib.Options,
  *,
  case: Optional[case_lib.Case] = None,
) -> Union[worker_side.WorkerSide, local_side.LocalSide]:
  """A side that runs TensorFlow; whoever asked for it closes it."""
  if options.isolate and case is None:
    return worker_side.WorkerSide(name, options=options)
  return local_side.LocalSide(name, options=options, case=case)


def load_both(sides: Sides, target: str) -> Dict[str, side_lib.Loaded]:
  """Has each side load a case; what loading told, by side."""
  return both(lambda name: sides.of(name).load(target), sides)


def both(work: Callable[[str], Any], sides: Sides) -> Dict[str, Any]:
  """Does the work for both sides; at once where they are processes."""
  if sides.is_here:
    return {name: work(name) for name in vocabulary.SIDES}
  with concurrent.futures.ThreadPoolExecutor(2) as pool:
    futures = {name: pool.submit(work, name) for name in vocabulary.SIDES}
    try:
      return {name: future.result() for name, future in futures.items()}
    except errors.ParityError:
      # The other side comes to its end, and both can take the next case.
      raise
    except BaseException:
      # Ends what still runs, or leaving the pool would wait for it.
      try:
        sides.tf1.close()
      finally:
        # Also where the user presses Ctrl-C again meanwhile.
        sides.tf2.close()
      raise


def fulfil_all(
  sides: Sides,
  requests: Sequence[request_lib.Request],
  *,
  case: str,
  take: Take,
  watch: Optional[options_lib.Watcher] = None,
  checks: Optional[Mapping[request_lib.Request, Sequence[str]]] = None,
) -> None:
  """Has each side fulfil its Requests in order, equal ones once.

  Args:
    sides: who fulfils them.
    requests: of both sides.
    case: the case's name, for whoever watches.
    take: is given each answer; where both sides are processes, by a thread of
      the side's own, which goes on when it returns.
    watch: is told of each step.
    checks: names of the checks that a Request is for, also for the watcher.
  """
  wanted = list(dict.fromkeys(requests))

  def work(name: str) -> None:
    own = [request for request in wanted if request.side == name]
    sides.of(name).expect(own)
    for place, request in enumerate(own):
      if watch is not None:
        watch(
          options_lib.Progress(
            case,
            name,
            stage(request),
            place,
            len(own),
            tuple((checks or {}).get(request, ())),
          )
        )
      take(request, answer(sides.of(name), request))
    if watch is not None:
      watch(options_lib.Progress(case, name, "done", len(own), len(own)))

  both(work, sides)


def answer(side: side_lib.Side, request: request_lib.Request) -> Answer:
  """Has a side fulfil a Request; what goes wrong is an answer as well."""
  start = time.perf_counter()
  try:
    recording = side.fulfil(request)
  except errors.ParityError as error:
    return Answer(error=error, seconds=time.perf_counter() - start)
  except (MemoryError, OSError) as error:
    shortage = errors.of_shortage(error)
    if shortage is None:
      raise
    return Answer(error=shortage, seconds=time.perf_counter() - start)
  return Answer(recording=recording, seconds=time.perf_counter() - start)


def stage(request: request_lib.Request) -> str:
  """A Request in a few words, for whoever watches."""
  weights = {
    "initial": "random weights",
    "constant": "constant weights",
    "carried": "carried weights",
  }.get(request.weights, f"{request.weights} weights")
  phase = "training" if request.training else "inference"
  if request.train_steps:
    phase = f"{request.train_steps} updates"
  elif request.gradients:
    phase += ", gradients"
  if request.trace:
    phase += ", every op"
  return f"{request.mode}, {weights}, {phase}"


def asker(sides: Sides, answers: Dict[request_lib.Request, Answer]) -> Ask:
  """Records what is not there yet."""

  def ask(request: request_lib.Request) -> recording_lib.Recording:
    if request not in answers:
      answers[request] = answer(sides.of(request.side), request)
    found = answers[request]
    if found.error is not None:
      raise found.error
    assert found.recording is not None
    return found.recording

  return ask
