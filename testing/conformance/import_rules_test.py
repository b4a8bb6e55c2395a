"""Tests of the import rules: on parity itself, and on seeded violations."""

from __future__ import annotations

import os
import pathlib
from typing import List

from absl.testing import absltest
from absl.testing import parameterized

from testing.conformance import import_rules

_ROOT = pathlib.Path(os.path.abspath(__file__)).parent.parent.parent


def _found(**sources: str) -> List[str]:
  """Messages for a small parity, of a test's own sources by part."""
  modules = {
    "parity.__init__": "",
    "parity.errors": "",
    "parity.records.__init__": "",
    "parity.records.report": "",
    "parity.tf.__init__": "",
    "parity.tf.scopes": "",
  }
  modules.update(
    {f"parity.{name.replace('__', '.')}": t for name, t in sources.items()}
  )
  return [each.message for each in import_rules.violations(modules)]


class ParityTest(absltest.TestCase):
  def test_parity_follows_its_arrows(self) -> None:
    sources = import_rules.read_sources(_ROOT, "parity")
    self.assertGreater(len(sources), 30)
    found = import_rules.violations(sources)
    self.assertEmpty(found, "\n" + "\n".join(str(each) for each in found))

  def test_tests_of_tensorflow_free_parts_import_no_tensorflow(self) -> None:
    free = ("records", "compare", "explain", "checks", "report", "golden")
    checked = 0
    for part in free:
      for path in (_ROOT / "parity" / part).rglob("*_test.py"):
        text = path.read_text(encoding="utf-8")
        checked += 1
        for name in ("tensorflow", "tf_keras", "tf_slim", "parity.tf"):
          for form in (f"import {name}", f"from {name}"):
            self.assertNotIn(form, text, str(path))
    self.assertGreater(checked, 3)


class SeededTest(parameterized.TestCase):
  @parameterized.named_parameters(
    (
      "tensorflow_in_checks",
      {"checks__rows": "import tensorflow.compat.v1 as tf1"},
      "`tensorflow` is imported outside parity/tf",
    ),
    (
      "tensorflow_inside_a_function",
      {"checks__rows": "def f():\n  import tensorflow"},
      "`tensorflow` is imported outside parity/tf",
    ),
    (
      "compare_imports_tf",
      {"compare__values": "from parity.tf import scopes"},
      "`compare` must not import `tf`",
    ),
    (
      "under_type_checking",
      {
        "compare__values": "import typing\nif typing.TYPE_CHECKING:\n"
        "  from parity.tf import scopes"
      },
      "`compare` must not import `tf`",
    ),
    (
      "errors_imports_records",
      {"errors": "from parity.records import report"},
      "`errors` must not import `records`",
    ),
    (
      "symbol_of_parity",
      {"compare__values": "from parity.records.report import Report"},
      "`Report` of `parity.records.report` is a symbol; import the module",
    ),
    (
      "function_of_parity",
      {"compare__values": "from parity.records.report import judge"},
      "`judge` of `parity.records.report` is a symbol; import the module",
    ),
    (
      "class_from_outside",
      {"compare__values": "from concurrent.futures import Future"},
      "`Future` of `concurrent.futures` is a symbol; import the module",
    ),
    (
      "star",
      {"compare__values": "from math import *"},
      "`from math import *`",
    ),
    (
      "relative",
      {"compare__values": "from . import ulp"},
      "`from .` is relative; name the whole path",
    ),
    (
      "rich_in_checks",
      {"checks__rows": "import rich"},
      "`rich` is for parity/report and parity/cli",
    ),
    (
      "part_without_a_row",
      {"helpers": "from parity import errors"},
      "part `helpers` has no row in ARROWS; say there what it may import",
    ),
    (
      "cycle",
      {
        "compare__a": "from parity.compare import b",
        "compare__b": "from parity.compare import c",
        "compare__c": "from parity.compare import a",
      },
      (
        "import cycle: parity.compare.a -> parity.compare.b -> "
        "parity.compare.c -> parity.compare.a"
      ),
    ),
  )
  def test_violation_is_found(self, sources, message) -> None:
    self.assertEqual(_found(**sources), [message])

  @parameterized.named_parameters(
    ("tensorflow_in_tf", {"tf__record": "import tensorflow as tf2"}),
    ("module_of_parity", {"compare__v": "from parity.records import report"}),
    ("anyone_imports_errors", {"compare__v": "from parity import errors"}),
    ("typing_symbols", {"compare__v": "from typing import Dict, Optional"}),
    ("module_from_outside", {"compare__v": "from concurrent import futures"}),
    ("rich_in_report", {"report__lines": "from rich import console"}),
    (
      "circle_that_a_function_breaks",
      {
        "compare__a": "from parity.compare import b",
        "compare__b": "def f():\n  from parity.compare import a",
      },
    ),
    (
      "diamond",
      {
        "compare__a": "from parity.compare import b\n"
        "from parity.compare import c",
        "compare__b": "from parity.compare import d",
        "compare__c": "from parity.compare import d",
        "compare__d": "",
      },
    ),
  )
  def test_twin_is_silent(self, sources) -> None:
    self.assertEmpty(_found(**sources))


if __name__ == "__main__":
  absltest.main()
