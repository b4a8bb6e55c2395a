r"""Where do the checkpoints of the cases come from? TensorFlow 1.15 wrote them.

Trains the tf1 side of each case named for as many updates as its `train_steps`,
and saves what a training loop of the time would: every global variable, slots
and counters too. In the cell tf1.15:

  python -m testing.models.write_checkpoints conv_classifier slim_inception_v2

Its graph, which a Saver puts beside it as `.meta`, is left out for its size.
"""

from __future__ import annotations

import os
import pathlib
import sys
from typing import Sequence

import numpy as np
import tensorflow.compat.v1 as tf

from parity import case as case_lib
from parity.tf import nests
from parity.tf import slim

_FOLDER = pathlib.Path(__file__).resolve().parent


def write(name: str) -> str:
  """Trains a case's tf1 side and saves it; returns the prefix."""
  case = case_lib.load_case(str(_FOLDER / f"{name}_parity.py"))
  assert case.checkpoint is not None
  assert case.loss is not None
  assert case.tf1_optimizer is not None
  folder = _FOLDER / os.path.dirname(case.checkpoint)
  folder.mkdir(parents=True, exist_ok=True)
  with tf.Graph().as_default():
    tf.set_random_seed(case.seed)
    arrays = case.inputs(np.random.RandomState(case.seed))
    fed = nests.map_leaves(lambda _, array: tf.constant(array), arrays)
    loss = case.loss(case_lib.resolve_side(case, "tf1")(fed, True), fed)
    step = tf.train.get_or_create_global_step()
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    with tf.control_dependencies(updates):
      train = case.tf1_optimizer().minimize(loss, global_step=step)
    saver = tf.train.Saver()
    with tf.Session() as session:
      session.run(tf.global_variables_initializer())
      for _ in range(case.train_steps):
        session.run(train)
      return saver.save(
        session,
        str(folder / "model.ckpt"),
        global_step=step,
        write_meta_graph=False,
        write_state=False,
      )


def main(names: Sequence[str]) -> None:
  """Writes the checkpoints of the cases named."""
  if not tf.__version__.startswith("1."):
    sys.exit(f"Run it with TensorFlow 1.15; this is {tf.__version__}.")
  slim.enable_tf_slim()
  for name in names:
    print(write(name))


if __name__ == "__main__":
  main(sys.argv[1:])
