"""Which optimizer is which TF1.x one? Pairs, and a small model to train.

The model has a dense variable and a table, whose gradient is sparse with rows
that repeat, or dense where the inputs hold `dense`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from typing import Any, Callable, Dict, Iterator, Tuple

import numpy as np

from parity.sides import worker

worker.prepare_environment("default")  # As a side's process does it, before:

import tensorflow.compat.v1 as tf  # noqa: E402


def inputs(rng: np.random.RandomState) -> Dict[str, np.ndarray]:
  """Numbers, words that repeat, and targets."""
  return {
    "x": rng.normal(size=(6, 4)).astype(np.float32),
    "word": np.array([0, 2, 2, 5, 0, 2], np.int32),
    "y": rng.normal(size=(6,)).astype(np.float32),
  }


def tf1(inputs: Any, training: bool) -> Any:
  """The TF1.x side."""
  del training
  with tf.variable_scope("net"):
    table = tf.get_variable("table", [7, 4])
    kernel = tf.get_variable("kernel", [4, 1])
  return summed(tf, inputs, table, kernel)


def summed(tf: Any, inputs: Any, table: Any, kernel: Any) -> Any:
  """What both sides compute; the table's gradient is sparse, or dense."""
  if "dense" in inputs:
    rows = tf.matmul(tf.one_hot(inputs["word"], 7), table)
  else:
    rows = tf.nn.embedding_lookup(table, inputs["word"])
  return tf.squeeze(tf.matmul(inputs["x"] + rows, kernel), 1)


def dense_inputs(rng: np.random.RandomState) -> Dict[str, np.ndarray]:
  """The same, and the table's gradient is dense."""
  return {**inputs(rng), "dense": np.zeros(1, np.float32)}


def loss(outputs: Any, inputs: Any) -> Any:
  """Steep, so that what is clipped is beyond the limits."""
  return 10.0 * tf.reduce_mean(tf.square(outputs - inputs["y"]))


def module_port() -> Any:
  """A port of plain variables."""
  import tensorflow as tf2

  class Net(tf2.Module):
    """Plain variables: whatever generation trains them."""

    def __init__(self) -> None:
      super().__init__()
      initial = tf.glorot_uniform_initializer()
      self.table = tf2.Variable(initial([7, 4]), name="net/table")
      self.kernel = tf2.Variable(initial([4, 1]), name="net/kernel")

    def __call__(self, inputs: Any, training: bool = False) -> Any:
      del training
      return summed(tf2, inputs, self.table, self.kernel)

  return Net()


def keras_3_port() -> Any:
  """A port of Keras 3."""
  import keras
  import tensorflow as tf2

  class Net(keras.layers.Layer):
    """Variables of Keras 3's own, which its optimizers need."""

    def __init__(self) -> None:
      super().__init__(name="net")
      self.table = self.add_weight(
        name="table", shape=[7, 4], initializer="glorot_uniform"
      )
      self.kernel = self.add_weight(
        name="kernel", shape=[4, 1], initializer="glorot_uniform"
      )

    def call(self, inputs: Any, training: bool = False) -> Any:
      """Runs it."""
      del training
      return summed(tf2, inputs, self.table.value, self.kernel.value)

  return Net()


@dataclasses.dataclass(frozen=True)
class Generation:
  """Where optimizers come from, and the port that they can train."""

  name: str
  module: Any
  port: Callable[[], Any]


def generations() -> Iterator[Generation]:
  """Those that this cell has."""
  import tensorflow as tf2

  keras = tf2.keras.optimizers
  yield Generation("keras", keras, module_port)
  legacy = getattr(keras, "legacy", None)
  if legacy is not None:
    yield Generation("legacy", legacy, module_port)
  with contextlib.suppress(ImportError):
    import keras as package

    if package.__version__.startswith("3."):
      yield Generation("keras_3", package.optimizers, keras_3_port)


class Clipping:
  """Clips gradients before an update, as training loops of TF1.x do."""

  def apply_gradients(
    self, grads_and_vars: Any, *args: Any, **kwargs: Any
  ) -> Any:
    """Clips, then updates."""
    slopes, variables = zip(*grads_and_vars)
    return super().apply_gradients(
      list(zip(self.clip(slopes), variables)), *args, **kwargs
    )


class GlobalNorm(Clipping, tf.train.GradientDescentOptimizer):
  """All together."""

  def clip(self, slopes: Any) -> Any:
    """The gradients, clipped."""
    return tf.clip_by_global_norm(slopes, 0.5)[0]


