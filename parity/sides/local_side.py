"""How is a side run in this process? For tests, and people with a debugger."""

from __future__ import annotations

from typing import Any, Optional

from parity import errors
from parity.records import checkpoint as checkpoint_lib
from parity.records import options as options_lib
from parity.records import recording as recording_lib
from parity.records import request as request_lib
from parity.records import trace as trace_lib
from parity.sides import side as side_lib
from parity.sides import worker


class LocalSide(side_lib.Side):
  """A side in this process, for tests and for people with a debugger.

  Args:
    side: `tf1` or `tf2`.
    options: cells and numerics, for reports.
    case: a case that is there already; else `load` imports its file.
  """

  def __init__(
    self,
    side: str,
    *,
    options: options_lib.Options,
    case: Optional[Any] = None,
  ) -> None:
    self._name = side
    self._options = options
    self._case = case
    self._side: Optional[Any] = None

  @property
  def is_here(self) -> bool:
    """It is."""
    return True

  def load(self, target: str) -> side_lib.Loaded:
    """Imports the case file here, or takes the case that is there."""
    worker.prepare_environment(self._options.numerics)
    is_tf1 = self._name == "tf1"
    loaded = worker.load_local(
      self._case if self._case is not None else target,
      side=self._name,
      cell=self._options.tf1_cell if is_tf1 else self._options.tf2_cell,
      numerics=self._options.numerics,
    )
    self._side = loaded
    return side_lib.Loaded(loaded.facts, loaded.identify(), list(loaded.notes))

  def fulfil(self, request: request_lib.Request) -> recording_lib.Recording:
    """Runs the side here."""
    if self._side is None:
      raise errors.UsageError("No case is loaded.")
    return self._side.fulfil(request)

  def replay(
    self, trace: trace_lib.Trace, *, wide: bool = True
  ) -> trace_lib.Trace:
    """Runs a trace again here."""
    return worker.replay_local(trace, wide=wide)

  def read_checkpoint(self, path: str) -> checkpoint_lib.Contents:
    """Reads what a TF1.x checkpoint holds here."""
    worker.prepare_environment(self._options.numerics)
    return worker.read_checkpoint_local(path)

  def release(self) -> None:
    """Nothing is kept here."""

  def close(self) -> None:
    """Drops the side."""
    self._side = None
