"""How fast is `compare_arrays` beside what others compare with?

    python -m benchmarks.compare 1024

compares float32 arrays of 1 GiB each: equal, close, and different ones. All
ways run in this one process, in turn, and the best of a few runs counts; what
matters is the ratio. Memory is the peak of what Python allocates beyond the two
arrays. The first line says how long it takes to read both arrays once, which is
the limit for equal ones.

`np.testing.assert_allclose` answers yes or no (and gives up counting at NaN);
`compare_arrays` also finds the place of the worst element, distances in ulp and
their histogram, the root mean square and the tolerance that would pass.
Polygraphy's comparator gives comparable statistics, and is measured where it is
installed, as is `torch.testing.assert_close`. Neither is in a lock; in an
environment of its own:

    python3 -m venv /tmp/bench
    /tmp/bench/bin/pip install numpy safetensors absl-py polygraphy
    /tmp/bench/bin/python -m benchmarks.compare 1024
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import importlib
import importlib.util
import io
import time
import tracemalloc
from typing import Any, Callable, Dict, List

import numpy as np

from parity.compare import values
from parity.records import tolerance as tolerance_lib

_LIMIT = tolerance_lib.Tolerance(rtol=1e-6, atol=1e-5)
_MIB = 1 << 20

Compare = Callable[[np.ndarray, np.ndarray], None]


@dataclasses.dataclass(frozen=True)
class Way:
  """A way to compare two arrays."""

  name: str
  compare: Compare


def make_pairs(mib: int) -> Dict[str, np.ndarray]:
  """The reference and what it is compared with, float32 of so many MiB."""
  rng = np.random.RandomState(0)
  size = mib * _MIB // 4
  found = {name: np.empty(size, np.float32) for name in ("reference", "close")}
  different = np.empty(size, np.float32)
  for start in range(0, size, _MIB):
    piece = slice(start, min(start + _MIB, size))
    count = piece.stop - start
    found["reference"][piece] = rng.standard_normal(count)
    different[piece] = rng.standard_normal(count)
    noise = 1 + different[piece] * np.float32(1e-7)
    found["close"][piece] = found["reference"][piece] * noise
  found["equal"] = found["reference"].copy()
  found["different"] = different
  return found


def run_numpy(reference: np.ndarray, other: np.ndarray) -> None:
  """NumPy's own comparison; a mismatch is all right."""
  with contextlib.suppress(AssertionError):
    np.testing.assert_allclose(
      other, reference, rtol=_LIMIT.rtol, atol=_LIMIT.atol
    )


def run_parity(reference: np.ndarray, other: np.ndarray) -> None:
  """Ours."""
  values.compare_arrays(
    reference, other, tolerance=_LIMIT, kind="output", name="pair"
  )


def polygraphy_way() -> Way:
  """Polygraphy's comparator, as its command line calls it."""
  comparator = importlib.import_module("polygraphy.comparator")
  logger: Any = importlib.import_module("polygraphy.logger").G_LOGGER
  logger.module_severity = logger.CRITICAL

  def compare(reference: np.ndarray, other: np.ndarray) -> None:
    results = comparator.RunResults()
    for name, array in (("other", other), ("reference", reference)):
      outcome = comparator.IterationResult(outputs={"y": array})
      results.append((name, [outcome]))
    make = getattr(comparator, "SimpleCompareFunc", None)
    function = (make or comparator.CompareFunc.simple)(
      rtol=_LIMIT.rtol, atol=_LIMIT.atol
    )
    comparator.Comparator.compare_accuracy(results, compare_func=function)

  return Way("polygraphy", compare)


def torch_way() -> Way:
  """`torch.testing.assert_close` on the same memory."""
  torch = importlib.import_module("torch")

  def compare(reference: np.ndarray, other: np.ndarray) -> None:
    left, right = torch.from_numpy(other), torch.from_numpy(reference)
    with contextlib.suppress(AssertionError):
      torch.testing.assert_close(
        left, right, rtol=_LIMIT.rtol, atol=_LIMIT.atol
      )

  return Way("assert_close", compare)


def ways() -> List[Way]:
  """What is there to compare with; ours last."""
  found = [Way("assert_allclose", run_numpy)]
  for module, make in (("torch", torch_way), ("polygraphy", polygraphy_way)):
    if importlib.util.find_spec(module) is not None:
      found.append(make())
  return [*found, Way("compare_arrays", run_parity)]


def read_once(reference: np.ndarray, other: np.ndarray) -> None:
  """Reads every element of both arrays."""
  reference.view(np.uint64).max()
  other.view(np.uint64).max()


def seconds_of(
  function: Compare, reference: np.ndarray, *, other: np.ndarray, repeats: int
) -> float:
  """The best time of several runs."""
  best = float("inf")
  for _ in range(repeats):
    start = time.perf_counter()
    function(reference, other)
    best = min(best, time.perf_counter() - start)
  return best


def peak_mib_of(
  function: Compare, reference: np.ndarray, *, other: np.ndarray
) -> float:
  """Peak memory that a run allocates, in MiB, as far as Python can tell."""
  tracemalloc.start()
  try:
    function(reference, other)
    return tracemalloc.get_traced_memory()[1] / _MIB
  finally:
    tracemalloc.stop()


def main() -> None:
  """Prints a line for each pair and way."""
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
  print(
    f"float32, {arguments.mib} MiB each, NumPy {np.__version__}; reading both:"
    f" {read:.3f} s"
  )
  print("pair       way               seconds   memory   ours is   of reading")
  for name, other in arrays.items():
    seconds = {}
    for way in ways():
      with contextlib.redirect_stdout(io.StringIO()):
        seconds[way.name] = seconds_of(
          way.compare, reference, other=other, repeats=arguments.repeats
        )
    for way in ways():
      with contextlib.redirect_stdout(io.StringIO()):
        peak = peak_mib_of(way.compare, reference, other=other)
      taken = seconds[way.name]
      print(
        f"{name:<10} {way.name:<15}"
        f"{taken:8.3f} s {peak:5.0f} MiB"
        f"{taken / seconds['compare_arrays']:8.1f}x"
        f"{taken / read:11.1f}x"
      )


if __name__ == "__main__":
  main()