class EachNorm(Clipping, tf.train.GradientDescentOptimizer):
  """Each by its norm."""

  def clip(self, slopes: Any) -> Any:
    """The gradients, clipped."""
    return [tf.clip_by_norm(slope, 0.5) for slope in slopes]


class Value(Clipping, tf.train.GradientDescentOptimizer):
  """Each element."""

  def clip(self, slopes: Any) -> Any:
    """The gradients, clipped."""
    return [
      tf.clip_by_value(tf.convert_to_tensor(slope), -0.2, 0.2)
      for slope in slopes
    ]


def decaying() -> Any:
  """Gradient descent on a rate that halves every two updates."""
  step = tf.train.get_or_create_global_step()
  return tf.train.GradientDescentOptimizer(
    tf.train.exponential_decay(0.1, step, 2, 0.5)
  )


@dataclasses.dataclass(frozen=True)
class Pair:
  """A TF1.x optimizer, its counterpart's class, and what may go wrong.

  Attributes:
    tf1: makes the TF1.x optimizer.
    name: the counterpart's class.
    equal: settings that make it the same.
    wrong: one of them, wrong, and the setting that must be named.
    told: how the message tells it.
    is_dense: whether it is the same rule for dense gradients alone.
  """

  tf1: Callable[[], Any]
  name: str
  equal: Dict[str, Any]
  wrong: Dict[str, Any]
  told: str
  is_dense: bool = False


PAIRS = {
  "descent": Pair(
    functools.partial(tf.train.GradientDescentOptimizer, 0.1),
    "SGD",
    {"learning_rate": 0.1},
    {"learning_rate": 0.05},
    "learning_rate is 0.1 on tf1 and 0.05 in the port",
  ),
  "momentum": Pair(
    functools.partial(tf.train.MomentumOptimizer, 0.1, 0.9),
    "SGD",
    {"learning_rate": 0.1, "momentum": 0.9},
    {"momentum": 0.8},
    "momentum is 0.9 on tf1 and 0.8 in the port",
  ),
  "nesterov": Pair(
    functools.partial(tf.train.MomentumOptimizer, 0.1, 0.9, use_nesterov=True),
    "SGD",
    {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True},
    {"nesterov": False},
    "nesterov is True on tf1 and False in the port",
  ),
  "adam": Pair(
    functools.partial(tf.train.AdamOptimizer, 0.01),
    "Adam",
    {"learning_rate": 0.01, "epsilon": 1e-8},
    {"beta_2": 0.99},
    "beta_2 is 0.999 on tf1 and 0.99 in the port",
    is_dense=True,
  ),
  "adagrad": Pair(
    functools.partial(tf.train.AdagradOptimizer, 0.1),
    "Adagrad",
    {
      "learning_rate": 0.1,
      "initial_accumulator_value": 0.1,
      "epsilon": 1e-10,
    },
    {"initial_accumulator_value": 0.0},
    "initial_accumulator_value is 0.1 on tf1 and 0 in the port",
  ),
  "adadelta": Pair(
    functools.partial(tf.train.AdadeltaOptimizer, 1.0, 0.95, 1e-6),
    "Adadelta",
    {"learning_rate": 1.0, "rho": 0.95, "epsilon": 1e-6},
    {"epsilon": 1e-3},
    "epsilon is 1e-06 on tf1 and 0.001 in the port",
  ),
  "ftrl": Pair(
    functools.partial(
      tf.train.FtrlOptimizer, 0.1, l1_regularization_strength=0.01
    ),
    "Ftrl",
    {
      "learning_rate": 0.1,
      "initial_accumulator_value": 0.1,
      "l1_regularization_strength": 0.01,
    },
    {"l1_regularization_strength": 0.5},
    "l1_regularization_strength is 0.01 on tf1 and 0.5 in the port",
    is_dense=True,
  ),
}

# By how a TF1.x training loop clips: the counterpart's settings.
CLIPS: Dict[str, Tuple[Callable[[], Any], Dict[str, Any]]] = {
  "global_clipnorm": (
    functools.partial(GlobalNorm, 0.1),
    {"global_clipnorm": 0.5},
  ),
  "clipnorm": (functools.partial(EachNorm, 0.1), {"clipnorm": 0.5}),
  "clipvalue": (functools.partial(Value, 0.1), {"clipvalue": 0.2}),
}
