"""How is a side run in a process of its own? This is the driver's end of it.

The process imports TensorFlow once and serves any number of cases. One that
dies, does not answer in time, or answers what is no answer, is an error that
says so and shows what it printed last; its process group is killed, so nothing
is left behind, and the next question goes to a new one.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import itertools
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from typing import Any, Callable, Dict, Optional, Sequence, TypeVar

from parity import case as case_lib
from parity import errors
from parity.records import checkpoint as checkpoint_lib
from parity.records import codec
from parity.records import facts as facts_lib
from parity.records import options as options_lib
from parity.records import recording as recording_lib
from parity.records import request as request_lib
from parity.records import strict_json
from parity.records import trace as trace_lib
from parity.sides import side as side_lib
from parity.sides import worker

_Read = TypeVar("_Read")
_ERROR_CLASSES = {
  name: value
  for name, value in vars(errors).items()
  if isinstance(value, type) and issubclass(value, errors.ParityError)
}
_TAIL_LINES = 8
# How often to look whether a silent worker still lives: a child of the user's
# code may hold its end of the pipe open.
_LOOK_SECONDS = 1.0
# Recordings travel as files; no answer is near it.
_LARGEST_ANSWER = 1 << 28
# What reading an answer that is none may lead to.
_UNFIT = (
  AttributeError,
  KeyError,
  OSError,
  TypeError,
  ValueError,
  errors.GoldenError,
)


class WorkerSide(side_lib.Side):
  """A side in a process of its own.

  Args:
    side: `tf1` or `tf2`.
    options: interpreters, cells, numerics and the time limit.
  """

  def __init__(self, side: str, *, options: options_lib.Options) -> None:
    self._side = side
    self._timeout = options.timeout
    is_tf1 = side == "tf1"
    python = options.tf1_python if is_tf1 else options.tf2_python
    self._python = python or sys.executable
    self._cell = options.tf1_cell if is_tf1 else options.tf2_cell
    self._numerics = options.numerics
    self._folder = tempfile.mkdtemp(prefix=f"parity-{side}-")
    self._log = os.path.join(self._folder, "output.txt")
    self._log_start = 0
    # Whose next number no two threads get.
    self._numbers = itertools.count(1)
    self._target: Optional[str] = None
    self._process: Optional[subprocess.Popen[bytes]] = None
    self._replies = -1
    self._buffer = b""
    # Held while a question waits for its answer; `close` may come meanwhile.
    self._lock = threading.RLock()
    self._is_closed = False

  def load(self, target: str) -> side_lib.Loaded:
    """Loads a case in the worker, which is started where it is not running."""
    case_lib.require_file(case_lib.Target.from_text(target).path)
    self._target = os.path.abspath(target)
    return self._load()

  def _load(self) -> side_lib.Loaded:
    return self._ask({"do": "load", "target": self._target}, _loaded)

  def expect(self, requests: Sequence[request_lib.Request]) -> None:
    """Tells the worker which requests will come."""
    plain = [codec.to_plain(request).tree for request in requests]
    if self._process is not None:
      # One that cannot take a hint says why when it is asked for a recording.
      with contextlib.suppress(errors.ParityError):
        self._ask({"do": "expect", "requests": plain}, dict)

  def prepare(self, request: request_lib.Request) -> None:
    """Has the worker get ready for a request."""
    plain = codec.to_plain(request).tree
    if self._process is not None:
      with contextlib.suppress(errors.ParityError):
        self._ask({"do": "prepare", "request": plain}, dict)

  def fulfil(self, request: request_lib.Request) -> recording_lib.Recording:
    """Runs the side in its worker; the arrays are mapped from its files."""
    if self._target is None:
      raise errors.UsageError("No case is loaded.")
    if self._process is None:
      # It ended with an earlier request; this one may fare better.
      self._load()
    out = self._new_folder()
    return self._ask(
      {"do": "fulfil", "request": codec.to_plain(request).tree, "out": out},
      lambda _: worker.read_record(recording_lib.Recording, out),
    )

  def replay(
    self, trace: trace_lib.Trace, *, wide: bool = True
  ) -> trace_lib.Trace:
    """Runs a trace again in the worker."""
    out = self._new_folder()
    worker.write_record(trace, out)
    return self._ask(
      {"do": "replay", "folder": out, "wide": wide},
      lambda answer: worker.read_record(trace_lib.Trace, answer["folder"]),
    )

  def _new_folder(self) -> str:
    out = os.path.join(self._folder, f"recording-{next(self._numbers)}")
    os.mkdir(out)
    return out

  def read_checkpoint(self, path: str) -> checkpoint_lib.Contents:
    """Reads what a TF1.x checkpoint holds, in the worker; no case is needed."""
    return self._ask(
      {"do": "checkpoint", "path": path},
      lambda answer: codec.from_plain(
        checkpoint_lib.Contents, answer["contents"], {}
      ),
    )

  def release(self) -> None:
    """Removes the files of the recordings made so far."""
    for name in os.listdir(self._folder):
      if name.startswith("recording-"):
        shutil.rmtree(os.path.join(self._folder, name), ignore_errors=True)

  def close(self) -> None:
    """Kills the worker, whatever it is doing, and removes its files.

    Another thread that waits for an answer, or asks later, gets a
    CancelledError.
    """
    self._is_closed = True
    try:
      self._kill()
      while not self._lock.acquire(timeout=0.1):
        # Another thread waits for an answer; it ends when the worker does.
        self._kill()
      try:
        self._stop()
      finally:
        self._lock.release()
    finally:
      # Also where the user presses Ctrl-C again meanwhile.
      self._kill()
      shutil.rmtree(self._folder, ignore_errors=True)

  def _start(self) -> None:
    if self._is_closed:
      raise concurrent.futures.CancelledError
    read_end, write_end = os.pipe()
    environment = dict(os.environ)
    paths = [self._path_of_parity(), environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(p for p in paths if p)
    command = [self._python, "-m", "parity.sides.worker", "--side", self._side]
    command += ["--reply-fd", str(write_end), "--cell", self._cell]
    command += ["--numerics", self._numerics, "--folder", self._folder]
    try:
      with open(self._log, "wb") as log:
        process = subprocess.Popen(
          command,
          stdin=subprocess.PIPE,
          stdout=log,
          stderr=subprocess.STDOUT,
          env=environment,
          pass_fds=(write_end,),
          start_new_session=True,
        )
    except OSError as error:
      os.close(read_end)
      raise errors.EnvironmentProblem(
        f"The interpreter {self._python} of the {self._side} side does not"
        f" start: {error.strerror}."
      ) from error
    finally:
      os.close(write_end)
    self._process, self._replies, self._buffer = process, read_end, b""

  def _path_of_parity(self) -> str:
    """A folder from which the worker's interpreter imports this parity.

    Another interpreter must not see what lies beside it: installed with pip,
    that is every package of this one, built for another Python.
    """
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if self._python == sys.executable:
      return os.path.dirname(package)
    folder = os.path.join(self._folder, "path")
    if not os.path.isdir(folder):
      os.mkdir(folder)
      os.symlink(package, os.path.join(folder, "parity"))
    return folder

  def _kill(self) -> None:
    process = self._process
    if process is not None:
      # Its session too: what the user's code started there is not left behind.
      with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)

  def _stop(self) -> None:
    self._kill()
    process, self._process = self._process, None
    if process is None:
      return
    process.wait()
    if process.stdin:
      with contextlib.suppress(OSError):
        process.stdin.close()
    os.close(self._replies)

  def _ask(
    self, message: Dict[str, Any], read: Callable[[Dict[str, Any]], _Read]
  ) -> _Read:
    """Asks the worker, which is started where it is not running.

    Args:
      message: the question.
      read: makes of an answer, or of the files that it says are there, what the
        caller wants.
    """
    with self._lock:
      if self._process is None:
        self._start()
        self._answered({"do": "start"}, dict)
      return self._answered(message, read)

  def _answered(
    self, message: Dict[str, Any], read: Callable[[Dict[str, Any]], _Read]
  ) -> _Read:
    line = self._exchange(message)
    try:
      answer = strict_json.loads(line)
      told = self._error_told(answer)
      if told is None:
        return read(answer)
    except _UNFIT as error:
      raise self._misunderstood(str(error) or type(error).__name__) from error
    raise told

  def _error_told(self, answer: Dict[str, Any]) -> Optional[errors.ParityError]:
    """The error that an answer tells of."""
    if "error" in answer:
      error_class = _ERROR_CLASSES.get(answer["error"], errors.WorkerError)
      return error_class(answer["message"])
    if "bug" in answer:
      what = answer["bug"].strip().rpartition("\n")[2]
      return errors.WorkerError(
        f"The {self._side} side failed inside parity itself: {what}\nThis is a"
        f" bug in parity, please report it.\n{answer['bug']}"
      )
    return None

  def _misunderstood(self, why: str) -> errors.WorkerError:
    """Ends the worker, whose further answers would belong to who knows what."""
    self._stop()
    return errors.WorkerError(
      f"The process of the {self._side} side answered what is no answer: {why}."
      " Most likely something in it writes to a descriptor that it did not open"
      f" itself, or wrote to parity's files.{self._tail()}"
    )

  def _exchange(self, message: Dict[str, Any]) -> bytes:
    """The line with which the worker answers a question."""
    process = self._process
    assert process is not None
    assert process.stdin is not None
    self._log_start = os.path.getsize(self._log)
    try:
      process.stdin.write(json.dumps(message).encode() + b"\n")
      process.stdin.flush()
      line = self._read_line(process)
    except BrokenPipeError:
      line = b""
    except BaseException:
      self._stop()
      raise
    if self._is_closed:
      raise concurrent.futures.CancelledError
    if not line:
      raise self._death()
    return line

  def _read_line(self, process: subprocess.Popen[bytes]) -> bytes:
    """The next answer; empty where the process ended without one."""
    begin = time.monotonic()
    while b"\n" not in self._buffer:
      wait = _LOOK_SECONDS
      if self._timeout is not None:
        wait = min(wait, begin + self._timeout - time.monotonic())
      ready, _, _ = select.select([self._replies], [], [], max(0.0, wait))
      if ready:
        part = os.read(self._replies, 1 << 16)
        if not part:
          return b""
        self._buffer += part
        if len(self._buffer) > _LARGEST_ANSWER:
          raise self._misunderstood(f"it is over {_LARGEST_ANSWER} bytes long")
      elif process.poll() is not None:
        return b""
      elif wait <= 0.0:
        raise errors.WorkerError(
          f"The {self._side} side did not answer within {self._timeout:g} s and"
          " was stopped. Give it more time with --timeout, or look at what it"
          f" does with --no-isolate.{self._tail()}"
        )
    line, _, self._buffer = self._buffer.partition(b"\n")
    return line

  def _death(self) -> errors.WorkerError:
    assert self._process is not None
    advice = "With --no-isolate you can look at it in a debugger."
    try:
      status = self._process.wait(_LOOK_SECONDS)
      how = f"ended with status {status}"
      if status < 0:
        how = f"was killed by {signal.Signals(-status).name}"
      if status == -signal.SIGKILL:
        advice = "Was that for want of memory? Then give it smaller inputs."
    except subprocess.TimeoutExpired:
      how = "closed the pipe on which it answers"
    self._stop()
    return errors.WorkerError(
      f"The process of the {self._side} side {how} before it answered."
      f" {advice}{self._tail()}"
    )

  def _tail(self) -> str:
    """The last lines that were printed since the question."""
    try:
      with open(self._log, "rb") as file:
        file.seek(self._log_start)
        text = file.read().decode("utf-8", "replace")
    except OSError:
      return ""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    if not lines:
      return ""
    return "\nIts last output:\n" + "\n".join(
      f"  {line}" for line in lines[-_TAIL_LINES:]
    )


def _loaded(answer: Dict[str, Any]) -> side_lib.Loaded:
  return side_lib.Loaded(
    codec.from_plain(facts_lib.CaseFacts, answer["facts"], {}),
    codec.from_plain(recording_lib.Identity, answer["identity"], {}),
    [str(note) for note in answer["notes"]],
  )
