"""What do `record`, `verify` and `diff` of a large model take beside the model?

    python -m benchmarks.large_golden 1024 2560 5120 --folder FOLDER

makes, for each size in MiB, a case whose variables take so much, records both
sides, verifies the port against the golden and compares the two goldens, all by
the command line, and prints for each command its time and the peak memory of
its processes. The model's own memory is that of a process which has no more
than TensorFlow in it, makes the same variables and runs the model once.

Memory that files stand behind is told apart (`mapped`): the system takes it
back where it is short. In brackets are the seconds of the processor. Nine times
the size must be free on the disk; all of it is removed afterwards, also after
an interrupt.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
from typing import Dict, Sequence

from benchmarks import processes

_ROOT = pathlib.Path(__file__).resolve().parent.parent
_MIB = 1 << 20
# Of each variable: 64 MiB.
_WIDTH = 4096
_VARIABLE_MIB = _WIDTH * _WIDTH * 4 // _MIB

CASE = """
import numpy as np
import parity

COUNT, WIDTH = {count}, {width}


def inputs(rng):
  return rng.normal(size=(1, WIDTH)).astype(np.float32)


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  net = inputs
  with tf.variable_scope("net"):
    for place in range(COUNT):
      kernel = tf.get_variable(
        "kernel_%d" % place,
        (WIDTH, WIDTH),
        initializer=tf.random_uniform_initializer(-0.02, 0.02),
      )
      net = tf.tanh(tf.matmul(net, kernel))
  return {{"net": net}}


def tf2():
  import tensorflow as tf

  class Net(tf.Module):
    def __init__(self):
      super().__init__(name="net")
      self.kernels = []

    @tf.Module.with_name_scope
    def __call__(self, inputs, training=False):
      if not self.kernels:
        draw = tf.compat.v1.random_uniform_initializer(-0.02, 0.02)
        for place in range(COUNT):
          # No name holds the value that the variable has copied.
          self.kernels.append(
            tf.Variable(
              lambda: draw((WIDTH, WIDTH), tf.float32),
              name="kernel_%d" % place,
            )
          )
      net = inputs
      for kernel in self.kernels:
        net = tf.tanh(tf.matmul(net, kernel))
      return {{"net": net}}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
"""

# The model in a process of its own, by side.
PLAIN = {
  "tf1": """
import sys
import numpy as np
sys.path.insert(0, {folder!r})
import tensorflow.compat.v1 as tf
import large_parity as case
tf.disable_v2_behavior()
fed = case.inputs(np.random.RandomState(42))
with tf.Graph().as_default(), tf.Session() as session:
  holder = tf.placeholder(tf.float32, fed.shape)
  found = case.tf1(holder, False)
  session.run(tf.global_variables_initializer())
  session.run(found, {{holder: fed}})
""",
  "tf2": """
