from __future__ import annotations

import functools
import os
import subprocess
import sys
import tempfile
import textwrap

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import tensorflow as tf
import tensorflow.compat.v1 as tf1

from parity.tf import randomness
from parity.tf import slim as parity_slim
from parity.tf.compat import execution
from parity.tf.compat import keras as compat_keras
from parity.tf.compat import release

parity_slim.enable_tf_slim()

import tf_slim as slim  # noqa: E402
from tf_slim.nets import inception_v1  # noqa: E402
from tf_slim.nets import resnet_v2  # noqa: E402


def _batch_norm(x):
  return slim.batch_norm(x, is_training=True)


def _batch_norm_updated_in_place(x):
  # This path asks for the `ops.Tensor` that left TensorFlow in 2.15.
  return slim.batch_norm(x, is_training=True, updates_collections=None)


def _conv2d(x):
  return slim.conv2d(x, 4, 3, normalizer_fn=slim.batch_norm, scope="conv")


def _fully_connected(x):
  return slim.fully_connected(
    slim.flatten(x), 3, normalizer_fn=slim.batch_norm, scope="fc"
  )


def _resnet_v2_50(x):
  with slim.arg_scope(resnet_v2.resnet_arg_scope()):
    return resnet_v2.resnet_v2_50(x, 5, is_training=True)[0]


def _inception_v1(x):
  with slim.arg_scope(inception_v1.inception_v1_arg_scope()):
    large = tf1.image.resize_nearest_neighbor(x, [224, 224])
    return inception_v1.inception_v1(large, 5, is_training=True)[0]


_FORWARDS = (
  _batch_norm,
  _batch_norm_updated_in_place,
  _conv2d,
  _fully_connected,
  _resnet_v2_50,
  _inception_v1,
)


def _tool():
  return randomness.DeterministicRandomTestTool(
    mode="num_random_ops", on_escape="raise"
  )


def _inputs():
  rng = np.random.RandomState(0)
  return rng.normal(size=(2, 32, 32, 3)).astype(np.float32)


@functools.lru_cache(maxsize=None)
def _run_in_session(forward):
  with _tool().scope(), tf1.Graph().as_default(), tf1.Session() as session:
    y = forward(tf1.constant(_inputs()))
    session.run(tf1.global_variables_initializer())
    return session.run(y)


class EnableTfSlimTest(parameterized.TestCase):
  @parameterized.parameters(*_FORWARDS)
  def test_works_in_a_graph(self, forward):
    result = _run_in_session(forward)
    self.assertTrue(np.all(np.isfinite(result)))
    self.assertGreater(np.std(result), 0.0)

  @parameterized.parameters(*_FORWARDS)
  def test_works_under_the_shim_with_the_graphs_numbers(self, forward):
    keras = compat_keras.keras2()
    if keras is None or not hasattr(
      tf1.keras.utils, "track_tf1_style_variables"
    ):
      self.skipTest("this process has no track_tf1_style_variables")
    shim = tf1.keras.utils.track_tf1_style_variables

    class Layer(keras.layers.Layer):
      @shim
      def call(self, x):
        return forward(x)

    layer = Layer()
    with execution.eager_mode(), _tool().scope():
      result = layer(tf.constant(_inputs())).numpy()
    self.assertNotEmpty(layer.trainable_weights)
    np.testing.assert_allclose(
      result, _run_in_session(forward), rtol=1e-3, atol=1e-3
    )

  def test_is_idempotent(self):
    before = _run_in_session(_conv2d)
    parity_slim.enable_tf_slim()
    parity_slim.enable_tf_slim()
    _run_in_session.cache_clear()
    np.testing.assert_array_equal(_run_in_session(_conv2d), before)

  def test_code_of_later_tensorflows_finds_compat_inside_compat(self):
    self.assertIs(tf1.compat.v1.GraphKeys, tf1.GraphKeys)


class MissingKerasTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    if not release.is_at_least(2, 15):
      self.skipTest("TF-Slim needs no tf_keras here (before 2.15)")

  def _run(self, lines, *, path=None):
    environment = dict(os.environ, TF_USE_LEGACY_KERAS="1")
    folders = [path, os.getcwd()] if path else [os.getcwd()]
    environment["PYTHONPATH"] = os.pathsep.join(folders)
    return subprocess.run(
      [sys.executable, "-W", "ignore", "-c", textwrap.dedent(lines)],
      env=environment,
      capture_output=True,
      check=False,
      text=True,
    )

  def test_a_missing_tf_keras_is_said_when_batch_norm_is_used(self):
    done = self._run("""
      import sys
      sys.modules["tf_keras"] = None
      from parity import errors
      from parity.tf import slim as parity_slim
      parity_slim.enable_tf_slim()
      import tf_slim as slim
      import tensorflow.compat.v1 as tf1
      with tf1.Graph().as_default():
        slim.conv2d(tf1.ones([1, 4, 4, 1]), 2, 3)
        try:
          slim.batch_norm(tf1.ones([1, 4, 4, 1]))
        except errors.EnvironmentProblem as error:
          print(error)
      parity_slim.enable_tf_slim()
      print("enabled again")
    """)
    self.assertIn("which is not installed. Install", done.stdout, done.stderr)
    self.assertIn("enabled again", done.stdout, done.stderr)

  def test_another_minor_version_of_tf_keras_is_said_with_both(self):
    with tempfile.TemporaryDirectory() as folder:
      os.mkdir(os.path.join(folder, "tf_keras"))
      with open(os.path.join(folder, "tf_keras", "__init__.py"), "w") as file:
        file.write('__version__ = "2.3.1"\n')
      done = self._run(
        """
        from parity import errors
        from parity.tf import slim as parity_slim
        import tensorflow.compat.v1 as tf1
        import tf_slim as slim
        parity_slim.enable_tf_slim()
        with tf1.Graph().as_default():
          try:
            slim.batch_norm(tf1.ones([1, 4, 4, 1]))
          except errors.EnvironmentProblem as error:
            print(error)
        """,
        path=folder,
      )
    wanted = "{}.{}".format(*release.minor_version())
    self.assertIn(
      f"needs tf_keras {wanted}, found 2.3.1.", done.stdout, done.stderr
    )


if __name__ == "__main__":
  absltest.main()
