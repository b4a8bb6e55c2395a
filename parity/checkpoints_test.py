"""Tests of checkpoints: written by a Saver, listed, and mapped to ports."""

from __future__ import annotations

import os
import pathlib
import shutil
import tempfile

from absl.testing import absltest
import numpy as np
import tensorflow.compat.v1 as tf

from parity import checkpoints
from parity import errors
from parity.compare import entries
from parity.records import checkpoint as checkpoint_lib
from parity.records import options as options_lib
from parity.records import recording as recording_lib

_HERE = options_lib.Options(isolate=False)


def _save(folder):
  """Two equal layers, a turned kernel; Adam, averages and a step beside."""
  with tf.Graph().as_default():
    net = tf.ones([2, 4])
    for layer in ("fc1", "fc2"):
      with tf.variable_scope(f"net/{layer}"):
        net = tf.matmul(net, tf.get_variable("weights", [4, 4]))
        net += tf.get_variable("biases", [4])
    with tf.variable_scope("net"):
      net = tf.matmul(net, tf.get_variable("turned", [3, 4]), transpose_b=True)
    step = tf.train.get_or_create_global_step()
    train = tf.train.AdamOptimizer().minimize(tf.reduce_mean(net), step)
    average = tf.train.ExponentialMovingAverage(0.9)
    with tf.control_dependencies([train]):
      train = average.apply(tf.trainable_variables())
    saver = tf.train.Saver()
    with tf.Session() as session:
      session.run(tf.global_variables_initializer())
      session.run(train)
      return saver.save(session, os.path.join(folder, "model.ckpt"), step)


def _variable(name, shape, **changes):
  return recording_lib.VariableRecord(
    **{
      "name": name,
      "tf1_name": name,
      "shape": shape,
      "dtype": "float32",
      "trainable": True,
      **changes,
    }
  )


class CheckpointTestCase(absltest.TestCase):
  def setUp(self):
    super().setUp()
    self.folder = tempfile.mkdtemp(dir=absltest.TEST_TMPDIR.value)
    self.addCleanup(shutil.rmtree, self.folder)

  def saved(self):
    return _save(self.folder)


class ReadTest(CheckpointTestCase):
  def test_entries_are_told_apart_in_the_order_of_the_graph(self):
    listing = checkpoints.read(self.saved(), options=_HERE)
    self.assertTrue(listing.is_order_known)
    self.assertEqual(
      [entry.name for entry in listing.of_kind("weight")],
      [
        "net/fc1/weights",
        "net/fc1/biases",
        "net/fc2/weights",
        "net/fc2/biases",
        "net/turned",
      ],
    )
    self.assertLen(listing.of_kind("slot"), 10)
    self.assertLen(listing.of_kind("average"), 5)
    self.assertLen(listing.of_kind("counter"), 3)

  def test_any_of_its_files_and_its_folder_mean_the_same(self):
    prefix = self.saved()
    expected = checkpoints.read(prefix, options=_HERE)
    for path in (
      f"{prefix}.index",
      f"{prefix}.meta",
      f"{prefix}.data-00000-of-00001",
      self.folder,
      os.path.join(self.folder, "checkpoint"),
    ):
      self.assertEqual(checkpoints.read(path, options=_HERE), expected, path)

  def test_without_its_graph_the_order_is_that_of_names(self):
    prefix = self.saved()
    os.remove(f"{prefix}.meta")
    self.assertFalse(checkpoints.read(prefix, options=_HERE).is_order_known)

  def _refused(self, path, words):
    with self.assertRaisesRegex(errors.CaseError, words):
      checkpoints.read(path, options=_HERE)

  def test_a_prefix_that_is_not_there_is_told_with_those_that_are(self):
    self.saved()
    path = os.path.join(self.folder, "model.ckpt-9")
    self._refused(path, "There is no checkpoint .*There lie: model.ckpt-1")
    self._refused(os.path.join(self.folder, "a", "b"), "Nor is there a folder")
    os.mkdir(os.path.join(self.folder, "empty"))
    self._refused(os.path.join(self.folder, "empty"), "prefix that a Saver")

  def test_damage_is_told_as_such(self):
    prefix = self.saved()
    index = pathlib.Path(f"{prefix}.index")
    index.write_bytes(index.read_bytes()[:-60])
    self._refused(prefix, "cannot be read, it is damaged or none at all")
    index.write_bytes(b"")
    self._refused(prefix, "cannot be read, it is damaged or none at all")

  def test_a_file_that_is_no_checkpoint_is_told_as_such(self):
    path = pathlib.Path(self.folder) / "case.py"
    path.write_text("CASE = 1\n")
    self._refused(str(path), "damaged or none at all")

  def test_data_that_was_left_behind_is_told(self):
    prefix = self.saved()
    os.remove(f"{prefix}.data-00000-of-00001")
    self._refused(prefix, "has no data")

  def test_one_that_goes_by_objects_is_told(self):
    if tf.__version__.startswith("1."):
      self.skipTest("TensorFlow 1.15 has no eager mode by default")
    with tf.init_scope():
      root = tf.train.Checkpoint(w=tf.Variable(1.0))
      path = root.write(os.path.join(self.folder, "objects"))
    self._refused(str(path), "goes by objects, not by names")


