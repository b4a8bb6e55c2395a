"""Tests of signatures: the very words of `inspect`, and none of ours left."""

from __future__ import annotations

import functools
import inspect
import sys

from absl.testing import absltest
from absl.testing import parameterized

from parity.tf import behaviour
from parity.tf.compat import signatures


def _plain(a, b=2, *rest, c, d=4, **others):
  del a, b, rest, c, d, others


def _annotated(a: int, *, c: str = "x") -> float:
  del c
  return float(a)


def _none():
  unused_local = 1
  del unused_local


def _cell(a, *rest):
  return lambda: (a, rest)


def _given_another(a):
  del a


_given_another.__signature__ = inspect.signature(_annotated)
_annotated_more = functools.partial(_annotated, 1)


@functools.wraps(_plain)
def _wrapping(*arguments, **named):
  del arguments, named


class _Owner:
  def method(self, a, b=1):
    del a, b

  @classmethod
  def of_class(cls, a):
    del a

  def __call__(self, x, training=None):
    del x, training


class ArgspecTest(parameterized.TestCase):
  @parameterized.parameters(
    _plain,
    _annotated,
    _none,
    _cell,
    _given_another,
    _annotated_more,
    _wrapping,
    lambda x, y=(): (x, y),
    _Owner,
    _Owner(),
    _Owner.method,
    _Owner().method,
    _Owner.of_class,
    _Owner().__call__,
    len,
    isinstance,
    absltest.TestCase.assertEqual,
  )
  def test_says_what_inspect_says(self, function):
    self.assertEqual(
      signatures.argspec(function), inspect.getfullargspec(function)
    )

  def test_what_it_gives_is_the_callers_own(self):
    spec = signatures.argspec(_plain)
    spec.args.append("more")
    spec.kwonlydefaults["d"] = 5
    spec.annotations["a"] = int
    self.assertEqual(signatures.argspec(_plain), inspect.getfullargspec(_plain))

  def test_an_annotation_of_no_argument_is_left_out_as_inspect_does(self):
    def function(a: int):
      del a

    function.__annotations__["b"] = int
    self.assertEqual(
      signatures.argspec(function), inspect.getfullargspec(function)
    )

  @parameterized.parameters(3, "text", int)
  def test_refuses_what_inspect_refuses(self, thing):
    try:
      expected = inspect.getfullargspec(thing)
    except TypeError:
      with self.assertRaises(TypeError):
        signatures.argspec(thing)
    else:
      self.assertEqual(signatures.argspec(thing), expected)


class ReadFromCodeTest(absltest.TestCase):
  def test_tensorflow_asks_it_inside_the_scope_alone(self):
    behaviour.import_tensorflow()
    asking = [
      sys.modules[name]
      for name in signatures._ASKING
      if name.startswith("tensorflow") and name in sys.modules
    ]
    self.assertNotEmpty(asking)
    with signatures.read_from_code():
      for module in asking:
        self.assertIs(module._getfullargspec, signatures.argspec)
        self.assertEqual(module.getfullargspec(_plain).kwonlyargs, ["c", "d"])
    for module in asking:
      self.assertIs(module._getfullargspec, inspect.getfullargspec)


if __name__ == "__main__":
  absltest.main()
