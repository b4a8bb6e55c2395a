"""Tests of the check checkpoint: its coverage, each finding with its twin."""

from __future__ import annotations

from absl.testing import absltest

from parity.checks import checkpoint
from parity.records import recording as recording_lib
from testing import fakes


def _entry(name, shape=(4, 3), dtype="float32"):
  return recording_lib.CheckpointEntry(name, shape, dtype)


def _recording(side, names, entries, *, shapes=(), left=(), mismatched=()):
  variables = tuple(
    fakes.make_variable(name, dict(shapes).get(name, (4, 3))) for name in names
  )
  restored = tuple(n for n in names if n not in (*left, *mismatched))
  return fakes.make_recording(
    side,
    variables=variables,
    checkpoint=recording_lib.CheckpointRecord(
      restored=restored,
      left=tuple(left),
      mismatched=tuple(mismatched),
      entries=tuple(entries),
    ),
  )


def _judge(tf1, tf2):
  return checkpoint.CHECK.judge(fakes.make_evidence(tf1, tf2))


class CheckpointTest(absltest.TestCase):
  def test_everything_restored_passes(self):
    entries = [_entry("net/a"), _entry("net/b")]
    sides = [
      _recording(side, ["net/a", "net/b"], entries) for side in ("tf1", "tf2")
    ]
    result = _judge(*sides)
    self.assertEqual((result.status, result.findings), ("pass", ()))
    self.assertIn("2 variables restored", result.summary)

  def test_a_variable_that_was_left_alone_fails_with_the_nearest_entry(self):
    entries = [_entry("net/fc/weights")]
    result = _judge(
      _recording("tf1", ["net/fc/weights"], entries),
      _recording("tf2", ["fc/kernel"], entries, left=["fc/kernel"]),
    )
    (finding,) = result.findings
    self.assertEqual(finding.cause, "checkpoint_unmapped")
    self.assertIn("fc/kernel", finding.message)
    self.assertIn("on the tf2 side", finding.message)

  def test_one_that_the_checkpoint_lacks_fails_on_both_sides(self):
    names = ["net/a", "net/moving_mean"]
    sides = [
      _recording(side, names, [_entry("net/a")], left=["net/moving_mean"])
      for side in ("tf1", "tf2")
    ]
    (finding,) = _judge(*sides).findings
    self.assertIn("on both sides: net/moving_mean", finding.message)
    self.assertIn("those of no trained model", finding.message)

  def test_a_turned_kernel_is_told_as_such(self):
    entries = [_entry("net/a", (4, 3))]
    result = _judge(
      _recording("tf1", ["net/a"], entries),
      _recording(
        "tf2",
        ["net/a"],
        entries,
        shapes={"net/a": (3, 4)}.items(),
        mismatched=["net/a"],
      ),
    )
    (finding,) = result.findings
    self.assertIn("on tf2, transposed", finding.message)

  def test_slots_averages_and_counters_need_no_partner(self):
    entries = [
      _entry("net/a"),
      _entry("net/a/Adam"),
      _entry("net/a/ExponentialMovingAverage"),
      _entry("global_step", (), "int64"),
    ]
    sides = [_recording(side, ["net/a"], entries) for side in ("tf1", "tf2")]
    result = _judge(*sides)
    self.assertEqual(result.status, "pass")
    self.assertIn("3 entries of the checkpoint are slots", result.notes[-1])
    self.assertEndsWith(
      result.notes[-1], "(net/a/Adam, net/a/ExponentialMovingAverage, ...)."
    )

  def test_two_slots_are_both_named(self):
    entries = [_entry(n) for n in ("net/a", "net/a/Adam", "net/a/Adam_1")]
    sides = [_recording(side, ["net/a"], entries) for side in ("tf1", "tf2")]
    self.assertEndsWith(_judge(*sides).notes[-1], "(net/a/Adam, net/a/Adam_1).")

  def test_a_weight_that_nobody_takes_is_told(self):
    entries = [_entry("net/a"), _entry("net/old_head")]
    sides = [_recording(side, ["net/a"], entries) for side in ("tf1", "tf2")]
    result = _judge(*sides)
    self.assertEqual(result.status, "pass")
    self.assertIn("taken by neither side: net/old_head", result.notes[-1])

  def test_four_weights_that_nobody_takes_are_named(self):
    for count, end in ((4, "a, b, c, d."), (5, "a, b, c, d, ....")):
      names = "abcdefgh"[:count]
      entries = [_entry("net/w"), *(_entry(n, (count, 7)) for n in names)]
      sides = [_recording(s, ["net/w"], entries) for s in ("tf1", "tf2")]
      self.assertEndsWith(_judge(*sides).notes[-1], f"side: {end}")

  def test_sides_that_read_other_checkpoints_are_an_error(self):
    result = _judge(
      _recording("tf1", ["net/a"], [_entry("net/a")]),
      _recording("tf2", ["net/a"], [_entry("net/a"), _entry("net/b")]),
    )
    self.assertEqual(result.status, "error")


if __name__ == "__main__":
  absltest.main()
