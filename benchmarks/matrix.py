"""What does `parity matrix` cost, and how does it grow with models and cells?

    python -m benchmarks.matrix --models 10 30 100

writes small networks whose ports are right into a temporary folder, runs
`parity matrix` on them, and prints a row a run: wall and processor seconds, the
share of the machine's cores that nobody used meanwhile, how many interpreters
were started, and the peak of memory, of the largest process and of all together
(pages that several share are counted once). Below stands what one more model
and one more cell cost.

Fails where a case does not pass, or where an interpreter was started that is
neither the driver, nor the reference, nor a cell's one worker.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from typing import Dict, List, Sequence, Set

from benchmarks import processes

_ROOT = pathlib.Path(__file__).resolve().parent.parent
_CELLS = ("tf2.8", "tf2.12", "tf2.15", "tf2.16", "tf2.21", "nightly")
_LOOK_SECONDS = 1.0

_CASE = """
import numpy as np
import parity

LAYERS = {layers}


def inputs(rng):
  return rng.normal(size={shape}).astype(np.float32)


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  net = inputs
  with tf.variable_scope("net"):
    for place, (kind, size) in enumerate(LAYERS):
      name = kind + str(place)
      if kind == "dense":
        net = tf.layers.dense(net, size, tf.nn.relu, name=name)
      elif kind == "conv":
        net = tf.layers.conv2d(net, size, 3, padding="same", name=name)
      elif kind == "norm":
        net = tf.layers.batch_normalization(
          net, momentum=0.9, training=training, name=name
        )
      elif kind == "dropout":
        net = tf.layers.dropout(net, size, training=training)
      else:
        net = tf.reduce_mean(net, [1, 2])
    return {{"logits": tf.layers.dense(net, 5, name="logits")}}


def tf2():
  import tensorflow as tf

  class Net(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      layers = tf.keras.layers
      make = {{
        "dense": lambda n, s: layers.Dense(s, activation="relu", name=n),
        "conv": lambda n, s: layers.Conv2D(s, 3, padding="same", name=n),
        "norm": lambda n, s: layers.BatchNormalization(momentum=0.9, name=n),
        "dropout": lambda n, s: layers.Dropout(s),
        "mean": lambda n, s: layers.Lambda(lambda x: tf.reduce_mean(x, [1, 2])),
      }}
      self.parts = [
        make[kind](kind + str(place), size)
        for place, (kind, size) in enumerate(LAYERS)
      ]
      self.logits = layers.Dense(5, name="logits")

    def call(self, inputs, training=False):
      net = inputs
      for (kind, _), part in zip(LAYERS, self.parts):
        if kind in ("norm", "dropout"):
          net = part(net, training=training)
        else:
          net = part(net)
      return {{"logits": self.logits(net)}}

  return Net()


{extra}
CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2{fields})
"""

_TRAINED = """
def loss(outputs, inputs):
  import tensorflow.compat.v1 as tf

  return tf.reduce_mean(tf.square(outputs["logits"]))


def tf1_optimizer():
  import tensorflow.compat.v1 as tf

  return tf.train.MomentumOptimizer(0.01, 0.9)


def tf2_optimizer():
  import tensorflow as tf

  return tf.keras.optimizers.SGD(0.01, momentum=0.9)


"""
_FIELDS = (
  ", loss=loss, tf1_optimizer=tf1_optimizer, tf2_optimizer=tf2_optimizer"
)


def case_text(number: int) -> str:
  """A small network, another one for each number.

  Every third is of dense layers, the others of convolutions; one in four has a
  loss and an optimizer.
  """
  depth = 1 + number % 4
  width = 4 + number % 7
  layers: List[object] = []
  if number % 3:
    shape = (4, 8, 8, 3)
    for _ in range(depth):
      layers += [("conv", width), ("norm", None)]
    layers.append(("mean", None))
  else:
    shape = (16, 12)
    for _ in range(depth):
      layers += [("dense", 4 * width), ("dropout", 0.25)]
  trained = number % 4 == 1
  return _CASE.format(
    layers=layers,
    shape=shape,
    extra=_TRAINED.lstrip() if trained else "",
    fields=_FIELDS if trained else "",
  )


@dataclasses.dataclass(frozen=True)
class Spent:
  """What one matrix took.

  Attributes:
    models: how many cases.
    cells: how many cells, the reference not counted.
    seconds: wall time.
    processor: processor seconds of all its processes.
    idle: the share of the cores that neither it nor anyone else used.
    interpreters: how many Python processes it started, the driver not counted.
    largest: bytes of the largest process, at its peak.
    together: bytes of all processes together, at their peak.
    verdict: of the matrix.
  """

  models: int
  cells: int
  seconds: float
  processor: float
  idle: float
  interpreters: int
  largest: int
  together: int
  verdict: str


def measure(
  folder: str, models: int, *, cells: Sequence[str], arguments: Sequence[str]
) -> Spent:
  """Runs one matrix of the first models of a folder."""
  report = os.path.join(folder, "report.json")
  command = [sys.executable, "-m", "parity", "matrix"]
  command += [case_path(folder, number) for number in range(models)]
  command += ["--cells", ",".join(cells), "--json", report, "-q", *arguments]
  before, start = processes.processor_seconds(), time.perf_counter()
  idle = _idle_seconds()
  driver = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.DEVNULL)
  workers: Set[int] = set()
  largest = together = 0
  while driver.poll() is None:
    sizes = _sizes(driver.pid)
    workers |= {pid for pid in sizes if _is_worker(pid)}
    largest = max(largest, *sizes.values(), 0)
    together = max(together, sum(sizes.values()))
    time.sleep(_LOOK_SECONDS)
  seconds = time.perf_counter() - start
  idle = (_idle_seconds() - idle) / seconds / (os.cpu_count() or 1)
  return Spent(
    models=models,
    cells=len(cells),
    seconds=seconds,
    processor=processes.processor_seconds() - before,
    idle=idle,
    interpreters=len(workers),
    largest=largest,
    together=together,
    verdict=json.loads(pathlib.Path(report).read_text())["verdict"],
  )


def case_path(folder: str, number: int) -> str:
  """Where a model's case stands."""
  return os.path.join(folder, f"model{number:03d}_parity.py")


