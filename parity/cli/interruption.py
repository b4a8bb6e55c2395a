"""What does Ctrl-C do, and what does it do while the first is being obeyed?

The first raises KeyboardInterrupt: workers are ended, folders removed. One that
comes soon after it must not interrupt that, wherever it happens to be (a lock
that is let go of, a folder half removed), so it is passed over. One that comes
later ends the process at once: workers see that and end by themselves.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
import types
from typing import Iterator, List, Optional

_CLEANING_SECONDS = 5.0


@contextlib.contextmanager
def obeyed_once() -> Iterator[None]:
  """Ctrl-C interrupts the body once; a handler of somebody else's stays."""
  before = signal.getsignal(signal.SIGINT)
  is_main = threading.current_thread() is threading.main_thread()
  if not is_main or before is not signal.default_int_handler:
    yield
    return
  moments: List[float] = []

  def obey(number: int, frame: Optional[types.FrameType]) -> None:
    del frame
    moments.append(time.monotonic())
    if len(moments) == 1:
      raise KeyboardInterrupt
    if moments[-1] - moments[0] > _CLEANING_SECONDS:
      signal.signal(number, signal.SIG_DFL)
      os.kill(os.getpid(), number)

  signal.signal(signal.SIGINT, obey)
  try:
    yield
  finally:
    signal.signal(signal.SIGINT, before)
