"""Tests of parity.tf.record.keeping."""

from __future__ import annotations

from concurrent import futures
import sys

from absl.testing import absltest
import numpy as np

from parity.tf.record import keeping


def _array(size, *, seed=1):
  return np.random.RandomState(seed).normal(size=size).astype(np.float32)


def _kept(keeper):
  return {key for key, r in keeper.records.items() if r.value is not None}


class KeeperTest(absltest.TestCase):
  def test_all_values_stay_while_they_fit(self):
    keeper = keeping.Keeper(values=True, budget=4000)
    for key in "abc":
      keeper.see(key, _array(300))
    self.assertEqual(_kept(keeper), {"a", "b", "c"})

  def test_the_largest_go_first_and_leave_a_sketch(self):
    keeper = keeping.Keeper(values=True, budget=4000)
    for key, size in (("a", 100), ("b", 900), ("c", 200), ("d", 800)):
      keeper.see(key, _array(size))
    self.assertEqual(_kept(keeper), {"a", "c"})
    self.assertIsNotNone(keeper.records["b"].sketch)
    self.assertIsNone(keeper.records["a"].sketch)
    self.assertEqual(keeper.records["b"].shape, (900,))

  def test_however_much_is_seen_no_more_than_the_budget_is_kept(self):
    keeper = keeping.Keeper(values=True, budget=10_000)
    for key in range(100):
      keeper.see(key, _array(1 + 37 * key % 900))
    kept = [r.value for r in keeper.records.values() if r.value is not None]
    self.assertLessEqual(sum(value.nbytes for value in kept), 10_000)
    self.assertLen(keeper.records, 100)

  def test_several_threads_may_tell_at_once(self):
    keeper = keeping.Keeper(values=True, budget=10_000)
    arrays = [_array(1 + 37 * i % 90) for i in range(3000)]

    def tell(first):
      for number in range(first, len(arrays), 8):
        keeper.see(number, arrays[number])

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
      with futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(tell, range(8)))
    finally:
      sys.setswitchinterval(before)
    self.assertLen(keeper.records, len(arrays))
    kept = [r.value for r in keeper.records.values() if r.value is not None]
    self.assertLessEqual(sum(value.nbytes for value in kept), 10_000)
    gone = [r for r in keeper.records.values() if r.value is None]
    self.assertTrue(all(record.sketch is not None for record in gone))

  def test_roots_and_what_is_wanted_stay(self):
    keeper = keeping.Keeper(values=True, budget=0)
    keeper.see("root", _array(500), root="constant")
    keeper.see("wanted", _array(500), is_wanted=True)
    keeper.see("other", _array(5))
    self.assertEqual(_kept(keeper), {"root", "wanted"})

  def test_draws_go_last(self):
    keeper = keeping.Keeper(values=True, budget=4000)
    keeper.see("draw", _array(900), is_draw=True)
    keeper.see("small", _array(300))
    self.assertEqual(_kept(keeper), {"draw"})

  def test_without_values_there_are_digests(self):
    keeper = keeping.Keeper(values=False, budget=4000)
    keeper.see("a", _array(3))
    self.assertEqual(_kept(keeper), set())
    self.assertNotEmpty(keeper.records["a"].digest)

  def test_equal_tensors_have_equal_digests_and_others_not(self):
    keeper = keeping.Keeper(values=False, budget=0)
    keeper.see("a", _array(6))
    keeper.see("b", _array(6))
    keeper.see("c", _array(6).reshape(2, 3))
    digests = {key: record.digest for key, record in keeper.records.items()}
    self.assertEqual(digests["a"], digests["b"])
    self.assertNotEqual(digests["a"], digests["c"])


class StatisticsTest(absltest.TestCase):
  def test_blocks_give_what_the_whole_would(self):
    array = _array(600_000)
    finite, mean, rms, peak = keeping.statistics_of(array)
    wide = array.astype(np.float64)
    self.assertEqual(finite, array.size)
    self.assertAlmostEqual(mean, float(np.mean(wide)), places=12)
    self.assertAlmostEqual(
      rms, float(np.sqrt(np.mean(np.square(wide)))), places=12
    )
    self.assertEqual(peak, float(np.max(np.abs(wide))))

  def test_what_is_not_finite_is_left_out(self):
    found = keeping.statistics_of(np.array([np.nan, 3.0, -np.inf, -4.0]))
    self.assertEqual(found[0], 2)
    self.assertEqual(found[3], 4.0)

  def test_squares_do_not_overflow(self):
    self.assertEqual(keeping.statistics_of(np.array([1e200]))[2], 1e200)

  def test_of_nothing_all_are_zero(self):
    self.assertEqual(keeping.statistics_of(np.zeros(0)), (0, 0.0, 0.0, 0.0))


if __name__ == "__main__":
  absltest.main()
