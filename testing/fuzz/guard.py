"""Does reading an input do anything but read? Watches while it is read.

1. An audit hook of the interpreter sees what code does to the world: a program
   or a connection that is started, a file that is written outside the input's
   folder, unpickled bytes, code that is compiled. Whatever is not on the short
   list of what reading needs is a Violation, and does not happen.
2. A limit on processor time ends what hangs.
3. The largest memory of this process must not grow by more than a bound; a
   limit on the address space keeps the machine safe from what would.

Certain for what Python itself does. What a library does in C is seen only by
2, 3, and by whether the process lives.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
import sysconfig
import tempfile
import types
from typing import Any, Iterator, List, Optional, Tuple

_SECONDS = 10.0
_MOST_GROWTH = 256 << 20
_ADDRESS_SPACE = 4 << 30
# Of the tree as it is seen, and as it is: build tools lay it out as links.
_ROOTS = tuple(
  os.path.dirname(os.path.dirname(os.path.dirname(find(__file__))))
  for find in (os.path.abspath, os.path.realpath)
)
# Where modules are imported from, perhaps for the first time while reading.
_INSTALLED = tuple(
  {
    os.path.realpath(path)
    for path in (*sysconfig.get_paths().values(), sys.prefix, *_ROOTS)
  }
)
_REFUSED = (
  "cpython.run_",
  "ctypes.dlopen",
  "ftplib.",
  "http.client.",
  "marshal.loads",
  "os.chmod",
  "os.exec",
  "os.fork",
  "os.kill",
  "os.link",
  "os.mkdir",
  "os.posix_spawn",
  "os.putenv",
  "os.remove",
  "os.rename",
  "os.rmdir",
  "os.spawn",
  "os.symlink",
  "os.system",
  "os.truncate",
  "pickle.find_class",
  "shutil.",
  "socket.",
  "subprocess.Popen",
  "urllib.Request",
)
# What may happen to a file or folder of the input's own.
_CHANGES = ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "shutil.rmtree")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


class Violation(BaseException):
  """An input had an effect that none may have; `except Exception` passes it."""


class _Watch:
  """What is allowed now; one in this process, since a hook stays forever."""

  def __init__(self) -> None:
    self.folder: Optional[str] = None
    self.runs_code = False
    self.seen: List[str] = []

  def hook(self, event: str, arguments: Tuple[Any, ...]) -> None:
    """What the interpreter calls at each event."""
    if self.folder is None:
      return
    folder, self.folder = self.folder, None
    try:
      why = self._objection(event, arguments, folder)
    finally:
      self.folder = folder
    if why:
      self.seen.append(why)
      raise Violation(why)

  def _objection(
    self, event: str, arguments: Tuple[Any, ...], folder: str
  ) -> str:
    """What is wrong with an event; empty if nothing is."""
    if event == "open":
      return _objection_to_open(arguments[0], arguments[2], folder)
    if event == "exec":
      name = getattr(arguments[0], "co_filename", None)
      return "" if self._is_known(name, folder) else f"ran code of {name!r}"
    if event == "compile":
      if self._is_known(arguments[1], folder) or _is_importing():
        return ""
      return f"compiled {arguments[1]!r}"
    if not event.startswith(_REFUSED) or _is_importing():
      return ""
    if _changes_only(event, arguments, folder):
      return ""
    return f"{event} {arguments!r:.200}"

  def _is_known(self, name: Any, folder: str) -> bool:
    """Whether code comes from an installed file, or the one that may run."""
    if not isinstance(name, (str, bytes)):
      return False
    name = os.fsdecode(name)
    if name.startswith("<frozen "):
      return True
    known = (*_INSTALLED, folder) if self.runs_code else _INSTALLED
    return os.path.isabs(name) and _lies_in(name, known)


_WATCH = _Watch()
_HOOKED: List[bool] = []


def _is_importing() -> bool:
  """Whether an installed module is being imported further up the stack."""
  frame: Optional[types.FrameType] = sys._getframe()  # noqa: SLF001
  while frame is not None:
    if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
      return True
    frame = frame.f_back
  return False


def _objection_to_open(path: Any, flags: Any, folder: str) -> str:
  if isinstance(path, int) or _lies_in(path, (folder,)):
    return ""
  if isinstance(flags, int) and flags & _WRITING:
    return f"opened {path!r} for writing"
  known = (*_INSTALLED, "/proc", "/sys", "/usr")
  return "" if _lies_in(path, known) else f"read {path!r}"


def _changes_only(event: str, arguments: Tuple[Any, ...], folder: str) -> bool:
  """Whether an event changes a file of the folder."""
  if event not in _CHANGES or not isinstance(arguments[0], (str, bytes)):
    return False
  beside = arguments[-1]
  base = "" if beside in (-1, None) else f"/proc/self/fd/{beside}"
  paths = arguments[:2] if event == "os.rename" else arguments[:1]
  return all(
    _lies_in(os.path.join(base, os.fsdecode(p)), (folder,)) for p in paths
  )


def _lies_in(path: Any, folders: Tuple[str, ...]) -> bool:
  real = os.path.realpath(os.fsdecode(path))
  return any(
    real == folder or real.startswith(folder + os.sep)
    for folder in map(os.path.realpath, folders)
  )


@contextlib.contextmanager
def watched(folder: str, *, runs_code: bool = False) -> Iterator[None]:
  """Raises Violation where the body does more than read what lies in a folder.

  Args:
    folder: where the input lies, and where temporary files go.
    runs_code: whether Python files of the folder may run.
  """
  if not _HOOKED:
    sys.addaudithook(_WATCH.hook)
    _HOOKED.append(True)
  largest = _largest()
  before = signal.signal(signal.SIGPROF, _too_slow)
  signal.setitimer(signal.ITIMER_PROF, _SECONDS)
  _WATCH.seen.clear()
  temporary, tempfile.tempdir = tempfile.tempdir, folder
  _WATCH.folder, _WATCH.runs_code = folder, runs_code
  try:
    yield
  finally:
    _WATCH.folder = None
    tempfile.tempdir = temporary
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, before)
  if _WATCH.seen:
    raise Violation(_WATCH.seen[0])
  growth = _largest() - largest
  if growth > _MOST_GROWTH:
    raise Violation(f"took {growth >> 20} MiB of memory")


def _too_slow(number: int, frame: Optional[types.FrameType]) -> None:
  del number, frame
  raise Violation(f"took over {_SECONDS:g} s of processor time")


def _largest() -> int:
  """The most memory that this process had so far, in bytes."""
  return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


@contextlib.contextmanager
def bounded_memory() -> Iterator[None]:
  """Limits the address space to what is taken now and 4 GiB."""
  with open("/proc/self/statm", encoding="ascii") as file:
    taken = int(file.read().split()[0]) * resource.getpagesize()
  before = resource.getrlimit(resource.RLIMIT_AS)
  resource.setrlimit(resource.RLIMIT_AS, (taken + _ADDRESS_SPACE, before[1]))
  try:
    yield
  finally:
    resource.setrlimit(resource.RLIMIT_AS, before)
