"""What does TensorFlow's validation guide ask a person to run by hand?

The cells of the notebook "Validate correctness and numerical equivalence", as
it goes, on Inception-ResNet-v2: build the TF1.x graph, run a session, keep the
arrays; run the port eagerly; print both; `np.testing.assert_allclose`. Nothing
is shared between the cells, as nothing is in the notebook. Needs TensorFlow 2.8
or newer (below, the guide's own tools do not exist) and a tf_slim that imports.

  python -m benchmarks.guide_by_hand [--json OUT.json]
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from typing import Dict, Iterator, List

os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")

STARTED = time.perf_counter()

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
import tensorflow.compat.v1 as v1  # noqa: E402

from parity.tf import slim as slim_lib  # noqa: E402

slim_lib.enable_tf_slim()

from testing.models import inception_resnet_v2  # noqa: E402
from testing.models import inception_resnet_v2_layer  # noqa: E402

HEIGHT, WIDTH, NUM_CLASSES = 299, 299, 1000
RTOL, ATOL = 1e-6, 1e-5

seconds: Dict[str, float] = {"import": time.perf_counter() - STARTED}
figures: Dict[str, List[float]] = {}


@contextlib.contextmanager
def cell(name: str) -> Iterator[None]:
  """Times one cell of the notebook."""
  before = time.perf_counter()
  yield
  seconds[name] = time.perf_counter() - before
  print(f"{name}: {seconds[name]:.1f} s", file=sys.stderr, flush=True)


def count_variables() -> None:
  """Step 2: variable counts, names and shapes."""
  with cell("variables, graph"):
    graph = tf.Graph()
    with graph.as_default(), v1.Session(graph=graph):
      inputs = tf.ones((1, HEIGHT, WIDTH, 3))
      inception_resnet_v2.inception_resnet_v2(inputs, NUM_CLASSES, False)
      tf1_variables = {
        variable.name: (variable.trainable, variable.shape)
        for variable in v1.global_variables()
      }
      num_tf1_variables = len(v1.global_variables())

  with cell("variables, eager"):
    inputs = tf.ones((1, HEIGHT, WIDTH, 3))
    model = inception_resnet_v2_layer.InceptionResnetV2Layer(NUM_CLASSES)
    # The weights are created by the first call, and by no later one.
    model(inputs, training=False)
    model(inputs, training=False)
    model(inputs, training=False)
    tf2_variables = {
      variable.name: (variable.trainable, variable.shape)
      for variable in model.variables
    }
    num_tf2_variables = len(model.variables)

  assert num_tf1_variables == num_tf2_variables
  assert tf1_variables == tf2_variables
  figures["variables"] = [num_tf1_variables, num_tf2_variables]


def compare_constant_weights() -> None:
  """Step 3: every variable 0.001, inference."""
  with cell("constant weights, graph"):
    graph = tf.Graph()
    with graph.as_default(), v1.Session(graph=graph) as session:
      inputs = tf.ones((1, HEIGHT, WIDTH, 3))
      out, _ = inception_resnet_v2.inception_resnet_v2(
        inputs, NUM_CLASSES, False
      )
      reset = tf.group(
        [
          variable.assign(tf.ones_like(variable) * 0.001)
          for variable in v1.global_variables()
        ]
      )
      session.run(reset)
      losses = v1.get_collection(v1.GraphKeys.REGULARIZATION_LOSSES)
      tf1_loss = session.run(tf.math.add_n(losses))
      tf1_output = session.run(out)

  with cell("constant weights, eager"):
    inputs = tf.ones((1, HEIGHT, WIDTH, 3))
    model = inception_resnet_v2_layer.InceptionResnetV2Layer(NUM_CLASSES)
    model(inputs, training=False)
    for variable in model.variables:
      variable.assign(tf.ones_like(variable) * 0.001)
    tf2_output, _ = model(inputs, training=False)
    tf2_loss = tf.math.add_n(model.losses)

  compare("constant weights", tf1_loss, tf2_loss, tf1_output, tf2_output)


def compare_random(name: str, training: bool) -> None:
  """Step 4: aligned random initialisation, and dropout in training."""
  with cell(f"{name}, graph"):
    random_tool = v1.keras.utils.DeterministicRandomTestTool(
      mode="num_random_ops"
    )
    with random_tool.scope():
      graph = tf.Graph()
      with graph.as_default(), v1.Session(graph=graph) as session:
        inputs = tf.ones((1, HEIGHT, WIDTH, 3))
        out, _ = inception_resnet_v2.inception_resnet_v2(
          inputs, NUM_CLASSES, training
        )
        session.run(v1.global_variables_initializer())
        losses = v1.get_collection(v1.GraphKeys.REGULARIZATION_LOSSES)
        tf1_loss = session.run(tf.math.add_n(losses))
        tf1_output = session.run(out)
    figures[f"{name}, random ops"] = [random_tool.operation_seed]

  with cell(f"{name}, eager"):
    random_tool = v1.keras.utils.DeterministicRandomTestTool(
      mode="num_random_ops"
    )
    with random_tool.scope():
      inputs = tf.ones((1, HEIGHT, WIDTH, 3))
      model = inception_resnet_v2_layer.InceptionResnetV2Layer(NUM_CLASSES)
      tf2_output, _ = model(inputs, training=training)
      tf2_loss = tf.math.add_n(model.losses)
    figures[f"{name}, random ops"].append(random_tool.operation_seed)

  compare(name, tf1_loss, tf2_loss, tf1_output, tf2_output)


def compare_functional() -> None:
  """Step 4: the layer inside a Keras functional model, constant mode."""
  with cell("random functional, graph"):
    random_tool = v1.keras.utils.DeterministicRandomTestTool()
    with random_tool.scope():
      graph = tf.Graph()
      with graph.as_default(), v1.Session(graph=graph) as session:
        inputs = tf.ones((1, HEIGHT, WIDTH, 3))
        out, _ = inception_resnet_v2.inception_resnet_v2(
          inputs, NUM_CLASSES, True
        )
        session.run(v1.global_variables_initializer())
        losses = v1.get_collection(v1.GraphKeys.REGULARIZATION_LOSSES)
        tf1_loss = session.run(tf.math.add_n(losses))
        tf1_output = session.run(out)

  with cell("random functional, eager"):
    random_tool = v1.keras.utils.DeterministicRandomTestTool()
    with random_tool.scope():
      inputs = tf.ones((1, HEIGHT, WIDTH, 3))
      keras_input = tf.keras.Input((HEIGHT, WIDTH, 3))
      layer = inception_resnet_v2_layer.InceptionResnetV2Layer(NUM_CLASSES)
      model = tf.keras.Model(
        inputs=keras_input, outputs=layer(keras_input, training=True)
      )
      tf2_output, _ = model(inputs)
      tf2_loss = tf.math.add_n(model.losses)

  compare("random functional", tf1_loss, tf2_loss, tf1_output, tf2_output)


def compare(
  name: str,
  tf1_loss: np.ndarray,
  tf2_loss: tf.Tensor,
  tf1_output: np.ndarray,
  tf2_output: tf.Tensor,
) -> None:
  """Prints both sides, as the notebook does, and compares them."""
  figures[f"{name}, loss"] = [float(tf1_loss), float(tf2_loss)]
  figures[f"{name}, first outputs"] = [float(x) for x in tf1_output[0][:5]]
  difference = float(np.abs(tf1_output - tf2_output.numpy()).max())
  figures[f"{name}, largest difference"] = [difference]
  print(f"{name}: regularization loss {tf1_loss} {tf2_loss.numpy()}")
  print(f"{name}: tf1 {tf1_output[0][:5]}")
  print(f"{name}: tf2 {tf2_output[0][:5].numpy()}; {difference:.2g} apart")
  np.testing.assert_allclose(tf1_loss, tf2_loss, rtol=RTOL, atol=ATOL)
  np.testing.assert_allclose(tf1_output, tf2_output, rtol=RTOL, atol=ATOL)


def main(arguments: List[str]) -> None:
  """Runs the notebook's cells one after the other."""
  count_variables()
  compare_constant_weights()
  compare_random("random inference", training=False)
  compare_random("random training", training=True)
  compare_functional()
  if arguments[:1] == ["--json"]:
    result = {
      "tensorflow": tf.__version__,
      "seconds": seconds,
      "figures": figures,
    }
    with open(arguments[1], "w") as stream:
      json.dump(result, stream, indent=2)


if __name__ == "__main__":
  main(sys.argv[1:])
