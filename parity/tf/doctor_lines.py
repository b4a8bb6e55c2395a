"""How does the doctor write what it found?"""

from __future__ import annotations

import importlib
from typing import Any, Tuple

from parity.records import doctor as doctor_lib

Line = doctor_lib.DoctorLine
Lines = Tuple[doctor_lib.DoctorLine, ...]

# Packages whose module has another name.
PIP_NAMES = {"absl": "absl-py"}


def said(error: BaseException) -> str:
  """An error in one line: its class and the start of its message."""
  text = " ".join(str(error).split())
  return f"{type(error).__name__}: {text[:300]}"


def version(module: Any) -> str:
  """A module's version: its own, else that of the package it comes from."""
  own = getattr(module, "__version__", None)
  if isinstance(own, str):
    return own
  try:
    metadata = importlib.import_module("importlib.metadata")
  except ImportError:  # Python 3.7.
    return ""
  package = str(module.__name__)
  try:
    return str(metadata.version(PIP_NAMES.get(package, package)))
  except metadata.PackageNotFoundError:
    return ""
