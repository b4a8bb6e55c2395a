"""Which case files does an end-to-end test need? Small ones, written here.

Each file imports `small_model`, a linear model whose two sides agree, and
replaces what its test is about.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from typing import Dict, Iterator, Mapping

_MODEL = """\
import numpy as np

def inputs(rng):
  return {"x": rng.normal(size=(2, 4)).astype(np.float32)}

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf
  with tf.variable_scope("net"):
    kernel = tf.get_variable(
      "kernel", (4, 3), initializer=tf.random_normal_initializer())
  return {"y": tf.matmul(inputs["x"], kernel)}

def tf2():
  import tensorflow as tf

  class Net(tf.Module):
    kernel = None

    def __call__(self, inputs, training):
      if self.kernel is None:
        initializer = tf.compat.v1.random_normal_initializer()
        self.kernel = tf.Variable(initializer((4, 3)), name="net/kernel")
      return {"y": tf.matmul(inputs["x"], self.kernel)}

  return Net()
"""

_HEAD = """\
import parity
from small_model import *

"""

CASE = "CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)\n"

# A finder that knows no such packages, as an environment without them.
_HIDING = """\
import importlib.machinery as machinery
import os

hidden = os.environ["HIDDEN_PACKAGES"].split(",")
find = machinery.PathFinder.find_spec

def find_spec(name, path=None, target=None):
  return None if name in hidden else find(name, path, target)

machinery.PathFinder.find_spec = find_spec
"""


def with_model(body: str) -> str:
  """A case file with the small model, and a CASE where `body` has none."""
  return _HEAD + body + ("" if "CASE" in body else CASE)


@contextlib.contextmanager
def folder_of(files: Mapping[str, str]) -> Iterator[str]:
  """A temporary folder with these files, and `small_model` beside them."""
  with tempfile.TemporaryDirectory() as folder:
    for name, text in {"small_model.py": _MODEL, **files}.items():
      path = os.path.join(folder, name)
      os.makedirs(os.path.dirname(path), exist_ok=True)
      with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    yield folder


def hiding(folder: str, *packages: str) -> Dict[str, str]:
  """Environment variables with which Python does not find some packages."""
  with open(
    os.path.join(folder, "sitecustomize.py"), "w", encoding="utf-8"
  ) as file:
    file.write(_HIDING)
  return {
    "PYTHONPATH": with_path(folder),
    "HIDDEN_PACKAGES": ",".join(packages),
  }


def with_path(folder: str) -> str:
  """PYTHONPATH with a folder before all others."""
  rest = os.environ.get("PYTHONPATH", "")
  return os.pathsep.join(part for part in (folder, rest) if part)
