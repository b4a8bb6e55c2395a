"""What is stored of a side, so that another run can be held against it?"""

from __future__ import annotations

import dataclasses
from typing import Optional, Tuple

from parity.records import facts as facts_lib
from parity.records import recording as recording_lib
from parity.records import request as request_lib


@dataclasses.dataclass(frozen=True, eq=False)
class Golden:
  """Stored recordings of one side of one case.

  Attributes:
    case: the case as it was when it was recorded.
    side: `tf1` or `tf2`.
    recordings: one a Request, in the order in which they were recorded.
    notes: what the reader must know, one sentence each.
  """

  case: facts_lib.CaseFacts
  side: str
  recordings: Tuple[recording_lib.Recording, ...]
  notes: Tuple[str, ...] = ()

  @property
  def identity(self) -> recording_lib.Identity:
    """Where it was recorded."""
    return self.recordings[0].identity

  @property
  def seed(self) -> int:
    """The seed with which it was recorded."""
    return self.recordings[0].request.seed

  def find(
    self, request: request_lib.Request
  ) -> Optional[recording_lib.Recording]:
    """The recording that answers exactly this Request, None without one.

    One that holds the draws besides answers a Request that does not ask for
    them; and one of the constant mode that was optimised, as older goldens have
    it, one that is not.
    """
    for recording in self.recordings:
      held = recording.request
      if held == request or dataclasses.replace(held, draws=False) == request:
        return recording
    if request.random == "constant" and not request.rewrites:
      return self.find(dataclasses.replace(request, rewrites=True))
    return None


@dataclasses.dataclass(frozen=True)
class StoredFile:
  """A file of a bundle.

  Attributes:
    name: its name in the directory.
    size: in bytes.
    sha256: of its bytes, in hexadecimal digits.
  """

  name: str
  size: int
  sha256: str


@dataclasses.dataclass(frozen=True, eq=False)
class Bundle:
  """A golden on disk.

  Attributes:
    path: its directory.
    golden: what it holds; arrays are views of the mapped file.
    files: all its files, the manifest last.
  """

  path: str
  golden: Golden
  files: Tuple[StoredFile, ...] = ()
