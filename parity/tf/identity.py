"""Where does this run? Everything outside the case that can change a number."""

from __future__ import annotations

import os
import platform
import sys
from typing import Any, Dict

import numpy as np

from parity.records import recording as recording_lib

_PACKAGES = (
  "tensorflow",
  "keras",
  "tf_keras",
  "tf_slim",
  "tensorflow_probability",
  "ml_dtypes",
)
# Environment variables that are numerics switches.
_SWITCHES = (
  "TF_USE_LEGACY_KERAS",
  "TF_ENABLE_ONEDNN_OPTS",
  "TF_DETERMINISTIC_OPS",
  "TF_CUDNN_DETERMINISTIC",
  "NVIDIA_TF32_OVERRIDE",
  "TF_NUM_INTRAOP_THREADS",
  "TF_NUM_INTEROP_THREADS",
  "TF_XLA_FLAGS",
  "XLA_FLAGS",
  "OMP_NUM_THREADS",
)


def identify(*, cell: str, numerics: str) -> recording_lib.Identity:
  """The identity of this process; imports TensorFlow."""
  import tensorflow as tf2

  from parity.tf.compat import switches

  versions = {
    "python": platform.python_version(),
    "numpy": np.__version__,
  }
  for package in _PACKAGES:
    module = sys.modules.get(package)
    version = getattr(module, "__version__", None)
    if version:
      versions[package] = str(version)
  versions["tensorflow"] = tf2.__version__
  return recording_lib.Identity(
    cell=cell,
    versions=versions,
    build=str(getattr(tf2, "__git_version__", "")),
    device=_device(tf2),
    cpu=_cpu(),
    switches={**switches.effective_switches(), **_switches()},
    numerics=numerics,
  )


def _device(tf2: Any) -> str:
  """`cpu`, or the accelerators by name, as far as TensorFlow tells (2.4)."""
  from parity.tf import gpus

  found = gpus.seen("GPU")
  if not found:
    return "cpu"
  asked = getattr(tf2.config.experimental, "get_device_details", None)
  names = {
    str(asked(gpu).get("device_name", "gpu")) if asked else "gpu"
    for gpu in found
  }
  return ", ".join(sorted(names))


def _switches() -> Dict[str, str]:
  """The variables that were set."""
  return {name: os.environ[name] for name in _SWITCHES if name in os.environ}


def _cpu() -> str:
  """The processor's model and instruction sets, where the system tells."""
  wanted = ("avx", "fma", "amx", "neon", "sve")
  try:
    with open("/proc/cpuinfo", encoding="utf-8") as file:
      lines = [line.partition(":") for line in file]
  except OSError:
    return platform.processor()
  fields = {key.strip(): value.strip() for key, _, value in lines}
  flags = fields.get("flags", fields.get("Features", "")).split()
  chosen = [flag for flag in flags if flag.startswith(wanted)]
  model = fields.get("model name", platform.machine())
  return f"{model} ({' '.join(chosen)})"
