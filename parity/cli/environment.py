"""What does the doctor find in a process like a side's?

The probe runs as a program of its own, so that an import of TensorFlow that
crashes or hangs is something found out, and not the end of the command. It
prints line by line: what it had found before it ended is kept.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import Dict, List, Optional, Sequence, Tuple

from parity.records import doctor as doctor_lib
from parity.records import options as options_lib

_PREFIX = "parity.doctor "
_TIMEOUT = 300.0
_TAIL_LINES = 3


def examine(
  *,
  options: options_lib.Options,
  timeout: float = _TIMEOUT,
  command: Optional[Sequence[str]] = None,
) -> Tuple[doctor_lib.DoctorLine, ...]:
  """Probes the interpreter that runs the tf2 side.

  Args:
    options: which interpreter that is.
    timeout: seconds that the probe may take.
    command: the probe; None for `python -m parity.tf.doctor`.

  Returns:
    What the probe told; last, where it did not come to its end, that.
  """
  python = options.tf2_python or sys.executable
  if command is None:
    command = (python, "-m", "parity.tf.doctor")
  problem: Optional[str] = None
  try:
    done = subprocess.run(
      command,
      env=variables(),
      stdin=subprocess.DEVNULL,
      capture_output=True,
      timeout=timeout,
      check=False,
    )
    output, said = done.stdout, done.stderr
    problem = _ending(done.returncode)
  except subprocess.TimeoutExpired as error:
    output, said = error.stdout or b"", error.stderr or b""
    problem = f"did not end within {timeout:g} s and was stopped"
  except OSError as error:
    output, said = b"", b""
    problem = f"does not start: {error.strerror}"
  text = output.decode("utf-8", "replace").splitlines()
  found = [_line(line) for line in text if line.startswith(_PREFIX + "{")]
  if _PREFIX + "done" not in text:
    found.append(_unfinished(python, problem, found, said))
  return tuple(found)


def variables() -> Dict[str, str]:
  """Environment variables with which an interpreter finds this parity."""
  root = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
  paths = [os.path.abspath(root), os.environ.get("PYTHONPATH", "")]
  return {
    **os.environ,
    "PYTHONPATH": os.pathsep.join(path for path in paths if path),
  }


def _line(text: str) -> doctor_lib.DoctorLine:
  return doctor_lib.DoctorLine(**json.loads(text[len(_PREFIX) :]))


def _ending(status: int) -> str:
  if status >= 0:
    return f"ended with status {status}"
  try:
    name = signal.Signals(-status).name
  except ValueError:
    name = f"signal {-status}"
  return f"was killed by {name}"


def _unfinished(
  python: str,
  problem: Optional[str],
  found: Sequence[doctor_lib.DoctorLine],
  said: bytes,
) -> doctor_lib.DoctorLine:
  text = f"the probe of {python} {problem}"
  if found:
    text += f", after it had looked at {found[-1].subject}"
  lines: List[str] = said.decode("utf-8", "replace").split("\n")
  tail = [line.strip() for line in lines if line.strip()][-_TAIL_LINES:]
  if tail:
    text += "; it said: " + " | ".join(tail)
  subjects = {line.subject for line in found}
  if not found:
    advice = "Look whether that interpreter starts at all."
  elif "TensorFlow" not in subjects:
    advice = (
      "Importing TensorFlow ends the process: install it anew in an"
      " environment of its own, in a build for this processor."
    )
  else:
    advice = "Run `python -m parity.tf.doctor` to see all that it prints."
  return doctor_lib.DoctorLine("probe", "missing", text, advice)
