"""What does this interpreter have, and what does TensorFlow offer in it?

`probe()` looks at one subject after the other, in the process that calls it;
what it learns of one decides what it can ask of the next. Every subject has
its line, also where looking at it raised. It writes nothing and mends nothing.

As a program (`python -m parity.tf.doctor`) it sets the environment of a side's
process first and prints each line as JSON as soon as it is known, so that the
reader learns how far a process came that crashed in TensorFlow's import.

To add a subject: a function that returns its DoctorLines, and a row in
`_SUBJECTS`, or in `_tensorflow_subjects` where TensorFlow must be there.
"""

from __future__ import annotations

import dataclasses
import importlib
import importlib.util
import json
import os
import platform
import sys
from typing import Callable, Dict, Iterator, Tuple

from parity.records import doctor as doctor_lib
from parity.tf import doctor_lines as lines

PREFIX = "parity.doctor "
DONE = PREFIX + "done"

# What parity needs wherever a side runs: the module, and why.
_NEEDED = {
  "numpy": "arrays",
  "absl": "tests (absl-py)",
  "safetensors": "recordings",
  "rich": "reports at the terminal",
  "jinja2": "HTML reports",
}
_ONLY_FOR_REPORTS = ("rich", "jinja2")


def probe() -> Tuple[doctor_lib.DoctorLine, ...]:
  """Looks at everything, here; imports TensorFlow if it is there."""
  return tuple(probe_each())


def probe_each() -> Iterator[doctor_lib.DoctorLine]:
  """Looks at everything, one line at a time."""
  for subject, look in _SUBJECTS.items():
    yield from _guarded(subject, look)
  if _importable("tensorflow"):
    for subject, look in _tensorflow_subjects().items():
      yield from _guarded(subject, look)


def main() -> int:
  """Prints a line of JSON a subject, then that it came to the end."""
  os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
  # As the worker does it, which needs more than may be installed here.
  if importlib.util.find_spec("tf_keras") is not None:
    os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
  for line in probe_each():
    _tell(PREFIX + json.dumps(dataclasses.asdict(line)))
  _tell(DONE)
  return 0


def _tell(text: str) -> None:
  sys.stdout.write(text + "\n")
  sys.stdout.flush()


def _guarded(subject: str, look: Callable[[], lines.Lines]) -> lines.Lines:
  """What looking at a subject raises is what was found out about it."""
  try:
    return look()
  except Exception as error:  # noqa: BLE001
    return (
      lines.Line(
        subject,
        "warn",
        f"could not be looked at: {lines.said(error)}",
        "Mend what it says; if that makes no sense, it is a bug in parity.",
      ),
    )


def _importable(name: str) -> bool:
  try:
    importlib.import_module(name)
  except Exception:  # noqa: BLE001
    return False
  return True


def _python() -> lines.Lines:
  found = f"{platform.python_version()}, {sys.executable}"
  return (lines.Line("Python", "ok", found),)


def _packages() -> lines.Lines:
  found = []
  for name, what_for in _NEEDED.items():
    pip_name = lines.PIP_NAMES.get(name, name)
    try:
      module = importlib.import_module(name)
    except Exception as error:  # noqa: BLE001
      status = "warn" if name in _ONLY_FOR_REPORTS else "missing"
      found.append(
        lines.Line(
          pip_name,
          status,
          f"needed for {what_for}: {lines.said(error)}",
          f"{sys.executable} -m pip install {pip_name}",
        )
      )
    else:
      version = lines.version(module) or "there"
      found.append(lines.Line(pip_name, "ok", version))
  return tuple(found)


def _tensorflow() -> lines.Lines:
  if importlib.util.find_spec("tensorflow") is None:
    return (
      lines.Line(
        "TensorFlow",
        "missing",
        "not installed",
        f"{sys.executable} -m pip install tensorflow"
        " (comparing and showing recordings works without it)",
      ),
    )
  try:
    tf = importlib.import_module("tensorflow")
  except Exception as error:  # noqa: BLE001
    return (
      lines.Line(
        "TensorFlow",
        "missing",
        f"its import raises {lines.said(error)}",
        "Install TensorFlow anew in an environment of its own; on TensorFlow"
        " up to 2.8 also `pip install 'protobuf<3.21'`.",
      ),
    )
  from parity.tf.compat import release

  build = getattr(tf, "__git_version__", "")
  return (lines.Line("TensorFlow", "ok", f"{release.version_text()} {build}"),)


def _switches() -> lines.Lines:
  import tensorflow as tf

  onednn = os.environ.get("TF_ENABLE_ONEDNN_OPTS")
  found = [
    lines.Line(
      "oneDNN",
      "ok",
      "as this build of TensorFlow has it (TF_ENABLE_ONEDNN_OPTS is not set)"
      if onednn is None
      else f"TF_ENABLE_ONEDNN_OPTS={onednn}",
    )
  ]
  experimental = tf.config.experimental
  enabled = getattr(experimental, "tensor_float_32_execution_enabled", None)
  if enabled is None:
    found.append(lines.Line("TF32", "ok", "this TensorFlow does not know it"))
  else:
    word = "on where a GPU has it" if enabled() else "off"
    found.append(lines.Line("TF32", "ok", word))
  if hasattr(experimental, "enable_op_determinism"):
    found.append(lines.Line("determinism", "ok", "can be asked for"))
  else:
    found.append(
      lines.Line(
        "determinism",
        "warn",
        "this TensorFlow has no enable_op_determinism",
        "On a GPU, numbers may differ from run to run; on a CPU use"
        " --numerics strict, which takes one thread.",
      )
    )
  return tuple(found)


def _devices() -> lines.Lines:
  from parity.tf import gpus

  count: Dict[str, int] = {}
  for device in gpus.seen():
    count[device.device_type] = count.get(device.device_type, 0) + 1
  found = ", ".join(f"{number} {kind}" for kind, number in count.items())
  return (
    lines.Line("devices", "ok" if found else "warn", found or "none seen"),
  )


_SUBJECTS: Dict[str, Callable[[], lines.Lines]] = {
  "Python": _python,
  "packages": _packages,
  "TensorFlow": _tensorflow,
}


def _tensorflow_subjects() -> Dict[str, Callable[[], lines.Lines]]:
  from parity.tf import doctor_keras

  return {
    "Keras": doctor_keras.keras,
    "tf_keras": doctor_keras.tf_keras,
    "guide's tools": doctor_keras.guide_tools,
    "tf_slim": doctor_keras.tf_slim,
    "switches": _switches,
    "devices": _devices,
  }


if __name__ == "__main__":
  sys.exit(main())
