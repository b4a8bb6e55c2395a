"""Tests of parity.tf.nests."""

from __future__ import annotations

import collections
import dataclasses
from typing import Any, NamedTuple

from absl.testing import absltest
from absl.testing import parameterized

from parity import errors
from parity.tf import nests


class _Pair(NamedTuple):
  first: Any
  second: Any


@dataclasses.dataclass
class _Record:
  logits: object
  extra: object = None


def _paths(nest):
  return [leaf.path for leaf in nests.flatten(nest)]


class FlattenTest(parameterized.TestCase):
  @parameterized.named_parameters(
    ("a_bare_leaf", 7, ["output"]),
    ("a_list", [1, 2], ["0", "1"]),
    ("a_dict_sorted", {"b": 1, "a": 2}, ["a", "b"]),
    ("a_dict_with_numbers", {10: 1, 2: 2}, ["10", "2"]),
    ("the_guides_form", (1, {"Conv2d_1a_3x3": 2}), ["0", "1/Conv2d_1a_3x3"]),
    ("a_namedtuple", _Pair(1, [2]), ["first", "second/0"]),
    ("a_dataclass", _Record({"y": 1}, 2), ["logits/y", "extra"]),
    ("an_ordered_dict", collections.OrderedDict(b=1, a=2), ["a", "b"]),
    ("none_as_empty", {"a": None, "b": 1}, ["b"]),
    ("empty_parts", [[], {}, 1], ["2"]),
    ("nothing", None, []),
    ("text_as_a_leaf", "abc", ["output"]),
  )
  def test_names_the_leaves_of(self, nest, paths):
    self.assertEqual(_paths(nest), paths)

  def test_values_go_with_their_paths(self):
    leaves = nests.flatten({"b": [1, 2], "a": 3})
    self.assertEqual([leaf.value for leaf in leaves], [3, 1, 2])

  def test_two_leaves_of_one_path_are_refused(self):
    for nest in ({"a": {"b": 1}, "a/b": 2}, {1: 1, "1": 2}):
      with self.assertRaisesRegex(errors.CaseError, "have the path"):
        nests.flatten(nest)


class MapTest(parameterized.TestCase):
  @parameterized.parameters(
    (7,), ([1, (2, 3)],), ({"b": 1, "a": [2, None]},), (_Pair(1, {"x": 2}),)
  )
  def test_keeps_the_form(self, nest):
    self.assertEqual(nests.map_leaves(lambda _, leaf: leaf, nest), nest)

  def test_gives_each_leaf_its_path(self):
    nest = (1, {"a": 2}, _Pair(3, 4), _Record(5))
    found = nests.map_leaves(lambda path, _: path, nest)
    self.assertEqual(
      found, ("0", {"a": "1/a"}, _Pair("2/first", "2/second"),
              _Record("3/logits"))
    )  # fmt: skip

  def test_a_bare_leaf_has_the_path_that_flatten_gives_it(self):
    self.assertEqual(nests.map_leaves(lambda path, _: path, 7), _paths(7)[0])


if __name__ == "__main__":
  absltest.main()
