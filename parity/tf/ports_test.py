"""Tests of parity.tf.ports: layers of each Keras, modules, and others."""

from __future__ import annotations

import importlib
import subprocess
import sys

from absl.testing import absltest
from absl.testing import parameterized
import tensorflow as tf2

from parity.tf import ports
from parity.tf.compat import release

CELLS_SINCE = "tf2.8"


class _Module(tf2.Module):
  def __init__(self):
    super().__init__()
    self.kernel = tf2.Variable([1.0], name="kernel")
    self.mean = tf2.Variable([0.0], name="mean", trainable=False)
    self.same_again = self.kernel


def _layer(keras):
  layer = keras.layers.BatchNormalization(name="bn")
  layer(tf2.zeros((2, 3)))
  return layer


def _plain(inputs, training):
  del training
  return inputs


def _keras_packages():
  """Every Keras that can be imported here."""
  names = ["keras", "tf_keras"] if release.is_at_least(2, 16) else ["keras"]
  return [tf2.keras, *map(importlib.import_module, names)]


class KerasLayerTest(absltest.TestCase):
  def test_layers_of_every_keras_are_layers(self):
    for keras in _keras_packages():
      with self.subTest(keras.__name__):
        layer = _layer(keras)
        self.assertTrue(ports.is_keras_layer(layer))
        owner = ports.keras_of(layer)
        self.assertIsInstance(layer, owner.layers.Layer)
        self.assertTrue(hasattr(owner, "Input"))
        self.assertTrue(hasattr(owner, "Model"))

  def test_modules_and_functions_are_none(self):
    for port in (_Module(), _plain, object()):
      self.assertFalse(ports.is_keras_layer(port))

  def test_asking_does_not_load_keras(self):
    program = (
      "import sys, tensorflow as tf2\n"
      "from parity.tf import ports\n"
      "before = set(sys.modules)\n"
      "assert not ports.is_keras_layer(tf2.Module())\n"
      "ports.clear_keras_sessions()\n"
      "print([n for n in set(sys.modules) - before if 'keras' in n])"
    )
    found = subprocess.check_output([sys.executable, "-c", program], text=True)
    self.assertEqual(found.strip().splitlines()[-1], "[]")


class TrackedVariablesTest(parameterized.TestCase):
  def test_those_of_a_module_count_once(self):
    found = ports.tracked_variables(_Module())
    self.assertEqual(
      [(item.name, item.trainable) for item in found],
      [("kernel", True), ("mean", False)],
    )

  def test_those_of_layers_of_every_keras_are_tf_variables(self):
    for keras in _keras_packages():
      with self.subTest(keras.__name__):
        found = ports.tracked_variables(_layer(keras))
        self.assertLen(found, 4)
        self.assertEqual([v.trainable for v in found], [True] * 2 + [False] * 2)
        for item in found:
          self.assertIsInstance(item.variable, tf2.Variable)
          self.assertNotIn(":0", item.name)
          self.assertStartsWith(item.name, "bn/")

  def test_a_plain_callable_lists_none(self):
    self.assertIsNone(ports.tracked_variables(_plain))


class LossesTest(absltest.TestCase):
  def test_those_of_a_layer_are_evaluated(self):
    layer = tf2.keras.layers.Dense(
      2, kernel_initializer="ones", kernel_regularizer="l2"
    )
    layer.build((None, 3))
    (loss,) = ports.regularization_losses(layer)
    self.assertAlmostEqual(float(loss.value), 0.06, places=6)

  def test_a_loss_knows_the_variable_that_a_layer_penalises(self):
    layer = tf2.keras.layers.Dense(
      2,
      kernel_initializer="ones",
      bias_initializer="ones",
      kernel_regularizer="l2",
      bias_regularizer="l1",
    )
    layer.build((None, 3))
    kernel, bias = (v.variable for v in ports.tracked_variables(layer))
    first, second = ports.regularization_losses(layer)
    self.assertIs(first.variable, kernel)
    self.assertIs(second.variable, bias)

  def test_a_loss_of_two_alike_variables_knows_none(self):
    layer = tf2.keras.layers.Dense(
      2, kernel_regularizer="l2", bias_regularizer="l2"
    )
    layer.build((None, 3))
    layer.kernel.assign(tf2.zeros([3, 2]))
    for loss in ports.regularization_losses(layer):
      self.assertIsNone(loss.variable)

  def test_a_module_and_a_callable_without_any_have_none(self):
    for port in (_Module(), _plain):
      self.assertEmpty(ports.regularization_losses(port))


if __name__ == "__main__":
  absltest.main()
