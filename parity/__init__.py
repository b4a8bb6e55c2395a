"""Is it still the same model? The public names of `parity`, loaded when used.

`import parity` is cheap and never imports TensorFlow: a name's module is
imported when the name is first used.
"""

from __future__ import annotations

import importlib
from typing import Any, List

# Each public name, and the module that holds it.
_MODULES = {
  "Case": "parity.case",
  "DeterministicRandomTestTool": "parity.tf.randomness",
  "ParityTestCase": "parity.testcase",
  "Tolerance": "parity.records.tolerance",
  "assert_no_variable_creations": "parity.tf.scopes",
  "catch_and_raise_created_variables": "parity.tf.scopes",
  "check": "parity.runner",
  "diff": "parity.verifier",
  "enable_tf_slim": "parity.tf.slim",
  "record": "parity.recorder",
  "verify": "parity.verifier",
}

__all__ = sorted(_MODULES)  # noqa: PLE0605 (a list of the keys above)


def __getattr__(name: str) -> Any:
  if name not in _MODULES:
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
  value = getattr(importlib.import_module(_MODULES[name]), name)
  globals()[name] = value
  return value


def __dir__() -> List[str]:
  return sorted(set(globals()) | set(_MODULES))
