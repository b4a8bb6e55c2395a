"""Tests of parity.tf.usercode."""

from __future__ import annotations

import os

from absl.testing import absltest
from absl.testing import parameterized

from parity import errors
from parity.tf import usercode


def _inner(key):
  return {}[key]


def _outer(key):
  return _inner(key)


class CallTest(parameterized.TestCase):
  def test_gives_what_the_function_returns(self):
    self.assertEqual(usercode.call("tf1", max, 3, 5), 5)

  def test_an_exception_is_told_with_the_users_frames_innermost_last(self):
    with self.assertRaises(errors.CaseCodeError) as caught:
      usercode.call("tf1", _outer, "gone")
    first, *frames = str(caught.exception).splitlines()
    self.assertEqual(first, "tf1 raised KeyError: 'gone'")
    self.assertLen(frames, 2)
    self.assertIn("usercode_test.py:", frames[0])
    self.assertEndsWith(frames[0], "in _outer: return _inner(key)")
    self.assertEndsWith(frames[1], "in _inner: return {}[key]")

  def test_it_is_told_how_the_function_was_called_where_that_is_known(self):
    with self.assertRaises(errors.CaseCodeError) as caught:
      usercode.call("the port", _inner, "gone", asked="port({'x': int32 []})")
    lines = str(caught.exception).splitlines()
    self.assertEqual(lines[1], "It was called as port({'x': int32 []}).")

  def test_the_lines_of_a_key_error_stay_lines(self):
    def fail():
      raise KeyError("Exception of a layer\n\nimage")

    with self.assertRaises(errors.CaseCodeError) as caught:
      usercode.call("the port", fail)
    first, empty, key, _ = str(caught.exception).splitlines()
    self.assertEqual(first, "the port raised KeyError: Exception of a layer")
    self.assertEqual([empty, key], ["", "image"])

  @parameterized.parameters(SystemExit(3), MemoryError(), RecursionError())
  def test_exceptions_that_end_programs_are_told_too(self, error):
    def leave():
      raise error

    with self.assertRaisesRegex(errors.CaseCodeError, type(error).__name__):
      usercode.call("tf2", leave)

  @parameterized.parameters(
    errors.CaseError, errors.AlignmentError, errors.EnvironmentProblem
  )
  def test_errors_of_our_own_pass(self, error_class):
    def refuse():
      raise error_class("so")

    with self.assertRaisesRegex(error_class, "^so$"):
      usercode.call("tf2", refuse)

  def test_an_interruption_passes(self):
    def interrupt():
      raise KeyboardInterrupt

    with self.assertRaises(KeyboardInterrupt):
      usercode.call("tf2", interrupt)

  def test_a_long_message_is_cut(self):
    def shout():
      raise ValueError("a" * 10000)

    with self.assertRaises(errors.CaseCodeError) as caught:
      usercode.call("tf2", shout)
    self.assertLess(len(str(caught.exception)), 2000)

  def test_of_many_frames_the_innermost_are_shown(self):
    def descend(depth):
      return descend(depth - 1) if depth else {}["gone"]

    with self.assertRaises(errors.CaseCodeError) as caught:
      usercode.call("tf2", descend, 30)
    self.assertLen(str(caught.exception).splitlines(), 9)
    self.assertIn('{}["gone"]', str(caught.exception))


class LibraryFramesTest(absltest.TestCase):
  def test_stacks_in_messages_keep_the_users_frames_only(self):
    text = (
      "Graph execution error:\n"
      "\n"
      "Detected at node 'net/MatMul' defined at (most recent call last):\n"
      '    File "<frozen runpy>", line 198, in _run_module_as_main\n'
      '    File "/home/me/model.py", line 6, in tf1\n'
      "      return tf.matmul(x, y)\n"
      '    File "/a/site-packages/tensorflow/python/ops.py", line 1, in f\n'
      "      return g()\n"
      "Node: 'net/MatMul'\n"
      "Matrix size-incompatible"
    )
    self.assertEqual(
      usercode.without_library_frames(text),
      "Graph execution error:\n"
      "\n"
      "Detected at node 'net/MatMul' defined at (most recent call last):\n"
      '    File "/home/me/model.py", line 6, in tf1\n'
      "      return tf.matmul(x, y)\n"
      "Node: 'net/MatMul'\n"
      "Matrix size-incompatible",
    )

  def test_frames_without_their_first_slash_are_known_too(self):
    # As TensorFlow 1.15 writes them.
    library, own = os.__file__[1:], os.path.abspath(__file__)[1:]
    text = (
      f"Bad. [[node G (defined at {library}:3) ]]\n"
      f'  File "{library}", line 3, in f\n'
      "    g()\n"
      f'  File "{own}", line 4, in tf1\n'
      "    f()"
    )
    self.assertEqual(
      usercode.without_library_frames(text),
      f'Bad. [[node G ]]\n  File "{own}", line 4, in tf1\n    f()',
    )

  def test_the_name_of_an_eager_kernel_is_left_out(self):
    text = "{{function_node __wrapped__MatMul_device_/job:x}} Incompatible"
    self.assertEqual(usercode.without_library_frames(text), "Incompatible")

  def test_other_messages_stay(self):
    for text in ("", "File not found", "a\n  b\n c", "{{node y}} is bad"):
      self.assertEqual(usercode.without_library_frames(text), text)


if __name__ == "__main__":
  absltest.main()