class LayTogetherTest(CheckpointTestCase):
  def _mapped(self, *variables, is_order_known=True):
    entry = recording_lib.CheckpointEntry
    contents = checkpoint_lib.Contents(
      "model.ckpt",
      (
        entry("global_step", (), "int64"),
        entry("net/fc1/weights", (4, 4), "float32"),
        entry("net/fc1/weights/Adam", (4, 4), "float32"),
        entry("net/fc2/weights", (4, 4), "float32"),
        entry("net/turned", (3, 4), "float32"),
      ),
      ("net/fc1/weights", "net/fc1/weights/Adam", "net/fc2/weights")
      + (("net/turned", "global_step") if is_order_known else ()),
    )
    listing = entries.list_entries(contents)
    return checkpoints.lay_together("net", listing, list(variables))

  def test_entries_of_their_own_name_are_found(self):
    mapping = self._mapped(
      _variable("net/fc1/weights", (4, 4)),
      _variable("b/kernel", (4, 4), tf1_name="net/fc2/weights"),
      _variable("net/turned", (3, 4)),
    )
    self.assertEqual(
      mapping.found,
      {
        "net/fc1/weights": "net/fc1/weights",
        "b/kernel": "net/fc2/weights",
        "net/turned": "net/turned",
      },
    )
    self.assertEqual(mapping.proposals, ())
    self.assertTrue(mapping.is_complete)

  def test_equal_layers_are_proposed_in_order(self):
    mapping = self._mapped(
      _variable("dense/kernel", (4, 4)),
      _variable("dense_1/kernel", (4, 4)),
      _variable("t", (3, 4)),
    )
    self.assertEqual(
      [(p.variable, p.entry, p.certainty) for p in mapping.proposals],
      [
        ("dense/kernel", "net/fc1/weights", "likely"),
        ("dense_1/kernel", "net/fc2/weights", "likely"),
        ("t", "net/turned", "likely"),
      ],
    )
    self.assertTrue(mapping.is_complete)

  def test_without_the_graph_order_makes_nothing_likely(self):
    mapping = self._mapped(
      _variable("dense/kernel", (4, 4)),
      _variable("dense_1/kernel", (4, 4)),
      is_order_known=False,
    )
    self.assertEqual({p.certainty for p in mapping.proposals}, {"possible"})

  def test_a_turned_kernel_is_told_and_is_not_complete(self):
    mapping = self._mapped(_variable("net/turned/kernel", (4, 3)))
    (proposal,) = mapping.proposals
    self.assertEqual(
      (proposal.entry, proposal.turning), ("net/turned", "transposed")
    )
    self.assertFalse(mapping.is_complete)

  def test_a_turned_kernel_of_its_own_name_is_unfit(self):
    mapping = self._mapped(_variable("net/turned", (4, 3)))
    self.assertIn("transposed", mapping.unfit[0])
    self.assertFalse(mapping.is_complete)

  def test_what_fits_nowhere_is_told_on_both_sides(self):
    mapping = self._mapped(_variable("extra", (7,)))
    self.assertEqual([v.name for v in mapping.without_entry], ["extra"])
    self.assertEqual(
      [entry.name for entry in mapping.without_variable],
      ["net/fc1/weights", "net/fc2/weights", "net/turned"],
    )
    self.assertFalse(mapping.is_complete)


class ProposeTest(CheckpointTestCase):
  def test_a_port_is_run_for_its_variables(self):
    if tf.__version__.startswith("1."):
      self.skipTest("TensorFlow 1.15 runs no port")
    case = os.path.join(self.folder, "net_parity.py")
    with open(case, "w", encoding="utf-8") as file:
      file.write(
        "import numpy as np\nimport parity\n"
        "def tf2():\n"
        "  import tensorflow as tf\n"
        "  w = tf.Variable(np.zeros([4, 4], np.float32), name='fc1/weights')\n"
        "  class Net(tf.Module):\n"
        "    def __call__(self, inputs, training=False):\n"
        "      return inputs @ self.w\n"
        "  net = Net()\n"
        "  net.w = w\n"
        "  return net\n"
        "CASE = parity.Case(inputs=np.ones([2, 4], np.float32), tf2=tf2)\n"
      )
    mapping = checkpoints.propose(self.saved(), case, options=_HERE)
    (proposal,) = mapping.proposals
    self.assertEqual(
      (proposal.variable, proposal.entry, proposal.certainty),
      ("fc1/weights", "net/fc1/weights", "certain"),
    )
    np.testing.assert_equal(len(mapping.without_variable), 4)


if __name__ == "__main__":
  absltest.main()
