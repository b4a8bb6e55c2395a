"""How fast is `compare_arrays` beside `np.testing.assert_allclose`?

    python -m benchmarks.compare 256

compares float32 arrays of 256 MiB each: equal, close, and different ones. Both
ways run in this one process, in turn, and the best of a few runs counts; what
matters is the ratio. Memory is the peak of what Python allocates beyond the two
arrays. The first line says how long it takes to read both arrays once, which is
the limit for equal ones. `taskset -c 0` shows one core.

`assert_allclose` answers yes or no (and gives up counting at NaN);
`compare_arrays` also finds the place of the worst element, distances in ulp and
their histogram, the root mean square and the tolerance that would pass.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from typing import Callable, Dict

import numpy as np

from parity.compare import values
from parity.records import tolerance as tolerance_lib

_LIMIT = tolerance_lib.Tolerance(rtol=1e-6, atol=1e-5)
_MIB = 1 << 20


def make_pairs(mib: int) -> Dict[str, np.ndarray]:
  """The reference and what it is compared with, float32 of so many MiB."""
  rng = np.random.RandomState(0)
  size = mib * _MIB // 4
  reference = rng.standard_normal(size).astype(np.float32)
  noise = rng.standard_normal(size).astype(np.float32)
  return {
    "reference": reference,
    "equal": reference.copy(),
    "close": reference * (1 + noise * np.float32(1e-7)),
    "different": noise,
  }


def run_numpy(reference: np.ndarray, other: np.ndarray) -> None:
  """NumPy's own comparison; a mismatch is all right."""
  try:
    np.testing.assert_allclose(
      other, reference, rtol=_LIMIT.rtol, atol=_LIMIT.atol
    )
  except AssertionError:
    return


def run_parity(reference: np.ndarray, other: np.ndarray) -> None:
  """Ours."""
  values.compare_arrays(
    reference, other, tolerance=_LIMIT, kind="output", name="pair"
  )


def read_once(reference: np.ndarray, other: np.ndarray) -> None:
  """Reads every element of both arrays."""
  reference.view(np.uint64).max()
  other.view(np.uint64).max()


def seconds_of(
  function: Callable[[np.ndarray, np.ndarray], None],
  reference: np.ndarray,
  *,
  other: np.ndarray,
  repeats: int,
) -> float:
  """The best time of several runs."""
  best = float("inf")
  for _ in range(repeats):
    start = time.perf_counter()
    function(reference, other)
    best = min(best, time.perf_counter() - start)
  return best


def peak_mib_of(
  function: Callable[[np.ndarray, np.ndarray], None],
  reference: np.ndarray,
  *,
  other: np.ndarray,
) -> float:
  """Peak memory that a run allocates, in MiB."""
  tracemalloc.start()
  try:
    function(reference, other)
    return tracemalloc.get_traced_memory()[1] / _MIB
  finally:
    tracemalloc.stop()


def main() -> None:
  """Prints one line for each pair."""
  parser = argparse.ArgumentParser(
    description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
  )
  parser.add_argument("mib", type=int, nargs="?", default=64)
  parser.add_argument("--repeats", type=int, default=3)
  arguments = parser.parse_args()
  if arguments.mib < 1 or arguments.repeats < 1:
    parser.error("the size and the repeats must be at least 1")
  arrays = make_pairs(arguments.mib)
  reference = arrays.pop("reference")
  read = seconds_of(
    read_once, reference, other=arrays["equal"], repeats=arguments.repeats
  )
  print(f"float32, {arguments.mib} MiB each; reading both: {read:.3f} s")
  print("pair       assert_allclose    compare_arrays     ratio   of reading")
  for name, other in arrays.items():
    times = [
      seconds_of(run, reference, other=other, repeats=arguments.repeats)
      for run in (run_numpy, run_parity)
    ]
    peaks = [
      peak_mib_of(run, reference, other=other)
      for run in (run_numpy, run_parity)
    ]
    print(
      f"{name:<10}"
      f"{times[0]:6.3f} s {peaks[0]:6.0f} MiB "
      f"{times[1]:6.3f} s {peaks[1]:6.0f} MiB "
      f"{times[0] / times[1]:7.1f}x "
      f"{times[1] / read:9.1f}x"
    )


if __name__ == "__main__":
  main()
