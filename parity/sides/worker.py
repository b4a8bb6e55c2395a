"""How does a side run in a process of its own? This is that process's end.

`python -m parity.sides.worker --side tf2 --reply-fd N` reads one JSON message a
line from standard input and answers on the descriptor N; the user's code may
print what it likes, and reads an empty standard input. Recordings are written
into the folder that a message names.

Messages and answers:
  {"do": "start"}                             {}
  {"do": "load", "target": TEXT}              {"facts": ...}
  {"do": "expect", "requests": [...]}         {}
  {"do": "fulfil", "request": ..., "out": D}  {"folder": D}
  {"do": "replay", "folder": D, "wide": BOOL} {"folder": ...}
  {"do": "checkpoint", "path": P}             {"contents": ...}
An answer may also be {"error": CLASS, "message": TEXT}, where CLASS is a class
of `errors`, or {"bug": TRACEBACK}.

When the driver dies, standard input ends and so does this process; then it
removes the folder that the driver cannot remove any more.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import os
import queue
import shutil
import signal
import sys
import threading
import traceback
from typing import (
  Any,
  Dict,
  Iterator,
  List,
  Optional,
  TextIO,
  Type,
  TypeVar,
  Union,
)

from parity import case as case_lib
from parity import errors
from parity.golden import tensors
from parity.records import checkpoint as checkpoint_lib
from parity.records import codec
from parity.records import request as request_lib
from parity.records import trace as trace_lib

_Record = TypeVar("_Record")


def prepare_environment(numerics: str) -> None:
  """Sets the variables that TensorFlow reads at import; a user's own win.

  Args:
    numerics: `default` or `strict`.
  """
  chosen = {"TF_CPP_MIN_LOG_LEVEL": "2"}
  # Keras 3 is tf.keras from 2.16 on, and has no tools of the guide.
  if importlib.util.find_spec("tf_keras") is not None:
    chosen["TF_USE_LEGACY_KERAS"] = "1"
  if numerics == "strict":
    chosen.update(STRICT)
  for name, value in chosen.items():
    os.environ.setdefault(name, value)


# The policy `strict`: what a gate across versions or machines uses.
STRICT = {
  "TF_ENABLE_ONEDNN_OPTS": "0",
  "NVIDIA_TF32_OVERRIDE": "0",
  "TF_DETERMINISTIC_OPS": "1",
  "TF_NUM_INTRAOP_THREADS": "1",
  "TF_NUM_INTEROP_THREADS": "1",
  "OMP_NUM_THREADS": "1",
}


def write_record(record: object, folder: str) -> None:
  """Writes a record as `record.json` and `tensors.safetensors`."""
  plain = codec.to_plain(record)
  text = os.path.join(folder, "record.json")
  try:
    tensors.write_tensors(
      os.path.join(folder, "tensors.safetensors"), plain.arrays, sync=False
    )
    with open(text, "w", encoding="utf-8") as file:
      # json.dump would encode piece by piece, in Python.
      file.write(json.dumps(plain.tree))
  except OSError as error:
    raise errors.EnvironmentProblem(
      f"What was recorded cannot be written to {folder}: {error.strerror}."
      " TMPDIR names another place."
    ) from error


def read_record(record_type: Type[_Record], folder: str) -> _Record:
  """Reads what `write_record` wrote; its arrays are mapped."""
  with open(os.path.join(folder, "record.json"), encoding="utf-8") as file:
    tree = json.load(file)
  arrays = tensors.map_tensors(os.path.join(folder, "tensors.safetensors"))
  return codec.from_plain(record_type, tree, arrays)


def replay_local(
  trace: trace_lib.Trace, *, wide: bool = True
) -> trace_lib.Trace:
  """Runs a trace again in this process, in float64 or as it was."""
  from parity.tf import replay

  return replay.replay(trace, wide=wide)


def read_checkpoint_local(path: str) -> checkpoint_lib.Contents:
  """Reads what a TF1.x checkpoint holds in this process.

  Raises:
    ParityError: TensorFlow is missing, or there is no such checkpoint.
  """
  from parity.tf import behaviour

  behaviour.import_tensorflow()
  from parity.tf.record import checkpoint

  return checkpoint.read_contents(path)


def load_local(
  target: Union[str, case_lib.Case], *, side: str, cell: str, numerics: str
) -> Any:
  """Makes a `parity.tf.side.Side` of a case in this process.

  Args:
    target: a case, or a case file as the command line names it.
    side: `tf1` or `tf2`.
    cell: the cell's name.
    numerics: the numerics policy.

  Returns:
    The side, with notes of what importing the case did.

  Raises:
    ParityError: of a class that says whose mistake it is.
  """
  from parity.tf import behaviour

  # Before anything that imports it, so that its lack is told in a sentence.
  behaviour.import_tensorflow()
  from parity.tf import legacy_keras
  from parity.tf import side as side_lib
  from parity.tf import slim
  from parity.tf import sources
  from parity.tf import usercode
  from parity.tf.compat import conversions

  if side == "tf2":
    behaviour.require_tf2()
  legacy_keras.require_fitting()
  slim.enable_tf_slim()
  # Else a line of this case may be told as one of a case before, of equal code.
  conversions.forget(sources.is_user_file)
  notes: List[str] = []
  path = None
  with behaviour.kept(notes):
    if isinstance(target, str):
      path = case_lib.Target.from_text(target).path
      target = usercode.call("The case file", case_lib.load_case, target)
  made = side_lib.Side(
    target, side=side, path=path, cell=cell, numerics=numerics
  )
  made.notes.extend(notes)
  return made


class Worker:
  """One side's process: loads cases, fulfils requests."""

  def __init__(self, *, side: str, cell: str, numerics: str) -> None:
    self._side_name = side
    self._cell = cell
    self._numerics = numerics
    self._notes: List[str] = []
    self._side: Optional[Any] = None

  def start(self) -> None:
    """Imports TensorFlow and sets the side's behaviour."""
    prepare_environment(self._numerics)
    from parity.tf import behaviour

    if self._side_name == "tf1":
      behaviour.become_tf1()
    # Graphs are millions of small objects that live as long as the case: the
    # collector would walk them again and again and free nothing.
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)

  def answer(self, message: Dict[str, Any]) -> Dict[str, Any]:
    """Does what a message asks."""
    do = message["do"]
    if do == "start":
      return {}
    if do == "load":
      return self._load(message["target"])
    if do == "expect":
      return self._expect(message["requests"])
    if do == "prepare":
      return self._prepare(message["request"])
    if do == "fulfil":
      return self._fulfil(message["request"], message["out"])
    if do == "replay":
      return self._replay(message["folder"], wide=message["wide"])
    if do == "checkpoint":
      contents = read_checkpoint_local(message["path"])
      return {"contents": codec.to_plain(contents).tree}
    raise errors.UsageError(f"A worker does not know {do!r}.")

  def _load(self, target: str) -> Dict[str, Any]:
    self._side = None
    self._side = load_local(
      target,
      side=self._side_name,
      cell=self._cell,
      numerics=self._numerics,
    )
    return {
      "facts": codec.to_plain(self._side.facts).tree,
      "identity": codec.to_plain(self._side.identify()).tree,
      "notes": self._side.notes,
    }

  def _expect(self, trees: List[Dict[str, Any]]) -> Dict[str, Any]:
    if self._side is not None:
      self._side.expect(
        [codec.from_plain(request_lib.Request, tree, {}) for tree in trees]
      )
    return {}

  def _prepare(self, tree: Dict[str, Any]) -> Dict[str, Any]:
    if self._side is not None:
      self._side.prepare(codec.from_plain(request_lib.Request, tree, {}))
    return {}

  def _fulfil(self, tree: Dict[str, Any], out: str) -> Dict[str, Any]:
    if self._side is None:
      raise errors.UsageError("No case is loaded.")
    request = codec.from_plain(request_lib.Request, tree, {})
    recording = self._side.fulfil(request)
    write_record(recording, out)
    return {"folder": out}

  def _replay(self, folder: str, *, wide: bool) -> Dict[str, Any]:
    found = replay_local(read_record(trace_lib.Trace, folder), wide=wide)
    out = os.path.join(folder, "replayed")
    os.mkdir(out)
    write_record(found, out)
    return {"folder": out}


