"""Tests of parity.golden.contents: one content, one key, whatever its size."""

from __future__ import annotations

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from parity.golden import contents

# Below and above what is hashed as a whole; no whole number of blocks or words.
_SIZES = (1, 1000, 300_001, 1_200_003)


def add_all(**arrays):
  """The key of each array's content, in the order in which they are added."""
  found = contents.Contents()
  return found, [found.add(key, array) for key, array in arrays.items()]


class ContentsTest(parameterized.TestCase):
  @parameterized.parameters(*_SIZES)
  def test_the_same_bytes_have_the_key_of_the_first(self, size):
    array = np.random.RandomState(0).standard_normal(size).astype(np.float32)
    found, keys = add_all(a=array, b=array.copy(), c=array + 1, d=array)
    self.assertEqual(keys, ["a", "a", "c", "a"])
    self.assertCountEqual(found.arrays, ["a", "c"])

  @parameterized.parameters(*_SIZES)
  def test_one_bit_anywhere_is_another_content(self, size):
    array = np.zeros(size, np.uint8)
    for place in {0, size // 3, size - 1}:
      other = array.copy()
      other[place] = 1
      self.assertEqual(add_all(a=array, b=other)[1], ["a", "b"])

  def test_what_differs_from_the_first_of_its_pages_is_found_again(self):
    first = np.zeros(1_000_000, np.float32)
    places = (100_000, 100_001, 500_000)  # Between the pages that are hashed.
    others = [first.copy() for _ in places]
    for place, other in zip(places, others):
      other[place] = 1
    found, keys = add_all(
      a=first,
      b=others[0],
      c=others[1],
      d=others[2],
      e=others[1].copy(),
      f=first.copy(),
    )
    self.assertEqual(keys, ["a", "b", "c", "d", "c", "a"])
    self.assertCountEqual(found.arrays, ["a", "b", "c", "d"])

  def test_nan_is_the_same_as_itself_and_zero_no_negative_zero(self):
    array = np.full(200_000, np.nan)
    zeros = np.zeros(200_000)
    _, keys = add_all(a=array, b=array.copy(), c=zeros, d=-zeros)
    self.assertEqual(keys, ["a", "a", "c", "d"])

  def test_another_shape_or_dtype_is_another_content(self):
    array = np.zeros((400, 500), np.float32)
    _, keys = add_all(a=array, b=array.T, c=array.view(np.int32))
    self.assertEqual(keys, ["a", "b", "c"])

  def test_other_layouts_are_compared_by_value(self):
    array = np.arange(300_000, dtype=np.int32).reshape(500, 600)
    turned = np.ascontiguousarray(array.T).T
    _, keys = add_all(a=array, b=turned, c=array.astype(">i4"))
    self.assertEqual(keys, ["a", "a", "a"])

  def test_text_is_compared_as_it_is_stored(self):
    text = np.array(["one" * 50_000, "two"])
    _, keys = add_all(a=text, b=np.array(text, object), c=text[::-1])
    self.assertEqual(keys, ["a", "a", "c"])


if __name__ == "__main__":
  absltest.main()