import sys
import numpy as np
sys.path.insert(0, {folder!r})
import tensorflow as tf
import large_parity as case
fed = case.inputs(np.random.RandomState(42))
case.tf2()(tf.constant(fed))
""",
}


@dataclasses.dataclass
class Peak:
  """The most that a process had in memory, in MiB.

  Attributes:
    own: what no file stands behind.
    all: with what is mapped from files.
  """

  own: float = 0.0
  all: float = 0.0

  def see(self, own: float, mapped: float) -> None:
    """Takes a look into account."""
    self.own = max(self.own, own)
    self.all = max(self.all, own + mapped)


@dataclasses.dataclass
class Ran:
  """What a command took.

  Attributes:
    seconds: of the clock.
    busy: of the processor, in all of its processes.
    driver: the peak of the command's own process.
    worker: that of those that it started.
  """

  seconds: float
  busy: float
  driver: Peak
  worker: Peak


def _look(pid: int, peak: Peak) -> None:
  sizes = {
    line.split(":")[0]: int(line.split()[1]) / 1024
    for line in processes.read(pid, "status").splitlines()
    if line.startswith("Rss")
  }
  if sizes:
    mapped = sizes["RssFile"] + sizes["RssShmem"]
    peak.see(sizes["RssAnon"], mapped)


def run(command: Sequence[str], folder: str) -> Ran:
  """Runs a command to its end, with its files below the folder."""
  found = Ran(0.0, 0.0, Peak(), Peak())
  environment = {**os.environ, "TMPDIR": folder, "TF_CPP_MIN_LOG_LEVEL": "2"}
  environment["TF_USE_LEGACY_KERAS"] = "1"
  start, busy = time.perf_counter(), processes.processor_seconds()
  with subprocess.Popen(
    [sys.executable, *command], cwd=str(_ROOT), env=environment
  ) as process:
    try:
      while process.poll() is None:
        driver, *others = processes.family(process.pid)
        _look(driver, found.driver)
        for other in others:
          _look(other, found.worker)
        time.sleep(0.05)
    except BaseException:
      process.terminate()
      raise
  found.seconds = time.perf_counter() - start
  found.busy = processes.processor_seconds() - busy
  if process.returncode:
    raise SystemExit(f"{' '.join(command)}: status {process.returncode}.")
  return found


def measure(mib: int, folder: str, steps: str) -> None:
  """Prints a line for each command."""
  count = max(1, mib // _VARIABLE_MIB)
  case = os.path.join(folder, "large_parity.py")
  pathlib.Path(case).write_text(CASE.format(count=count, width=_WIDTH))
  own: Dict[str, float] = {}
  for side, text in PLAIN.items():
    found = run(["-c", text.format(folder=folder)], folder)
    own[side] = found.driver.own
    _line(mib, f"plain {side}", found, 0.0)
  goldens = {side: os.path.join(folder, side) for side in PLAIN}
  asked = ["-q", "--steps", steps] if steps else ["-q"]
  for side, golden in goldens.items():
    command = ["-m", "parity", "record", case, "--side", side, *asked]
    found = run([*command, "--out", golden], folder)
    _line(mib, f"record {side}", found, own[side])
  command = ["-m", "parity", "verify", case, "--golden", goldens["tf1"], *asked]
  _line(mib, "verify", run(command, folder), own["tf2"])
  command = ["-m", "parity", "diff", *goldens.values(), *asked]
  _line(mib, "diff", run(command, folder), 0.0)
  stored = os.path.join(goldens["tf1"], "tensors.safetensors")
  print(f"{mib:5d} MiB  a golden has {os.path.getsize(stored) / _MIB:.0f} MiB")


def _line(mib: int, name: str, found: Ran, model: float) -> None:
  beyond = found.worker.own - model if found.worker.own else 0.0
  gib = mib / 1024
  print(
    f"{mib:5d} MiB  {name:<11}{found.seconds:7.1f} s"
    f"{found.seconds / gib:7.2f} ({found.busy / gib:.2f}) s per GiB"
    f"  command {found.driver.own:5.0f} + {_mapped(found.driver):5.0f} mapped"
    f"  worker {found.worker.own:5.0f}, beyond the model {beyond:5.0f} MiB",
    flush=True,
  )


def _mapped(peak: Peak) -> float:
  return peak.all - peak.own


def main() -> None:
  """Runs the benchmark."""
  parser = argparse.ArgumentParser(
    description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
  )
  parser.add_argument("mib", type=int, nargs="+")
  parser.add_argument("--folder", default=tempfile.gettempdir())
  parser.add_argument("--steps", default="", help="checks; all by default")
  flags = parser.parse_args()
  for mib in flags.mib:
    if shutil.disk_usage(flags.folder).free < 9 * mib * _MIB:
      raise SystemExit(f"{flags.folder} has no room for {9 * mib} MiB.")
    with tempfile.TemporaryDirectory(dir=flags.folder, prefix="large-") as made:
      measure(mib, made, flags.steps)


if __name__ == "__main__":
  main()
