"""What do a command's processes take? Read from Linux's `/proc`."""

from __future__ import annotations

import os
import pathlib
import resource
from typing import Dict, List


def processor_seconds() -> float:
  """Of all processes that were waited for, here or by those."""
  used = resource.getrusage(resource.RUSAGE_CHILDREN)
  return used.ru_utime + used.ru_stime


def family(root: int) -> List[int]:
  """A process, and after it all that descend from it."""
  children: Dict[int, List[int]] = {}
  for name in filter(str.isdigit, os.listdir("/proc")):
    fields = read(int(name), "stat").rpartition(")")[2].split()
    if fields:
      children.setdefault(int(fields[1]), []).append(int(name))
  found = [root]
  for pid in found:
    found += children.get(pid, [])
  return found


def read(pid: int, name: str) -> str:
  """A file of a process; empty where the process has ended meanwhile."""
  try:
    return pathlib.Path("/proc", str(pid), name).read_text("utf-8")
  except OSError:
    return ""
