"""Which mistakes can a user act on? One class each, one clear sentence each.

A mismatch is never an exception: it is a finding in a Report. An exception here
says what was asked, what was found, where, and what to do. `exit_status` is the
status with which the command line ends (the contract's: 2 bad usage or input,
3 the check itself could not run).
"""

from __future__ import annotations

import errno
from typing import Optional

# What the system says of a full disk, a quota, or a limit on files.
_NO_ROOM = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


class ParityError(Exception):
  """Base of every error that `parity` raises on purpose."""

  exit_status = 3


class UsageError(ParityError):
  """A flag, a name or an argument that does not exist or does not fit."""

  exit_status = 2


class CaseError(ParityError):
  """A case file that is missing, does not parse, or holds no usable case."""

  exit_status = 2


class CaseCodeError(CaseError):
  """The user's own `inputs`, `tf1`, `tf2` or `loss` raised."""


class GoldenError(ParityError):
  """A bundle that is damaged, unknown, or belongs to another case."""

  exit_status = 2


class EnvironmentProblem(ParityError):
  """TensorFlow, or something that it needs here, is missing or unfit."""


class WorkerError(ParityError):
  """A worker died, was killed, or did not answer in time."""


class AlignmentError(ParityError):
  """A random op cannot be aligned between the sides; the message names it."""


def of_shortage(error: BaseException) -> Optional[EnvironmentProblem]:
  """What an exception says of memory, or of room on a disk, that ran out.

  Args:
    error: any exception.

  Returns:
    None where it is about something else.

  >>> print(of_shortage(MemoryError("Unable to allocate 32 GiB")))
  There is no memory left (Unable to allocate 32 GiB). Check smaller inputs.
  >>> of_shortage(OSError(errno.ENOENT, "No such file")) is None
  True
  """
  if isinstance(error, MemoryError):
    told = f" ({error})" if str(error) else ""
    return EnvironmentProblem(
      f"There is no memory left{told}. Check smaller inputs."
    )
  if isinstance(error, OSError) and error.errno in _NO_ROOM:
    return EnvironmentProblem(
      f"{error.filename or 'A file'} cannot be written: {error.strerror}."
      " TMPDIR names another place for what is temporary."
    )
  return None
