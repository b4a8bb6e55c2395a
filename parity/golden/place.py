"""How does a directory appear whole or not at all, and by one writer only?

1. `claimed` locks the place by a file beside it, `.NAME.lock`. The operating
   system drops the lock with the process, so a killed writer blocks nobody.
2. The directory is filled aside, in the same parent, and its bytes are waited
   for.
3. `published` renames it into place: one step, so that a process killed at any
   moment leaves what was there before or what is there now. A directory that is
   there is exchanged in one step where the system can (Linux), else moved away
   first; then a process killed in between leaves the old one beside its place.
4. What killed writers left aside is removed by the next one, and what they had
   moved away is put back.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import shutil
import tempfile
from typing import Iterator, Tuple

from parity import errors

_ASIDE = ".part"
_AT_FDCWD = -100
_EXCHANGE = 2


@contextlib.contextmanager
def claimed(path: str) -> Iterator[None]:
  """Holds a place for one writer.

  Args:
    path: where a directory is to be; its parent must exist.

  Yields:
    Nothing.

  Raises:
    GoldenError: there is no parent, it cannot be written, or another process
      holds the place.
  """
  parent, name = _split(path)
  if not os.path.isdir(parent):
    raise errors.GoldenError(
      f"Cannot write {path}: there is no directory {parent}."
    )
  lock = os.path.join(parent, f".{name}.lock")
  handle = _locked(lock, path)
  try:
    _clean(path)
    yield
  finally:
    with contextlib.suppress(OSError):
      os.unlink(lock)
    os.close(handle)


def _split(path: str) -> Tuple[str, str]:
  """A place's parent directory, and its own name."""
  parent, name = os.path.split(os.path.abspath(path))
  return parent, name


def _locked(lock: str, path: str) -> int:
  """An open, locked handle of the lock file."""
  while True:
    try:
      handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
      raise errors.GoldenError(
        f"Cannot write {path}: {error.strerror} ({lock})."
      ) from error
    try:
      fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
      if _is_same_file(handle, lock):
        os.truncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        return handle
    except BlockingIOError as error:
      holder = os.pread(handle, 20, 0).decode("ascii", "replace")
      os.close(handle)
      raise errors.GoldenError(
        f"Another recording (process {holder or 'unknown'}) is being written to"
        f" {path}. Wait for it, or name another place."
      ) from error
    except OSError as error:
      os.close(handle)
      raise errors.GoldenError(
        f"Cannot lock {path}: {error.strerror}."
      ) from error
    # Its holder removed it between our opening and our locking it.
    os.close(handle)


def _is_same_file(handle: int, path: str) -> bool:
  try:
    there = os.stat(path)
  except FileNotFoundError:
    return False
  here = os.fstat(handle)
  return (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino)


def _clean(path: str) -> None:
  """Removes what killed writers of this place left; we hold its lock."""
  parent, name = _split(path)
  for found in os.listdir(parent):
    if found.startswith(f".{name}.") and found.endswith(_ASIDE):
      shutil.rmtree(os.path.join(parent, found), ignore_errors=True)
  moved = _moved_away(path)
  if os.path.lexists(moved):
    if os.path.lexists(path):
      shutil.rmtree(moved, ignore_errors=True)
    else:
      os.rename(moved, path)


def _moved_away(path: str) -> str:
  """Where the old directory is while the new one takes its place."""
  parent, name = _split(path)
  return os.path.join(parent, f".{name}.old")


@contextlib.contextmanager
def published(path: str, *, replace: bool = False) -> Iterator[str]:
  """A directory to fill, which then appears at a place that is claimed.

  Args:
    path: where it is to appear.
    replace: whether what is there is replaced.

  Yields:
    The directory to fill, aside.

  Raises:
    GoldenError: something is there, and `replace` is False.
    OSError: the system could not write; nothing is left then.
  """
  parent, name = _split(path)
  aside = tempfile.mkdtemp(prefix=f".{name}.", suffix=_ASIDE, dir=parent)
  try:
    mask = os.umask(0)
    os.umask(mask)
    os.chmod(aside, 0o777 & ~mask)
    yield aside
    _sync(aside)
    if os.path.lexists(path):
      if not replace:
        raise errors.GoldenError(f"There is something at {path} already.")
      _exchange(aside, os.path.join(parent, name))
    else:
      os.rename(aside, path)
    _sync(parent)
  finally:
    shutil.rmtree(aside, ignore_errors=True)


def _sync(folder: str) -> None:
  """Waits until the disk has a directory's entries."""
  handle = os.open(folder, os.O_RDONLY)
  try:
    os.fsync(handle)
  except OSError as error:
    # Some network file systems have no such thing for directories.
    if error.errno not in (errno.EINVAL, errno.ENOTSUP):
      raise
  finally:
    os.close(handle)


def _exchange(aside: str, path: str) -> None:
  """Puts `aside` at `path`, and what was there at `aside` or away."""
  rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
  if rename is not None and not rename(
    ctypes.c_int(_AT_FDCWD),
    ctypes.c_char_p(os.fsencode(aside)),
    ctypes.c_int(_AT_FDCWD),
    ctypes.c_char_p(os.fsencode(path)),
    ctypes.c_uint(_EXCHANGE),
  ):
    return
  moved = _moved_away(path)
  os.rename(path, moved)
  try:
    os.rename(aside, path)
  except OSError:
    os.rename(moved, path)
    raise
  shutil.rmtree(moved, ignore_errors=True)
