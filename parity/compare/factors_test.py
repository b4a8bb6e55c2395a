from __future__ import annotations

import doctest
import math

from absl.testing import absltest
from absl.testing import parameterized

from parity.compare import factors


class NameOfTest(parameterized.TestCase):
  @parameterized.parameters(
    (2.0, "2"),
    (0.5000001, "1/2"),
    (-1.0, "-1"),
    (1 / 255, "1/255"),
    (math.sqrt(0.5), "1/sqrt(2)"),
    (0.8, "0.8"),
    (0.01, "1/100"),
    (1 / 127.5, "1/127.5"),
    (0.001, "1/1000"),
    (0.002, "0.002"),
    (0.0, "0"),
  )
  def test_plain_numbers(self, value, name):
    self.assertEqual(factors.name_of(value), name)

  def test_sizes_of_the_tensor(self):
    name = factors.name_of(32.0, shape=(32, 10))
    self.assertEqual(name, "32, 32 being the size of axis 0")
    name = factors.name_of(1 / 320, shape=(32, 10))
    self.assertEqual(name, "1/320, 320 being the number of elements")

  def test_a_number_that_is_merely_near_gets_no_name(self):
    self.assertEqual(factors.name_of(2.001), "2.001")

  def test_examples_in_docstrings(self):
    self.assertEqual(doctest.testmod(factors).failed, 0)


if __name__ == "__main__":
  absltest.main()