def failure(error: BaseException, *, cell: str = "local") -> Dict[str, Any]:
  """An exception as an answer.

  Args:
    error: what was raised.
    cell: where; a module that the user's code lacks there is told with it.
  """
  if isinstance(error, errors.ParityError):
    message = f"{error}{_lacking(error, cell)}"
    return {"error": type(error).__name__, "message": message}
  shortage = errors.of_shortage(error)
  if shortage is not None:
    return {"error": type(shortage).__name__, "message": str(shortage)}
  return {
    "bug": "".join(
      traceback.format_exception(type(error), error, error.__traceback__)
    )
  }


def _lacking(error: errors.ParityError, cell: str) -> str:
  """Which module the user's code wants that the cell lacks; mostly nothing."""
  cause = error.__cause__
  if not isinstance(error, errors.CaseCodeError):
    return ""
  if not isinstance(cause, ModuleNotFoundError) or not cause.name:
    return ""
  where = "This interpreter" if cell == "local" else f"Cell `{cell}`"
  return (
    f"\n{where} ({sys.executable}) has no module {cause.name}: install there"
    " what provides it, or import it only on the side that needs it."
  )


def _private_input() -> TextIO:
  """Standard input for messages alone; the user's code finds it empty."""
  messages = os.fdopen(os.dup(0), encoding="utf-8")
  empty = os.open(os.devnull, os.O_RDONLY)
  os.dup2(empty, 0)
  os.close(empty)
  return messages


def _lines_from_driver(folder: Optional[str]) -> Iterator[str]:
  """Messages; when the driver is gone the process ends, whatever it does."""
  lines: queue.Queue[str] = queue.Queue()
  messages = _private_input()

  def read() -> None:
    for line in messages:
      lines.put(line)
    if folder is not None:
      shutil.rmtree(folder, ignore_errors=True)
    if os.getpgrp() == os.getpid():
      # What the user's code started goes too.
      os.killpg(0, signal.SIGKILL)
    os._exit(0)

  threading.Thread(target=read, daemon=True).start()
  while True:
    yield lines.get()


def main() -> None:
  """Answers messages until the driver is gone."""
  parser = argparse.ArgumentParser(description=__doc__)
  parser.add_argument("--side", required=True)
  parser.add_argument("--reply-fd", type=int, required=True)
  parser.add_argument("--cell", default="local")
  parser.add_argument("--numerics", default="default")
  parser.add_argument("--folder", help="to remove when the driver is gone")
  flags = parser.parse_args()
  # No child of the user's code keeps the driver waiting for an answer.
  os.set_inheritable(flags.reply_fd, False)
  replies = os.fdopen(flags.reply_fd, "w", encoding="utf-8")
  worker = Worker(side=flags.side, cell=flags.cell, numerics=flags.numerics)
  started = False
  for line in _lines_from_driver(flags.folder):
    try:
      if not started:
        worker.start()
        started = True
      answer = worker.answer(json.loads(line))
    except (Exception, SystemExit) as error:  # noqa: BLE001
      answer = failure(error, cell=flags.cell)
    replies.write(json.dumps(answer) + "\n")
    replies.flush()


if __name__ == "__main__":
  main()
