"""Does TF-Slim work here, and if not, what does it lack?

TF-Slim 1.1 was written for TensorFlow 1.x. From TensorFlow 2.15 on its batch
normalisation asks for modules and names that have moved:

1. `tf_keras.legacy_tf_layers`, which tf_keras holds at another place
   (keras#18839, tf-slim#24).
2. `tensorflow.python.framework.ops.Tensor`.

In TF2 behaviour, as under the shim, it asks whether a variable is in a list,
which raises there, since variables compare by value. And TensorFlow 1.15 lacks
`tf.compat.v1.compat.v1`, which code written against later releases uses.
`enable_tf_slim()` mends all of this.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from typing import Any

from parity import errors
from parity.tf.compat import gaps
from parity.tf.compat import keras as compat_keras
from parity.tf.compat import release


def enable_tf_slim() -> None:
  """Makes TF-Slim work on this TensorFlow, for the rest of the process.

  Call it before or after `import tf_slim`, as often as you like. It does
  nothing where nothing is missing, TF-Slim itself included, and does not load
  Keras before TF-Slim needs it.

  Where tf_keras, which TF-Slim's batch normalisation needs here, is missing or
  of another minor version, the first batch normalisation raises an
  EnvironmentProblem that says so.

  >>> enable_tf_slim()
  """
  gaps.provide_ops_tensor()
  gaps.provide_nested_compat()
  gaps.provide_normalization_layers(_normalization_layers)
  for name in ("tf_slim.layers.layers", "tf_slim.ops.variables"):
    try:
      module = importlib.import_module(name)
    except ImportError:
      # Whoever wants TF-Slim will import it, and see this error.
      return
    gaps.search_collections_by_identity(module)


def _normalization_layers() -> Any:
  """The module with TF1.x's BatchNormalization, of the Keras in use."""
  _check_keras()
  return importlib.import_module(
    f"{_keras_package()}.src.legacy_tf_layers.normalization"
  )


def _keras_package() -> str:
  """The package that holds the Keras 2 that `tf.keras` is."""
  # 2.15 has Keras 2.15 as `keras`, and takes tf_keras only when told to.
  if release.is_at_least(2, 16) or compat_keras.asks_for_legacy_keras():
    return "tf_keras"
  return "keras"


def _check_keras() -> None:
  """Raises where the Keras that TF-Slim needs here is missing or unfit."""
  package = _keras_package()
  wanted = "{}.{}".format(*release.minor_version())
  advice = (
    f'Install the matching one: {sys.executable} -m pip install "{package}'
    f'~={wanted}.0"'
  )
  if ".dev" in release.version_text() or "-dev" in release.version_text():
    advice = (
      "Install the one of the same night:"
      f" {sys.executable} -m pip install tf_keras-nightly"
    )
  if importlib.util.find_spec(package) is None:
    raise errors.EnvironmentProblem(
      f"TF-Slim's batch normalisation on TensorFlow {release.version_text()}"
      f" needs {package} {wanted}, which is not installed. {advice}, and set"
      " TF_USE_LEGACY_KERAS=1."
    )
  version = str(importlib.import_module(package).__version__)
  if release.minor_of(version) != release.minor_version():
    raise errors.EnvironmentProblem(
      f"TF-Slim's batch normalisation on TensorFlow {release.version_text()}"
      f" needs {package} {wanted}, found {version}. {advice}."
    )
