"""Does parity use this repository's TensorFlow, NumPy and Abseil?"""

import importlib
import importlib.util
import os
import sys

from absl.testing import absltest
from absl.testing import parameterized

_PACKAGES = ("tensorflow", "numpy", "absl")


def _place(path):
  """The place in `sys.path` of the entry that holds a file."""
  real = os.path.abspath(path)
  return min(
    place
    for place, entry in enumerate(sys.path)
    if real.startswith(os.path.abspath(entry) + os.sep)
  )


# --8<-- [start:labels]
class LabelsTest(parameterized.TestCase):
  @parameterized.parameters(*_PACKAGES)
  def test_parity_depends_on_this_repository_s_label(self, package):
    found = importlib.import_module(f"monorepo_{package}")
    self.assertEqual(found.LABEL, f"//third_party/py/{package}")

  @parameterized.parameters(*_PACKAGES)
  def test_label_goes_before_the_environment(self, package):
    ours = importlib.import_module(f"monorepo_{package}").__file__
    theirs = importlib.util.find_spec(package).origin
    self.assertLess(_place(ours), _place(theirs))

  # --8<-- [end:labels]


if __name__ == "__main__":
  absltest.main()
