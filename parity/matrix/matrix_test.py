"""Tests of parity.matrix.matrix: goldens as cells, then real cells."""

from __future__ import annotations

import dataclasses
import os
import pathlib

from absl.testing import absltest
import numpy as np

from parity import cells as cells_lib
from parity import errors
from parity.environments import places
from parity.golden import bundle as bundle_lib
from parity.matrix import matrix
from parity.records import options as options_lib
from parity.sides import golden_side

_ROOT = pathlib.Path(os.path.abspath(__file__)).parents[2]
_GOLDEN = _ROOT / "testing" / "goldens" / "dense_dropout"
_CASE = str(_ROOT / "testing" / "models" / "dense_dropout_parity.py")
_REFERENCE = places.Place("ref", "/ref/python")


def _cell(name, **settings):
  return places.Place(name, f"/{name}/python", **settings)


def _moved(bundle):
  """The golden with another last output."""
  recordings = []
  for recording in bundle.golden.recordings:
    last = recording.outputs[-1]
    moved = dataclasses.replace(
      last, value=np.asarray(last.value) + np.float32(1)
    )
    outputs = (*recording.outputs[:-1], moved)
    recordings.append(dataclasses.replace(recording, outputs=outputs))
  golden = dataclasses.replace(bundle.golden, recordings=tuple(recordings))
  return dataclasses.replace(bundle, golden=golden)


class _Unable(golden_side.GoldenSide):
  """A side whose case cannot be loaded."""

  def load(self, unused_target):
    raise errors.CaseCodeError("no module named lacking")


class RunTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    self._bundle = bundle_lib.read_golden(str(_GOLDEN))
    self._made = []
    self._options = options_lib.Options(steps=("random_inference",))

  def _make_side(self, place, side, options):
    del options
    self._made.append((place.name, side))
    if place.name == "unable":
      return _Unable(self._bundle)
    is_other = place.name.startswith("other")
    return golden_side.GoldenSide(
      _moved(self._bundle) if is_other else self._bundle
    )

  def _run(self, *cells, side="tf1", targets=("a.py",)):
    return matrix.run(
      targets,
      cells=cells,
      reference=_REFERENCE,
      side=side,
      options=self._options,
      jobs=2,
      make_side=self._make_side,
    )

  def test_same_recordings_pass(self):
    found = self._run(_cell("a"), _cell("b"))
    self.assertEqual(found.verdict, "pass")
    self.assertEqual([e.cell for e in found.entries], ["a", "b"])
    self.assertEqual(found.identity, self._bundle.golden.identity)

  def test_cell_that_differs_fails_and_is_the_only_one(self):
    found = self._run(_cell("a"), _cell("other"))
    self.assertEqual(found.verdict, "fail")
    verdicts = {entry.cell: entry.report.verdict for entry in found.entries}
    self.assertEqual(verdicts, {"a": "pass", "other": "fail"})

  def test_cell_that_does_not_gate_only_warns(self):
    found = self._run(_cell("a"), _cell("other", gates=False))
    self.assertEqual(found.verdict, "pass")
    self.assertEqual([e.cell for e in found.warnings], ["other"])

  def test_cell_that_cannot_run_is_an_error_and_stops_no_other(self):
    found = self._run(_cell("unable"), _cell("b"))
    self.assertEqual(found.verdict, "error")
    first, second = found.entries
    self.assertIn("lacking", first.report.error)
    self.assertEqual(second.report.verdict, "pass")

  def test_each_cell_is_made_once_for_all_cases(self):
    found = self._run(_cell("a"), targets=("a.py", "b.py"))
    self.assertCountEqual(self._made, [("ref", "tf1"), ("a", "tf1")])
    self.assertEqual([e.target for e in found.entries], ["a.py", "b.py"])

  def test_entries_come_case_by_case(self):
    found = self._run(_cell("a"), _cell("b"), targets=("a.py", "b.py"))
    order = [(entry.target, entry.cell) for entry in found.entries]
    self.assertEqual(
      order, [("a.py", "a"), ("a.py", "b"), ("b.py", "a"), ("b.py", "b")]
    )

  def test_what_cannot_run_by_its_kind_is_left_out_and_told(self):
    old = _cell("old", has_tf2=False)
    found = self._run(old, _cell("a"), _REFERENCE, side="tf1")
    self.assertEqual([out.cell for out in found.left_out], ["ref"])
    with self.assertRaisesRegex(errors.UsageError, "old: TensorFlow 1 has no"):
      self._run(old, side="tf2")

  def test_jobs_follow_memory_and_the_number_of_cells(self):
    gib = 1 << 30
    self.assertEqual(matrix.default_jobs(5, free=gib), 1)
    self.assertEqual(matrix.default_jobs(1, free=1000 * gib), 1)
    self.assertGreaterEqual(matrix.default_jobs(5, free=1000 * gib), 1)


class RealCellsTest(absltest.TestCase):
  """Genuine TensorFlow 1.15 against another version, end to end."""

  def _place(self, name):
    table = cells_lib.load_table()
    try:
      return places.resolve(name, table=table)
    except errors.EnvironmentProblem:
      self.skipTest(f"cell {name} is not installed")

  def test_port_is_the_same_model_in_another_cell(self):
    found = matrix.run(
      [_CASE], cells=[self._place("tf2.12")], reference=self._place("tf1.15")
    )
    (entry,) = found.entries
    self.assertEqual(entry.report.verdict, "pass", entry.report)
    self.assertEqual(found.identity.versions["tensorflow"], "1.15.5")
    self.assertEqual(entry.tensorflow, "2.12.1")

  def test_real_change_between_two_versions_is_seen_and_explained(self):
    found = matrix.run(
      [str(_ROOT / "testing" / "changes" / "adagrad_epsilon_parity.py")],
      cells=[self._place("tf2.8"), self._place("tf2.12")],
      reference=self._place("tf1.15"),
      options=options_lib.Options(steps=("optimizer",)),
    )
    before, after = found.entries
    self.assertEqual(after.report.verdict, "pass", after.report)
    self.assertEqual(before.report.verdict, "fail", before.report)
    (check,) = before.report.checks
    self.assertContainsSubset(
      {finding.cause for finding in check.findings},
      {"optimizer_formula", "optimizer_hyperparameter"},
    )

  def test_interpreter_that_dies_is_told_for_its_cell_alone(self):
    dead = places.Place("dead", "/bin/false")
    found = matrix.run(
      [_CASE],
      cells=[dead, self._place("tf2.12")],
      reference=self._place("tf1.15"),
      options=options_lib.Options(steps=("random_inference",)),
    )
    first, second = found.entries
    self.assertIn("status 1", first.report.error)
    self.assertEqual(second.report.verdict, "pass")

  def test_module_that_a_cell_lacks_is_told_with_cell_and_line(self):
    folder = self.create_tempdir().full_path
    path = pathlib.Path(folder, "lacking_parity.py")
    path.write_text("import numpy\nimport no_such_module\n")
    found = matrix.run(
      [str(path)],
      cells=[self._place("tf2.12")],
      reference=self._place("tf1.15"),
    )
    told = found.entries[0].report.error
    self.assertIn("lacking_parity.py:2", told)
    self.assertRegex(told, r"Cell `tf(1\.15|2\.12)` .* has no module no_such")


if __name__ == "__main__":
  absltest.main()