def _idle_seconds() -> float:
  """Seconds that the machine's cores were idle since it started, summed."""
  columns = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()
  return int(columns[4]) / os.sysconf("SC_CLK_TCK")


def _sizes(root: int) -> Dict[int, int]:
  """Bytes of a process and its descendants, shared pages by their share."""
  return {
    pid: int(line.split()[1]) * 1024
    for pid in processes.family(root)
    for line in processes.read(pid, "smaps_rollup").splitlines()
    if line.startswith("Pss:")
  }


def _is_worker(pid: int) -> bool:
  words = processes.read(pid, "cmdline").split("\0")
  return "parity.sides.worker" in words


def main() -> int:
  """Prints a row a run; its exit status."""
  parser = argparse.ArgumentParser(
    description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
  )
  parser.add_argument("--models", type=int, nargs="+", default=[10, 30, 100])
  parser.add_argument(
    "--cells", default=",".join(_CELLS), help="beside the reference"
  )
  parser.add_argument("--reference", default="tf1.15")
  parser.add_argument(
    "--few-cells",
    type=int,
    default=1,
    help="also run the fewest models in so many cells; 0 for not",
  )
  flags, arguments = parser.parse_known_args()
  arguments += ["--reference", flags.reference]
  cells = flags.cells.split(",")
  print("models  cells  seconds  processor  idle  started  largest  together")
  found: List[Spent] = []
  with tempfile.TemporaryDirectory() as folder:
    for number in range(max(flags.models)):
      path = pathlib.Path(case_path(folder, number))
      path.write_text(case_text(number))
    runs = [(models, cells) for models in sorted(flags.models)]
    if 0 < flags.few_cells < len(cells):
      runs.append((min(flags.models), cells[: flags.few_cells]))
    for models, chosen in runs:
      spent = measure(folder, models, cells=chosen, arguments=arguments)
      found.append(spent)
      print(
        f"{models:6d}{spent.cells:7d}{spent.seconds:9.1f}"
        f"{spent.processor:11.1f}{spent.idle:6.0%}{spent.interpreters:9d}"
        f"{spent.largest >> 20:5d} MiB{spent.together >> 20:6d} MiB"
        f"  {spent.verdict}",
        flush=True,
      )
  _print_marginal([spent for spent in found if spent.cells == len(cells)])
  if len(found) > len(flags.models):
    _print_cell(found[0], found[-1])
  as_wanted = all(
    spent.verdict == "pass" and spent.interpreters <= spent.cells + 1
    for spent in found
  )
  return 0 if as_wanted else 1


def _print_marginal(found: Sequence[Spent]) -> None:
  for few, many in zip(found, found[1:]):
    more = many.models - few.models
    print(
      f"one more model, {few.models} to {many.models}:"
      f" {(many.seconds - few.seconds) / more:.2f} s,"
      f" {(many.processor - few.processor) / more:.2f} s of processor time,"
      f" {(many.together - few.together) / more / 2**20:.1f} MiB"
    )


def _print_cell(many: Spent, few: Spent) -> None:
  more = many.cells - few.cells
  print(
    f"one more cell, of {few.models} models:"
    f" {(many.seconds - few.seconds) / more:.2f} s,"
    f" {(many.processor - few.processor) / more:.2f} s of processor time"
  )


if __name__ == "__main__":
  sys.exit(main())
