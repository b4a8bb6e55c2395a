"""Which devices does TensorFlow see? As a program, whether one is a GPU.

    python -m parity.tf.gpus

prints one line of JSON: TensorFlow's version, whether it was built for CUDA,
and how many GPUs it sees.
"""

from __future__ import annotations

import json
import sys
from typing import Any, List, Optional

import tensorflow as tf


def seen(kind: Optional[str] = None) -> List[Any]:
  """TensorFlow's physical devices; of one kind, such as `GPU`, or all."""
  # Before 2.1 the listing was experimental.
  listing = getattr(tf.config, "list_physical_devices", None)
  if listing is None:
    listing = tf.config.experimental.list_physical_devices
  return list(listing(kind))


def main() -> None:
  """Prints what the program says."""
  told = [tf.__version__, tf.test.is_built_with_cuda(), len(seen("GPU"))]
  sys.stdout.write(f"{json.dumps(told)}\n")


if __name__ == "__main__":
  main()
