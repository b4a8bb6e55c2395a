"""Does a process look for the network? Each try is refused, or ends it.

`variables` makes a folder whose `sitecustomize` every Python process with it on
PYTHONPATH imports first, also a worker.

1. Connecting, sending to an address and resolving a name, by Python's `socket`,
   raise and leave a line in a file. Sockets of this machine (AF_UNIX) work, and
   so does binding, by which urllib3 asks at its import whether there is IPv6.
2. For what a library does in C, the kernel (seccomp) kills a process that asks
   for an IPv4 socket. A kernel that takes no such filter is told in the file.
"""

from __future__ import annotations

import os
from typing import Dict, List

from testing.conformance import case_files

_BLOCK = """\
import ctypes
import os
import socket
import struct

X86_64, SOCKET, INET = 0xC000003E, 41, 2
KILL, ALLOW = 0x80000000, 0x7FFF0000
# Load a word; skip to the end unless it is so; three times; kill.
PROGRAM = [
  (0x20, 0, 0, 4), (0x15, 0, 5, X86_64),
  (0x20, 0, 0, 0), (0x15, 0, 3, SOCKET),
  (0x20, 0, 0, 16), (0x15, 0, 1, INET),
  (0x06, 0, 0, KILL),
  (0x06, 0, 0, ALLOW),
]


class Filter(ctypes.Structure):
  _fields_ = [("length", ctypes.c_ushort), ("program", ctypes.c_void_p)]


def mark(what):
  with open(os.environ["SOCKET_MARKS"], "a") as file:
    file.write("%d %s\\n" % (os.getpid(), what))


def install():
  text = b"".join(struct.pack("HBBI", *each) for each in PROGRAM)
  kept = ctypes.create_string_buffer(text, len(text))
  made = Filter(len(PROGRAM), ctypes.addressof(kept))
  libc = ctypes.CDLL(None)
  # No new privileges; then seccomp's filter mode.
  if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(made)):
    mark("NO_FILTER")


class Refused(OSError):
  pass


def refuse(what):
  mark(what)
  raise Refused("no network here: " + what)


def guarded(name):
  own = getattr(socket.socket, name)

  def method(self, *arguments):
    if self.family != socket.AF_UNIX:
      refuse("%s %r" % (name, arguments))
    return own(self, *arguments)

  setattr(socket.socket, name, method)


def named(name):
  setattr(socket, name, lambda *a, **k: refuse("%s %r" % (name, a)))


for name in ("connect", "connect_ex", "sendto"):
  guarded(name)
for name in (
  "create_connection", "getaddrinfo", "gethostbyname", "gethostbyname_ex"
):
  named(name)
install()
"""
NO_FILTER = "NO_FILTER"


def variables(folder: str) -> Dict[str, str]:
  """Environment variables with which processes have no network.

  Args:
    folder: an empty one, for the block and the marks.
  """
  with open(
    os.path.join(folder, "sitecustomize.py"), "w", encoding="utf-8"
  ) as file:
    file.write(_BLOCK)
  return {
    "PYTHONPATH": case_files.with_path(folder),
    "SOCKET_MARKS": os.path.join(folder, "marks"),
  }


def marks(folder: str) -> List[str]:
  """What was tried so far, a line each."""
  return [line for line in _written(folder) if NO_FILTER not in line]


def has_filter(folder: str) -> bool:
  """Whether the kernel took the filter in every process so far."""
  return len(_written(folder)) == len(marks(folder))


def _written(folder: str) -> List[str]:
  try:
    with open(os.path.join(folder, "marks"), encoding="utf-8") as file:
      return file.read().splitlines()
  except FileNotFoundError:
    return []
