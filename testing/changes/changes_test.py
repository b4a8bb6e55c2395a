"""Is each real change of TensorFlow seen, and named for what it is?

With the versions themselves: the one before the change, and one after it.
"""

from __future__ import annotations

import os
import pathlib

from absl.testing import absltest

from parity import cells
from parity import errors
from parity import recorder
from parity import verifier
from parity.environments import places
from parity.matrix import matrix
from parity.records import options as options_lib

# Any of them drives the others; one is enough.
CELLS_SINCE = "tf2.21"
CELLS_UNTIL = "tf2.21"

_HERE = pathlib.Path(os.path.abspath(__file__)).parent


def _case(name):
  return str(_HERE / f"{name}_parity.py")


class ChangesTest(absltest.TestCase):
  def _place(self, name):
    try:
      return places.resolve(name, table=cells.load_table())
    except errors.EnvironmentProblem:
      self.skipTest(f"cell {name} is not installed")

  def _port_in(self, name):
    """Options by which the port runs in a cell."""
    place = self._place(name)
    return options_lib.Options(tf2_cell=place.name, tf2_python=place.python)

  def test_epsilon_that_fused_batch_norm_raised_is_named(self):
    found = matrix.run(
      [_case("batch_norm_epsilon")],
      cells=[self._place("tf2.8"), self._place("tf2.12")],
      reference=self._place("tf1.15"),
      options=options_lib.Options(steps=("random_training",)),
    )
    before, after = found.entries
    self.assertEqual(before.report.verdict, "pass", before.report)
    self.assertEqual(after.report.verdict, "fail", after.report)
    (finding,) = after.report.checks[0].findings
    self.assertEqual(finding.cause, "op_attribute")
    self.assertIn("epsilon is 1.001e-05 on tf1", finding.message)

  def test_port_is_held_against_its_own_golden_of_the_version_before(self):
    golden = os.path.join(self.create_tempdir().full_path, "golden")
    case = _case("adagrad_epsilon")
    before = self._port_in("tf2.8")
    recorder.record(case, out=golden, side="tf2", options=before)
    same = verifier.verify(case, golden, options=before)
    self.assertEqual(same.verdict, "pass", same)
    moved = verifier.verify(case, golden, options=self._port_in("tf2.12"))
    self.assertEqual(moved.verdict, "fail", moved)
    (failed,) = [c for c in moved.checks if c.status == "fail"]
    self.assertEqual(failed.name, "optimizer")
    (finding,) = failed.findings
    self.assertEqual(finding.cause, "optimizer_formula", finding)


if __name__ == "__main__":
  absltest.main()
