"""Which of TF1.x's behaviours is on, and for how long?"""

from __future__ import annotations

import contextlib
from typing import Iterator

import tensorflow as tf
import tensorflow.compat.v1 as tf1
from tensorflow.python.util import deprecation


def is_tensor_equality_on() -> bool:
  """Whether `==` of tensors and variables compares values (since 1.15)."""
  # Variables look at this attribute too.
  return bool(tf.Tensor._USE_EQUALITY)


@contextlib.contextmanager
def tensor_equality(*, enabled: bool) -> Iterator[None]:
  """Turns tensor equality on or off inside the scope (since 1.15).

  Args:
    enabled: TF2's behaviour; off is TF1.x's, which compares identity.

  Yields:
    Nothing.
  """
  before = is_tensor_equality_on()
  _set_tensor_equality(enabled=enabled)
  try:
    yield
  finally:
    _set_tensor_equality(enabled=before)


@contextlib.contextmanager
def control_flow_v2(*, enabled: bool) -> Iterator[None]:
  """Turns the control flow of 2.x on or off inside the scope (since 1.15).

  Args:
    enabled: TF2's behaviour (`While`, `If`); off is TF1.x's (`Switch`).

  Yields:
    Nothing.
  """
  before = bool(tf1.control_flow_v2_enabled())
  _set_control_flow_v2(enabled=enabled)
  try:
    yield
  finally:
    _set_control_flow_v2(enabled=before)


@contextlib.contextmanager
def resource_variables(*, enabled: bool) -> Iterator[None]:
  """Turns resource variables on or off inside the scope (since 1.15).

  Args:
    enabled: what `get_variable` and `Variable` of `compat.v1` make unless told
      otherwise; off is TF1.x's behaviour.

  Yields:
    Nothing.
  """
  before = bool(tf1.resource_variables_enabled())
  _set_resource_variables(enabled=enabled)
  try:
    yield
  finally:
    _set_resource_variables(enabled=before)


@contextlib.contextmanager
def tensorshape_v2(*, enabled: bool) -> Iterator[None]:
  """Turns the TensorShape of 2.x on or off inside the scope (since 1.15).

  Args:
    enabled: sizes are whole numbers; off, TF1.x's behaviour, they are
      `Dimension`s, with `.value`.

  Yields:
    Nothing.
  """
  # There is no public question; a shape of one size tells.
  before = isinstance(tf.TensorShape([1])[0], int)
  _set_tensorshape_v2(enabled=enabled)
  try:
    yield
  finally:
    _set_tensorshape_v2(enabled=before)


def _set_resource_variables(*, enabled: bool) -> None:
  if enabled:
    tf1.enable_resource_variables()
    return
  with deprecation.silence():
    tf1.disable_resource_variables()


def _set_tensorshape_v2(*, enabled: bool) -> None:
  if enabled:
    tf1.enable_v2_tensorshape()
  else:
    tf1.disable_v2_tensorshape()


def _set_tensor_equality(*, enabled: bool) -> None:
  if enabled:
    tf1.enable_tensor_equality()
  else:
    tf1.disable_tensor_equality()


def _set_control_flow_v2(*, enabled: bool) -> None:
  if enabled:
    tf1.enable_control_flow_v2()
  else:
    tf1.disable_control_flow_v2()
