"""Tests of parity.records.golden."""

from __future__ import annotations

import dataclasses

from absl.testing import absltest

from testing import fakes


class FindTest(absltest.TestCase):
  def _golden(self, **request):
    recording = fakes.make_recording("tf1")
    request = fakes.make_request("tf1", training=True, **request)
    return fakes.make_golden(
      recordings=(dataclasses.replace(recording, request=request),)
    )

  def _find(self, golden, **request):
    return golden.find(fakes.make_request("tf1", training=True, **request))

  def test_finds_what_answers_exactly(self):
    golden = self._golden()
    self.assertIsNotNone(self._find(golden))
    self.assertIsNone(self._find(golden, seed=7))
    self.assertIsNone(self._find(golden, rewrites=False))

  def test_draws_that_are_held_besides_do_not_matter(self):
    self.assertIsNotNone(self._find(self._golden(draws=True)))
    self.assertIsNone(self._find(self._golden(), draws=True))

  def test_an_older_golden_of_the_constant_mode_still_answers(self):
    constant = {"random": "constant"}
    golden = self._golden(**constant)
    self.assertIsNotNone(self._find(golden, rewrites=False, **constant))
    golden = self._golden(rewrites=False, **constant)
    self.assertIsNone(self._find(golden, **constant))


if __name__ == "__main__":
  absltest.main()
