"""How much memory does explaining take, of a network with large activations?

    python -m benchmarks.explain_memory --size 1024 --layers 50

explains a failing `parity check` of a chain of convolutions, of which one has
another slope behind it, and prints how much all its activations take, on each
side, and the peak of what any of the processes had in memory. That must not
grow with the number of layers: a trace keeps small values and sketches, and
asks for large values only where the sides part. The benchmark fails where the
peak is beyond the limit, or the bug is not named.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

_ROOT = pathlib.Path(__file__).resolve().parent.parent
_CHANNELS = 16
# Convolution, bias and slope of each layer.
_TENSORS = 3

CASE = """
import numpy as np
import parity

SIZE, LAYERS, CHANNELS = {size}, {layers}, {channels}


def inputs(rng):
  return rng.normal(size=(1, SIZE, SIZE, 4)).astype(np.float32)


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  scaled = tf.initializers.variance_scaling(2.0)
  net = inputs
  with tf.variable_scope("net"):
    for place in range(LAYERS):
      net = tf.layers.conv2d(
        net,
        CHANNELS,
        3,
        padding="same",
        kernel_initializer=scaled,
        name="conv%d" % place,
      )
      net = tf.nn.leaky_relu(net, 0.2)
    return {{"mean": tf.reduce_mean(net, [1, 2])}}


def tf2():
  import tensorflow as tf

  scaled = tf.compat.v1.initializers.variance_scaling(2.0)

  class Net(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.convs = [
        tf.keras.layers.Conv2D(
          CHANNELS,
          3,
          padding="same",
          kernel_initializer=scaled,
          name="conv%d" % place,
        )
        for place in range(LAYERS)
      ]

    def call(self, inputs, training=False):
      net = inputs
      for place, conv in enumerate(self.convs):
        slope = 0.3 if place == LAYERS // 2 else 0.2
        net = tf.nn.leaky_relu(conv(net), slope)
      return {{"mean": tf.reduce_mean(net, [1, 2])}}

  return Net()


CASE = parity.Case(
  inputs=inputs, tf1=tf1, tf2=tf2, steps=("random_inference",)
)
"""


def main() -> int:
  """Runs the benchmark; its exit status."""
  parser = argparse.ArgumentParser(
    description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
  )
  parser.add_argument("--size", type=int, default=512, help="of the image")
  parser.add_argument("--layers", type=int, default=24)
  parser.add_argument("--limit", type=int, default=1024, help="peak, in MiB")
  flags = parser.parse_args()
  values = flags.layers * _TENSORS * flags.size**2 * _CHANNELS
  with tempfile.TemporaryDirectory() as folder:
    case = os.path.join(folder, "wide_parity.py")
    report = os.path.join(folder, "report.json")
    pathlib.Path(case).write_text(
      CASE.format(size=flags.size, layers=flags.layers, channels=_CHANNELS)
    )
    start = time.perf_counter()
    subprocess.run(
      [sys.executable, "-m", "parity", "check", case, "--json", report, "-q"],
      cwd=_ROOT,
      check=False,
    )
    seconds = time.perf_counter() - start
    found = json.loads(pathlib.Path(report).read_text())
  causes = [f["cause"] for c in found["checks"] for f in c["findings"]]
  # Of the largest process: the driver's children are waited for as well.
  peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
  print(f"activations {values * 4 / 2**20:8.0f} MiB on each side")
  print(f"peak        {peak:8.0f} MiB in the largest process")
  print(f"seconds     {seconds:8.1f}")
  print(f"causes      {', '.join(causes) or 'none'}")
  return 0 if causes == ["op_attribute"] and peak <= flags.limit else 1


if __name__ == "__main__":
  sys.exit(main())
