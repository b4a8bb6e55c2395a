"""Which TensorFlow is this? The only reader of its version."""

from __future__ import annotations

from typing import Tuple

import tensorflow as tf


def version_text() -> str:
  """TensorFlow's version as it says it, such as `2.21.0`."""
  return str(tf.__version__)


def minor_version() -> Tuple[int, int]:
  """TensorFlow's major and minor version, such as (2, 21)."""
  return minor_of(version_text())


def minor_of(version: str) -> Tuple[int, int]:
  """The major and minor part of a version.

  >>> minor_of("2.23.0-dev20261026")
  (2, 23)
  """
  major, minor = version.split(".")[:2]
  return int(major), int(minor)


def is_at_least(major: int, minor: int) -> bool:
  """Whether this TensorFlow is that one or a later one."""
  return minor_version() >= (major, minor)
