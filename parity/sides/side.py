"""Who fulfils a Request? What every side offers, whoever it is.

A side is TensorFlow in this process, a process of its own, perhaps another
cell's interpreter, or a golden; they differ in how they answer, never in what
is asked of them. All raise the same errors.
"""

from __future__ import annotations

import abc
import dataclasses
from typing import List, Sequence

from parity.records import facts as facts_lib
from parity.records import recording as recording_lib
from parity.records import request as request_lib
from parity.records import trace as trace_lib


@dataclasses.dataclass(frozen=True)
class Loaded:
  """What loading a case told.

  Attributes:
    facts: the case as plain data.
    identity: where the side runs.
    notes: what the reader must know.
  """

  facts: facts_lib.CaseFacts
  identity: recording_lib.Identity
  notes: List[str]


class Side(abc.ABC):
  """Fulfils requests of one side."""

  @property
  def is_here(self) -> bool:
    """Whether the work is done in this process."""
    return False

  @abc.abstractmethod
  def load(self, target: str) -> Loaded:
    """Loads a case; later requests are about it."""

  def expect(  # noqa: B027 (most sides make no use of it)
    self, requests: Sequence[request_lib.Request]
  ) -> None:
    """Says which requests will come, in order; a side may make use of it."""

  def prepare(  # noqa: B027 (most sides make no use of it)
    self, request: request_lib.Request
  ) -> None:
    """Says that a request may come; a side that is idle may get ready for it.

    What goes wrong is told where the request comes.
    """

  @abc.abstractmethod
  def fulfil(self, request: request_lib.Request) -> recording_lib.Recording:
    """Runs the side as the request asks."""

  @property
  def is_live(self) -> bool:
    """Whether it can run something; a golden can not."""
    return True

  @abc.abstractmethod
  def replay(
    self, trace: trace_lib.Trace, *, wide: bool = True
  ) -> trace_lib.Trace:
    """Runs a trace of either side again.

    Args:
      trace: with the values of its roots and draws.
      wide: in float64; else in the trace's own dtypes.
    """

  @abc.abstractmethod
  def release(self) -> None:
    """Drops the recordings of the case that was loaded."""

  @abc.abstractmethod
  def close(self) -> None:
    """Ends the side."""
