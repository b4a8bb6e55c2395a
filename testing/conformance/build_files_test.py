"""Do the BUILD files say what the sources do? On parity, and seeded faults.

Bazel gives this test only what a target owns, so a file without an owner is
seen where it runs in a checkout, as nox runs it.
"""

from __future__ import annotations

import os
import pathlib
from typing import Dict, List

from absl.testing import absltest
from absl.testing import parameterized

import parity
from testing.build_files import problems
from testing.build_files import starlark
from testing.build_files import wanted

# The names of the standard library are known to Python since 3.10.
CELLS_SINCE = "tf2.15"

_ROOT = pathlib.Path(os.path.abspath(__file__)).parent.parent.parent

_SOURCES = {
  "parity/__init__.py": "",
  "parity/errors.py": "",
  "parity/values.py": (
    "import os\nimport numpy as np\nfrom parity import errors\n"
  ),
  "parity/values_test.py": (
    'from parity import values\nCELLS_SINCE = "tf2.8"\n'
  ),
}
_THIRD_PARTY = 'python_package(name = "numpy")\n'
_BUILD = """\
load("@rules_python//python:defs.bzl", "py_library")
load("//testing:defs.bzl", "package_sources", "py_test")

py_library(
    name = "__init__",
    srcs = ["__init__.py"],
)

py_library(
    name = "errors",
    srcs = ["errors.py"],
    deps = [":__init__"],
)

py_library(
    name = "values",
    srcs = ["values.py"],
    visibility = ["//visibility:public"],
    deps = [
        ":__init__",
        ":errors",
        "//third_party:numpy",
    ],
)

py_test(
    name = "values_test",
    size = "large",
    srcs = ["values_test.py"],
    since = "tf2.8",
    deps = [
        ":__init__",
        ":values",
    ],
)

package_sources()
"""

_MERGED = """\
    srcs = ["errors.py"],
    deps = [":__init__"],
    srcs = ["errors.py"]"""


def _tree(build: str = _BUILD, **sources: str) -> wanted.Tree:
  """A small parity; `values=TEXT` sets or adds a source."""
  changed: Dict[str, str] = dict(_SOURCES)
  changed.update({f"parity/{n}.py": text for n, text in sources.items()})
  return wanted.Tree(changed, {"parity": build, "third_party": _THIRD_PARTY})


def _scripts(deps: str) -> wanted.Tree:
  """Two files of a folder that is no package; one imports the other."""
  build = (
    'py_library(name = "model", srcs = ["model.py"])\n'
    f'py_library(name = "case", srcs = ["case.py"], deps = {deps})\n'
    "package_sources()\n"
  )
  sources = {"scripts/model.py": "", "scripts/case.py": "import model\n"}
  return wanted.Tree(sources, {"scripts": build, "third_party": _THIRD_PARTY})


def _messages(tree: wanted.Tree) -> List[str]:
  return [str(problem) for problem in problems.problems_in(tree)]


class ParityTest(absltest.TestCase):
  @classmethod
  def setUpClass(cls):
    super().setUpClass()
    cls.tree = wanted.read_tree(_ROOT)

  def test_build_files_say_what_the_sources_do(self):
    self.assertGreater(len(self.tree.sources), 300)
    self.assertGreater(len(self.tree.builds), 20)
    found = problems.problems_in(self.tree)
    self.assertEmpty(
      found,
      "\n".join(map(str, [*found, "python -m testing.build_files --fix"])),
    )

  def test_every_public_name_comes_with_the_public_target(self):
    (public,) = (
      rule
      for rule in starlark.rules_in(self.tree.builds["parity"])
      if rule.name == "parity"
    )
    modules = [*vars(parity)["_MODULES"].values(), "parity.__init__"]
    self.assertEqual(
      {problems.full_label(dep, "parity") for dep in public.strings("deps")},
      {
        "//{0}:{2}".format(*m.replace(".", "/").rpartition("/"))
        for m in modules
      },
    )

  def test_every_model_of_the_zoo_is_tested_in_every_cell(self):
    rules = starlark.rules_in(self.tree.builds["testing/models"])
    tested = {r.attributes["case"] for r in rules if r.kind == "parity_test"}
    cases = {
      f":{path[len('testing/models/') : -len('.py')]}"
      for path in self.tree.sources
      if path.startswith("testing/models/") and path.endswith("_parity.py")
    }
    # Those fail, as they must.
    failing = {case for case in cases if case.endswith("_broken_parity")}
    self.assertEqual(tested, cases - failing)


