"""What of Keras and TF-Slim is here, and does it work? Subjects of the doctor.

TensorFlow is known to be importable when these are called.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from typing import Optional

import tensorflow as tf2
import tensorflow.compat.v1 as tf1

from parity.tf import doctor_lines as lines
from parity.tf import legacy_keras
from parity.tf.compat import keras as keras_lib
from parity.tf.compat import release


def keras() -> lines.Lines:
  """Which Keras `tf.keras` is."""
  try:
    is_there = keras_lib.keras2() is not None or keras_lib.keras3() is not None
  except Exception as error:  # noqa: BLE001
    is_there, why = False, lines.said(error)
  else:
    why = "tf.keras cannot be loaded"
  if not is_there:
    return (
      lines.Line(
        "Keras",
        "missing",
        why,
        legacy_keras.install_command() + ", or unset TF_USE_LEGACY_KERAS.",
      ),
    )
  # Where tf.keras is loaded lazily, its own name does not say which one it is.
  package = tf2.keras.layers.Layer.__module__.split(".")[0]
  module = sys.modules.get(package, tf2.keras)
  if package == "tensorflow":
    return (lines.Line("Keras", "ok", "tf.keras is Keras 2 inside TensorFlow"),)
  found = f"tf.keras is {package} {lines.version(module)}".rstrip()
  if keras_lib.keras2() is not None:
    return (lines.Line("Keras", "ok", found),)
  return (
    lines.Line(
      "Keras",
      "warn",
      f"{found}, which is Keras 3",
      "Ports that use the shim or Keras 2 need tf_keras: "
      + legacy_keras.install_command(),
    ),
  )


def tf_keras() -> lines.Lines:
  """Whether tf_keras is there, of the right version, and asked for."""
  major, minor = release.minor_version()
  is_needed = release.is_at_least(2, 16)
  if importlib.util.find_spec("tf_keras") is None:
    if not is_needed:
      return (
        lines.Line(
          "tf_keras", "ok", "not installed; this TensorFlow has Keras 2"
        ),
      )
    return (
      lines.Line(
        "tf_keras", "warn", "not installed", legacy_keras.install_command()
      ),
      _legacy_switch(is_there=False),
    )
  try:
    version = lines.version(importlib.import_module("tf_keras"))
  except Exception as error:  # noqa: BLE001
    return (
      lines.Line(
        "tf_keras",
        "warn",
        f"its import raises {lines.said(error)}",
        legacy_keras.install_command(),
      ),
      _legacy_switch(is_there=True),
    )
  if release.minor_of(version) != (major, minor):
    line = lines.Line(
      "tf_keras",
      "warn",
      f"{version}, but TensorFlow is {major}.{minor}",
      "It must be of the same minor version: " + legacy_keras.install_command(),
    )
  else:
    line = lines.Line(
      "tf_keras", "ok", f"{version}, of TensorFlow's minor version"
    )
  return (line, _legacy_switch(is_there=True))


def _legacy_switch(*, is_there: bool) -> lines.Line:
  value = os.environ.get("TF_USE_LEGACY_KERAS")
  found = "not set" if value is None else f"{value!r}"
  asked = keras_lib.asks_for_legacy_keras()
  if is_there and not asked and keras_lib.keras2() is None:
    return lines.Line(
      "TF_USE_LEGACY_KERAS",
      "warn",
      found,
      "Set it to 1, or leave it unset: parity's workers then set it.",
    )
  return lines.Line("TF_USE_LEGACY_KERAS", "ok", found)


def guide_tools() -> lines.Lines:
  """Whether TensorFlow has the guide's own tools."""
  names = ("track_tf1_style_variables", "DeterministicRandomTestTool")
  try:
    utils = tf2.compat.v1.keras.utils
    lacking = [name for name in names if not hasattr(utils, name)]
  except (AttributeError, ImportError):
    lacking = list(names)
  if not lacking:
    return (lines.Line("guide's tools", "ok", ", ".join(names)),)
  return (
    lines.Line(
      "guide's tools",
      "warn",
      f"this TensorFlow lacks {', '.join(lacking)}",
      "parity brings its own random tool; ports that use the shim need"
      " TensorFlow 2.8 or later, and from 2.16 on tf_keras.",
    ),
  )


def tf_slim() -> lines.Lines:
  """Whether TF-Slim works, with what parity does for it."""
  if importlib.util.find_spec("tf_slim") is None:
    return (
      lines.Line(
        "tf_slim",
        "warn",
        "not installed",
        f"Models in TF-Slim need it: {sys.executable} -m pip install tf_slim",
      ),
    )
  problem = _slim_batch_norm_problem()
  if problem is None:
    return (lines.Line("tf_slim", "ok", "slim.batch_norm works as it is"),)
  from parity.tf import slim

  slim.enable_tf_slim()
  problem = _slim_batch_norm_problem()
  if problem is None:
    return (
      lines.Line(
        "tf_slim",
        "ok",
        "slim.batch_norm works with parity.enable_tf_slim(), which parity's"
        " workers call",
      ),
    )
  return (
    lines.Line(
      "tf_slim",
      "warn",
      f"slim.batch_norm raises {problem}",
      "Models in TF-Slim need tf_keras here: " + legacy_keras.install_command(),
    ),
  )


def _slim_batch_norm_problem() -> Optional[str]:
  """What building a batch norm in a graph raises, None where it works."""
  try:
    slim = importlib.import_module("tf_slim")
    with tf1.Graph().as_default():
      images = tf1.placeholder(tf1.float32, (2, 4, 4, 3))
      slim.conv2d(images, 2, 3, normalizer_fn=slim.batch_norm)
  except Exception as error:  # noqa: BLE001
    return lines.said(error)
  return None
