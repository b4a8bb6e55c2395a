from __future__ import annotations

import json
import os
import sys

from absl.testing import absltest
import numpy as np
import tensorflow as tf
import tensorflow.compat.v1 as tf1

from parity.tf import sources
from parity.tf.compat import execution


def _line_of(source: str) -> str:
  path, line = source.rsplit(":", 1)
  with open(path) as handle:
    return handle.read().splitlines()[int(line) - 1].strip()


class UserSourceTest(absltest.TestCase):
  def test_of_the_callers_own_stack(self):
    source = sources.user_source()
    self.assertEqual(_line_of(source), "source = sources.user_source()")

  def test_looks_through_library_frames(self):
    found = []

    def note(_):
      frames = sources.user_frames(sys._getframe())
      found.extend(frame.function for frame in frames)

    # json is the standard library, and calls back.
    json.dumps({"a": 1j}, default=note)
    self.assertEqual(found[-2:], ["test_looks_through_library_frames", "note"])

  def test_of_an_op_in_a_graph(self):
    with tf1.Graph().as_default():
      tensor = tf1.zeros([2, 3])
      square = tf1.square(tensor)
    source = sources.user_source(square.op.traceback)
    self.assertEqual(_line_of(source), "square = tf1.square(tensor)")

  def test_of_an_op_in_a_function_is_the_users_line_not_the_generated(self):
    @tf.function
    def function(x):
      if x > 0:
        x = x + 1.0
      return tf.square(x)

    with execution.eager_mode():
      graph = function.get_concrete_function(tf.constant(1.0)).graph
    op = next(op for op in graph.get_operations() if op.type == "Square")
    source = sources.user_source(op.traceback)
    self.assertEqual(_line_of(source), "return tf.square(x)")

  def test_of_the_live_stack_while_a_function_is_traced(self):
    found = []

    @tf.function
    def function(x):
      if x > 0:
        x = x + 1.0
      found.append(_source_here())
      return x

    with execution.eager_mode():
      function(tf.constant(1.0))
    self.assertEqual(_line_of(found[0]), "found.append(_source_here())")

  def test_of_an_exception(self):
    try:
      json.loads("{")
    except ValueError as error:
      source = sources.user_source(error)
    self.assertEqual(_line_of(source), 'json.loads("{")')

  def test_of_an_exception_inside_a_function(self):
    @tf.function
    def function(x):
      if x > 0:
        x = x + 1.0
      return _fail(x)

    with execution.eager_mode():
      try:
        function(tf.constant(1.0))
      except ValueError as caught:
        error = caught
    lines = [_line_of(frame.source) for frame in sources.user_frames(error)]
    self.assertIn("function(tf.constant(1.0))", lines)
    self.assertEqual(lines[-2:], ["return _fail(x)", 'raise ValueError("bad")'])

  def test_of_tuples_as_tensorflow_1_gives_them(self):
    stack = [
      ("/home/me/model.py", 7, "tf1", "x = w * 2"),
      (np.__file__, 3, "array", None),
    ]
    self.assertEqual(sources.user_source(stack), "/home/me/model.py:7")

  def test_is_none_where_no_frame_is_the_users(self):
    self.assertIsNone(sources.user_source([(np.__file__, 3, "array", "")]))
    self.assertIsNone(sources.user_source([]))


class IsUserFileTest(absltest.TestCase):
  def test_libraries_are_not_the_users(self):
    for path in (
      tf.__file__,
      np.__file__,
      os.__file__,
      sources.__file__,
      "<frozen importlib._bootstrap>",
      "<__array_function__ internals>",
      os.path.join(os.path.dirname(os.path.dirname(np.__file__)), "six.py"),
    ):
      with self.subTest(path=path):
        self.assertFalse(sources.is_user_file(path))

  def test_everything_else_is_the_users(self):
    site = os.path.dirname(os.path.dirname(np.__file__))
    for path in (
      __file__,
      "/home/me/tensorflow_models/net.py",
      os.path.join(site, "their_dependency", "net.py"),
      "<ipython-input-3-abc>",
      "<stdin>",
    ):
      with self.subTest(path=path):
        self.assertTrue(sources.is_user_file(path))


class DescribeUserFramesTest(absltest.TestCase):
  def test_shows_the_users_frames_and_the_error_only(self):
    try:
      _parse("{")
    except ValueError as error:
      text = sources.describe_user_frames(error)
    self.assertIn("in test_shows_the_users_frames", text)
    self.assertIn("    json.loads(content)", text)
    self.assertNotIn("decoder.py", text)
    self.assertIn("JSONDecodeError", text.splitlines()[-1])


@tf.autograph.experimental.do_not_convert
def _source_here() -> str:
  """The line that called this one."""
  frames = sources.user_frames(sys._getframe())
  return frames[-2].source


def _parse(content: str) -> None:
  json.loads(content)


def _fail(unused_x):
  raise ValueError("bad")


if __name__ == "__main__":
  absltest.main()