class SeededTest(parameterized.TestCase):
  @parameterized.named_parameters(
    (
      "owned_by_none",
      _tree(ulp=""),
      ["parity/ulp.py: is owned by no target"],
    ),
    (
      "owned_by_two",
      _tree(_BUILD.replace('["errors.py"]', '["errors.py", "values.py"]')),
      [
        "//parity:errors: deps lack //third_party:numpy",
        "parity/values.py: is owned by //parity:errors and //parity:values",
      ],
    ),
    (
      "no_build_file",
      wanted.Tree({"parity/errors.py": ""}, {}),
      ["parity/errors.py: is owned by no target"],
    ),
    (
      "gone",
      _tree(_BUILD.replace('["errors.py"]', '["errors.py", "gone.py"]')),
      ["//parity:errors: source parity/gone.py is not there"],
    ),
    (
      "dep_is_missing",
      _tree(_BUILD.replace('        ":errors",\n', "")),
      ["//parity:values: deps lack :errors"],
    ),
    (
      "dep_of_a_function_is_missing",
      _tree(errors="def f():\n  import numpy\n"),
      ["//parity:errors: deps lack //third_party:numpy"],
    ),
    (
      "dep_that_a_call_runs_is_missing",
      _tree(errors='run("-m", "parity.values", "x")\n'),
      ["//parity:errors: deps lack :values"],
    ),
    (
      "dep_is_not_imported",
      _tree(values="import numpy\n"),
      ["//parity:values: deps hold :errors, not imported"],
    ),
    (
      "package_is_missing",
      _tree(_BUILD.replace('    deps = [":__init__"],\n', "")),
      ["//parity:errors: deps lack :__init__"],
    ),
    (
      "neighbour_is_missing",
      _scripts("[]"),
      ["//scripts:case: deps lack :model"],
    ),
    (
      "cells_differ",
      _tree(_BUILD.replace('"tf2.8"', '"tf2.12"')),
      ["//parity:values_test: since is not the test's own, tf2.8"],
    ),
    (
      "no_label",
      _tree(errors="import torch\n"),
      ["//parity:errors: imports `torch`, for which there is no label"],
    ),
    (
      "no_such_module",
      _tree(errors="import parity.nope\n"),
      ["//parity:errors: deps lack :parity"],
    ),
    (
      "circle",
      _tree(
        _BUILD.replace('[":__init__"]', '[":__init__", ":values"]'),
        errors="from parity import values\n",
      ),
      [
        (
          "//parity:values: deps go in a circle: //parity:errors ->"
          " //parity:values -> //parity:errors"
        )
      ],
    ),
    (
      "two_rules_merged",
      _tree(_BUILD.replace('    srcs = ["errors.py"]', _MERGED)),
      [
        "//parity:errors: deps is given twice",
        "//parity:errors: srcs is given twice",
      ],
    ),
    (
      "made_twice",
      _tree(f'exports(name = "errors")\n{_BUILD}'),
      ["//parity:errors: is made twice"],
    ),
    (
      "rules_after_package_sources",
      _tree(
        _BUILD.replace("package_sources()\n", "") + "package_sources()\n"
        'exports_files(["a"])\n'
      ),
      ["parity/BUILD: package_sources() does not stand last"],
    ),
  )
  def test_fault_is_found(self, tree, messages):
    self.assertEqual(_messages(tree), messages)

  @parameterized.named_parameters(
    ("as_it_is", _tree()),
    (
      "kept_dep",
      _tree(
        _BUILD.replace(
          '[":__init__"]',
          '[\n        ":__init__",\n        ":x",  # keep\n    ]',
        )
      ),
    ),
    ("neighbour", _scripts('[":model"]')),
    ("standard_library", _tree(errors="import json, xml.etree\n")),
    ("relative_text", _tree(errors='"""import numpy"""\n')),
    ("run_by_its_name", _tree(values='["-m", "parity.errors"]; import numpy')),
    (
      "others_that_are_run",
      _tree(errors='["-m", "pip"]; ["-x", "parity.ulp"]'),
    ),
  )
  def test_twin_is_silent(self, tree):
    self.assertEmpty(_messages(tree))


class FixedTest(parameterized.TestCase):
  def _fixed(self, tree):
    builds = problems.fixed(tree)
    again = wanted.Tree(tree.sources, builds)
    self.assertEmpty(_messages(again))
    self.assertEqual(problems.fixed(again), builds)
    return builds

  def test_what_is_right_stays_as_it_is(self):
    self.assertEqual(self._fixed(_tree())["parity"], _BUILD)

  def test_new_module_and_test_get_targets(self):
    tree = _tree(
      ulp="from parity import errors\n",
      ulp_test='from parity import ulp\nCELLS_UNTIL = "tf1.15"\n',
    )
    self.assertIn(
      """\
py_library(
    name = "ulp",
    srcs = ["ulp.py"],
    deps = [
        ":__init__",
        ":errors",
    ],
)

py_test(
    name = "ulp_test",
    size = "small",
    srcs = ["ulp_test.py"],
    until = "tf1.15",
    deps = [
        ":__init__",
        ":ulp",
    ],
)

py_library(
    name = "values",
""",
      self._fixed(tree)["parity"],
    )

  def test_new_package_gets_a_build_file(self):
    tree = wanted.Tree({"testing/x/a.py": "", "testing/x/a_test.py": ""}, {})
    self.assertEqual(
      self._fixed(tree)["testing/x"].split("\n")[:5],
      [
        'load("@rules_python//python:defs.bzl", "py_library")',
        'load("//testing:defs.bzl", "package_sources", "py_test")',
        "",
        (
          "package(default_testonly = True, default_visibility ="
          ' ["//:__subpackages__"])'
        ),
        "",
      ],
    )

  def test_module_that_is_gone_loses_its_target(self):
    tree = _tree(values="")
    del tree.sources["parity/values_test.py"]
    fixed = self._fixed(tree)["parity"]
    self.assertNotIn("values_test", fixed)
    self.assertNotIn('"py_test"', fixed)
    self.assertIn("visibility:public", fixed)

  def test_two_rules_that_git_merged_are_made_anew(self):
    build = _BUILD.replace('    srcs = ["errors.py"]', _MERGED)
    self.assertEqual(self._fixed(_tree(build))["parity"], _BUILD)

  def test_what_people_wrote_is_kept(self):
    build = _BUILD.replace(
      "    since", '    shard_count = 3,  # Slow.\n    tags = ["x"],\n    since'
    )
    build = build.replace('":values",', '":values",\n        ":x",  # keep')
    tree = _tree(build, values_test="from parity import values, errors\n")
    fixed = self._fixed(tree)["parity"]
    for kept in ("shard_count = 3,  # Slow.", 'tags = ["x"]', '":x",  # keep'):
      self.assertIn(kept, fixed)
    self.assertIn('        ":errors",\n        ":values",\n        ":x"', fixed)
    self.assertNotIn("since", fixed)


if __name__ == "__main__":
  absltest.main()
