"""Is the tf_keras that tf.keras needs here, and does it fit this TensorFlow?

From TensorFlow 2.16 on `tf.keras` is Keras 3, and the shim, `tf.layers` and
TF-Slim's batch normalisation need Keras 2, which is then the package tf_keras
of TensorFlow's own minor version.

1. Another minor version is refused before anything runs: what it computes, or
   whether it imports at all, is nobody's promise. Nightly builds are let pass,
   since the two are not built at the same time. A package that is missing is
   refused where TF_USE_LEGACY_KERAS asks for it.
2. Elsewhere a missing package is no error by itself, since a port may do
   without Keras; it is told when an error of the user's code is about Keras.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from typing import Optional

from parity import errors
from parity.tf.compat import keras as keras_lib
from parity.tf.compat import release

_VERSION = re.compile(r"""^__version__ = ["']([^"']+)["']""", re.MULTILINE)


def installed_version() -> Optional[str]:
  """tf_keras's version, without importing it; None where it is missing."""
  spec = importlib.util.find_spec("tf_keras")
  if spec is None or spec.origin is None:
    return None
  with open(spec.origin, encoding="utf-8") as file:
    found = _VERSION.search(file.read())
  if found:
    return found.group(1)
  return str(importlib.import_module("tf_keras").__version__)


def install_command() -> str:
  """How the tf_keras that fits this TensorFlow is installed."""
  if "dev" in release.version_text():
    return f"{sys.executable} -m pip install tf-keras-nightly --no-deps"
  major, minor = release.minor_version()
  return f'{sys.executable} -m pip install "tf_keras~={major}.{minor}.0"'


def require_fitting() -> None:
  """Checks that the tf_keras that is asked for is of TensorFlow's version.

  Raises:
    EnvironmentProblem: it is missing, or of another minor version.
  """
  if not keras_lib.asks_for_legacy_keras():
    return
  version, tensorflow = installed_version(), release.version_text()
  if version is None:
    raise errors.EnvironmentProblem(
      "TF_USE_LEGACY_KERAS asks TensorFlow for tf_keras, which is not installed"
      f" in {sys.executable}. Install it: {install_command()}; or unset"
      " TF_USE_LEGACY_KERAS."
    )
  if "dev" in tensorflow:
    return
  if release.minor_of(version) != release.minor_version():
    raise errors.EnvironmentProblem(
      f"tf_keras {version} does not fit TensorFlow {tensorflow} in"
      f" {sys.executable}: they must be of the same minor version. Install the"
      f" one that fits: {install_command()}; or set TF_USE_LEGACY_KERAS=0 for a"
      " case that does without Keras 2."
    )


def advice_for(error: BaseException) -> Optional[str]:
  """What to do where an error is about Keras and tf_keras is missing."""
  is_needed = release.is_at_least(2, 16) or keras_lib.asks_for_legacy_keras()
  if not is_needed or not isinstance(error, (AttributeError, ImportError)):
    return None
  if "keras" not in str(error).lower() or installed_version() is not None:
    return None
  return (
    "tf_keras, which Keras 2, the shim and tf.layers need on TensorFlow"
    f" {release.version_text()}, is not installed in {sys.executable}. Install"
    f" it: {install_command()}"
  )
