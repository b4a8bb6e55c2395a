"""Which numerics switches are on, whoever set them?

A variable of the environment says what was asked for; what is unset has a
default that versions and processors decide: oneDNN is off in 2.8 and on from
2.9, where the processor has what it wants. These are the values that hold.
"""

from __future__ import annotations

import os
from typing import Dict, Optional

import tensorflow as tf


def effective_switches() -> Dict[str, str]:
  """What is in force in this process, by name; what is not known is left out.

  The number of threads counts: kernels split sums by it.
  """
  found = {
    "oneDNN": _on_off(_is_onednn_on()),
    "TF32": _on_off(_is_tf32_on()),
    "op determinism": _on_off(_is_determinism_on()),
    "XLA jit": _jit(),
    "intra-op threads": _intra_op_threads(),
  }
  return {name: value for name, value in found.items() if value is not None}


def _on_off(is_on: Optional[bool]) -> Optional[str]:
  return None if is_on is None else ("on" if is_on else "off")


def _is_onednn_on() -> Optional[bool]:
  try:
    # Since 2.2; before, in the one module of all wrappers.
    from tensorflow.python.util import _pywrap_util_port as wrapped
  except ImportError:
    from tensorflow.python import pywrap_tensorflow as wrapped
  asked = getattr(wrapped, "IsMklEnabled", None)
  return None if asked is None else bool(asked())


def _is_tf32_on() -> Optional[bool]:
  """Since 2.4; before, there was none."""
  experimental = getattr(tf.config, "experimental", None)
  asked = getattr(experimental, "tensor_float_32_execution_enabled", None)
  return None if asked is None else bool(asked())


def _is_determinism_on() -> Optional[bool]:
  """Since 2.8; before, only the environment's variable."""
  from tensorflow.python.framework import config

  asked = getattr(config, "is_op_determinism_enabled", None)
  return None if asked is None else bool(asked())


def _jit() -> str:
  return str(tf.config.optimizer.get_jit() or "off")


def _intra_op_threads() -> str:
  chosen = tf.config.threading.get_intra_op_parallelism_threads()
  # TensorFlow does not tell of the variable that it reads itself.
  text = os.environ.get("TF_NUM_INTRAOP_THREADS", "")
  if chosen or text:
    return str(chosen or text)
  return f"{len(os.sched_getaffinity(0))} (all)"
