from __future__ import annotations

import doctest

from absl.testing import absltest
from absl.testing import parameterized

from parity.compare import families
from parity.compare import tally


class RoundUpTest(parameterized.TestCase):
  @parameterized.parameters(1.2341e-5, 9.999e-7, 1e-5, 3e-320, 0.1 + 0.2, 1e300)
  def test_round_up_is_never_below_and_within_a_percent(self, value):
    rounded = tally.round_up(value)
    self.assertGreaterEqual(rounded, value)
    self.assertLessEqual(rounded, value * 1.011 + 5e-324)
    self.assertEqual(float(f"{rounded:.3g}"), rounded)

  def test_examples_in_docstrings(self):
    for module in (families, tally):
      self.assertEqual(doctest.testmod(module).failed, 0)


if __name__ == "__main__":
  absltest.main()
