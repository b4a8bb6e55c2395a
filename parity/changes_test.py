"""Tests of parity.changes: every tensor that would change, and by how much."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity import changes
from testing import fakes


def golden_of(**fields):
  return fakes.make_golden(fakes.make_recording(**fields))


class ChangesTest(absltest.TestCase):
  def test_nothing_changes_between_equals(self):
    found = changes.between(golden_of(), golden_of())
    self.assertTrue(found.are_none)
    self.assertGreater(len(found.recordings[0].comparisons), 2)
    self.assertEmpty(found.identity)

  def test_a_change_within_the_tolerance_is_a_change(self):
    before = golden_of(outputs=(fakes.make_output("logits", (1.0, 2.0)),))
    moved = np.nextafter(np.float32([1, 2]), np.float32(9))
    after = golden_of(outputs=(fakes.make_output("logits", moved),))
    found = changes.between(before, after)
    self.assertFalse(found.are_none)
    (change,) = found.recordings[0].changed
    self.assertEqual((change.name, change.status), ("logits", "within"))
    self.assertEqual(change.max_ulp, 1)

  def test_every_kind_of_tensor_is_compared(self):
    recording = fakes.make_recording(loss=np.float32(1))
    held = changes.tensors_of(recording)
    kinds = {kind for kind, tensors in held.items() if tensors}
    self.assertEqual(kinds, {"input", "initial", "output", "loss", "final"})

  def test_an_output_that_comes_and_one_that_goes_are_named(self):
    before = golden_of(outputs=(fakes.make_output("a"),))
    after = golden_of(outputs=(fakes.make_output("b"),))
    found = changes.between(before, after).recordings[0].changed
    self.assertEqual(
      {(c.name, c.status) for c in found},
      {("a", "missing_other"), ("b", "missing_reference")},
    )

  def test_requests_that_come_and_go_are_told(self):
    before = golden_of(request=fakes.make_request(seed=1))
    after = golden_of(request=fakes.make_request(seed=2))
    found = changes.between(before, after)
    self.assertEqual(found.added[0].seed, 2)
    self.assertEqual(found.removed[0].seed, 1)
    self.assertFalse(found.are_none)

  def test_another_version_is_told_and_is_no_change_of_numbers(self):
    identity = fakes.make_identity(versions={"tensorflow": "2.8.4"})
    found = changes.between(golden_of(identity=identity), golden_of())
    self.assertIn("TensorFlow 2.8.4 -> 2.21.0", found.identity)
    self.assertTrue(found.are_none)

  def test_other_variables_and_random_ops_are_told_in_words(self):
    before = golden_of(variables=(fakes.make_variable("a"),))
    after = golden_of(variables=(fakes.make_variable("b"),))
    remarks = changes.between(before, after).recordings[0].remarks
    self.assertEqual(remarks, ("The variables come without a and with b.",))


if __name__ == "__main__":
  absltest.main()
