"""Tests of carrying: Keras 3 ports, whose streams nothing aligns."""

from __future__ import annotations

import resource
import shutil
import tempfile

from absl.testing import absltest
import numpy as np

from parity import case as case_lib
from parity import errors
from parity import recorder
from parity import runner
from parity import verifier
from parity.golden import tensors
from parity.runs import carrying

# The first whose `keras` is Keras 3.
CELLS_SINCE = "tf2.16"


def inputs(rng):
  return {"x": rng.normal(size=(4, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 5, name="fc")
    net = tf.layers.dropout(net, 0.3, training=training)
    net = tf.layers.dense(net, 2, name="out")
  return {"logits": net}


def make_port(rate=0.3, bias=0.0, *, in_function=False):
  """A port in Keras 3, perhaps with a mistake."""

  def tf2():
    import keras
    import tensorflow as tf

    class Net(keras.layers.Layer):
      def __init__(self):
        super().__init__(name="net")
        self.fc = keras.layers.Dense(5, name="fc")
        self.drop = keras.layers.Dropout(rate)
        self.out = keras.layers.Dense(2, name="out")
        if in_function:
          self.drop = tf.function(self.drop)

      def call(self, inputs, training=False):
        net = self.drop(self.fc(inputs["x"]), training=training)
        return {"logits": self.out(net) + bias}

    return Net()

  return tf2


def make_case(*args, **settings):
  return case_lib.Case(
    inputs=inputs, tf1=tf1, tf2=make_port(*args, **settings), name="net"
  )


class CarryingTest(absltest.TestCase):
  def _check(self, report, name):
    return next(check for check in report.checks if check.name == name)

  def test_a_keras_3_port_that_is_the_same_passes_and_says_how(self):
    report = runner.check(make_case())
    self.assertEqual(report.verdict, "pass", report.checks)
    inference = self._check(report, "random_inference")
    training = self._check(report, "random_training")
    self.assertIn("initial weights were carried over", inference.notes[0])
    self.assertNotIn("replayed", inference.notes[0])
    self.assertIn("its 1 forward draw(s) replayed", training.notes[0])
    self.assertIn(training.notes[0], report.notes)

  def test_a_port_with_another_rate_fails_in_training_only(self):
    report = runner.check(make_case(0.5))
    self.assertEqual(self._check(report, "random_inference").status, "pass")
    self.assertEqual(self._check(report, "random_training").status, "fail")

  def test_a_port_with_another_constant_fails(self):
    report = runner.check(make_case(0.3, 0.01))
    self.assertEqual(self._check(report, "random_inference").status, "fail")

  def test_a_port_that_draws_inside_a_function_passes_too(self):
    report = runner.check(make_case(in_function=True))
    training = self._check(report, "random_training")
    self.assertEqual(training.status, "pass", training.findings)
    self.assertIn("its 1 forward draw(s) replayed", training.notes[0])

  def test_a_golden_gives_its_weights_and_draws(self):
    folder = tempfile.mkdtemp(dir=absltest.TEST_TMPDIR.value)
    self.addCleanup(shutil.rmtree, folder)
    recorder.record(make_case(), out=folder + "/golden")
    report = verifier.verify(make_case(), folder + "/golden")
    self.assertEqual(report.verdict, "pass")
    notes = " ".join(report.notes)
    self.assertIn("forward draw(s) replayed", notes)
    report = verifier.verify(make_case(0.5), folder + "/golden")
    self.assertEqual(report.verdict, "fail")


class WriteTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    self.folder = self.enter_context(tempfile.TemporaryDirectory())

  def test_a_full_disk_is_told(self):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    self.addCleanup(resource.setrlimit, resource.RLIMIT_FSIZE, before)
    # A file that grows beyond it is refused, as on a full disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    with self.assertRaisesRegex(errors.EnvironmentProblem, "TMPDIR"):
      carrying.write(self.folder, {"w": np.zeros(1000)})

  def test_what_has_room_is_there(self):
    path = carrying.write(self.folder, {"w": np.zeros(1000)})
    np.testing.assert_array_equal(
      tensors.map_tensors(path)["w"], np.zeros(1000)
    )


if __name__ == "__main__":
  absltest.main()
