"""How does one test module run? As `__main__`, with our warnings as errors.

    python -m testing.run_module parity.compare.values_test ARGUMENTS

Bazel's tests do the same, by a program that names the module.

A warning that `parity` itself causes is an error; those that TensorFlow and
its users cause among themselves are not ours to fix. `-W` on the command line
cannot say that (it takes whole module names, no patterns), but Python must
believe that it was there: else unittest puts its own filter before this one.

absltest tells that a method was skipped, not why; here the reason is printed.
"""

from __future__ import annotations

import runpy
import sys
import unittest
import warnings

_add_skip = unittest.TestResult.addSkip


def _tell_skip(
  result: unittest.TestResult, test: unittest.TestCase, reason: str
) -> None:
  """Does what unittest does with a skip, and prints the reason."""
  _add_skip(result, test, reason)
  print(f"skip: {reason}", flush=True)


def main(module: str) -> None:
  """Runs a module.

  Args:
    module: its name, such as `parity.compare.values_test`.
  """
  if not sys.warnoptions:
    sys.warnoptions.append("default")
    warnings.simplefilter("default")
  warnings.filterwarnings("error", module=r"parity(\.|$)")
  unittest.TestResult.addSkip = _tell_skip  # type: ignore[assignment]
  runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
  main(sys.argv.pop(1))
