"""How does one reference answer several cells at once?

`Reference` keeps one process, and what it answered: each Request of each case
is fulfilled once, whoever asks first. A `View` of it is a side like any other.
"""

from __future__ import annotations

import threading
from typing import Dict, Optional, Tuple

from parity import errors
from parity.records import recording as recording_lib
from parity.records import request as request_lib
from parity.records import trace as trace_lib
from parity.runs import fulfilment
from parity.sides import side as side_lib


class Reference:
  """A side that several threads share.

  Args:
    side: who does the work; whoever made it closes it.
  """

  def __init__(self, side: side_lib.Side) -> None:
    self._side = side
    self._lock = threading.Lock()
    self._target: Optional[str] = None
    self._loaded: Dict[str, side_lib.Loaded] = {}
    self._answers: Dict[Tuple[str, request_lib.Request], fulfilment.Answer] = {}

  def view(self) -> View:
    """A side for one asker."""
    return View(self)

  def load(self, target: str) -> side_lib.Loaded:
    """What loading the case told, once for all."""
    with self._lock:
      if target not in self._loaded:
        self._switch(target)
      return self._loaded[target]

  def fulfil(
    self, target: str, request: request_lib.Request
  ) -> recording_lib.Recording:
    """The recording of a Request of a case, made once.

    Raises:
      ParityError: it cannot be made; every asker is told the same.
    """
    key = (target, request)
    with self._lock:
      if key not in self._answers:
        if self._target != target:
          self._switch(target)
        self._answers[key] = fulfilment.answer(self._side, request)
      found = self._answers[key]
    if found.error is not None:
      raise found.error
    assert found.recording is not None
    return found.recording

  def replay(self, trace: trace_lib.Trace, *, wide: bool) -> trace_lib.Trace:
    """Runs a trace again."""
    with self._lock:
      return self._side.replay(trace, wide=wide)

  def _switch(self, target: str) -> None:
    self._target = None
    self._loaded[target] = self._side.load(target)
    self._target = target


class View(side_lib.Side):
  """One asker's end of a Reference; it knows that asker's case."""

  def __init__(self, reference: Reference) -> None:
    self._reference = reference
    self._target: Optional[str] = None

  def load(self, target: str) -> side_lib.Loaded:
    """Loads a case; later requests are about it."""
    loaded = self._reference.load(target)
    self._target = target
    return loaded

  def fulfil(self, request: request_lib.Request) -> recording_lib.Recording:
    """The recording, made once for all askers."""
    if self._target is None:
      raise errors.UsageError("No case is loaded.")
    return self._reference.fulfil(self._target, request)

  def replay(
    self, trace: trace_lib.Trace, *, wide: bool = True
  ) -> trace_lib.Trace:
    """Runs a trace again."""
    return self._reference.replay(trace, wide=wide)

  def release(self) -> None:
    """Others may still ask for what was recorded."""

  def close(self) -> None:
    """Others may still ask."""
