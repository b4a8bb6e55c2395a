"""Who may import whom? The design's arrows, checked from the sources.

1. Every module of `parity` belongs to a part: its package, or the module itself
   where it stands at the top. `ARROWS` says which parts a part may import; what
   is not there is forbidden, and a part without a row is too.
2. TensorFlow is imported in `parity/tf` only, and what is needed only where
   people look in `report` and `cli` only.
3. Modules are imported, not symbols, except from typing and the like.
4. No two modules import each other at import time, however far around.

The sources are parsed, nothing is imported. Imports inside functions and under
TYPE_CHECKING are held to rules 1 to 3, but make no cycle.

To add a part, give it a row in `ARROWS`, and say why in docs or the design.
"""

from __future__ import annotations

import ast
import dataclasses
import pathlib
from typing import Dict, FrozenSet, List, Mapping, Optional, Set, Tuple

# What each part may import besides itself and `errors`, which imports nothing.
# "Anyone may import case" of the design holds for those who run user code.
ARROWS: Dict[str, Tuple[str, ...]] = {
  "errors": (),
  "records": (),
  "cells": (),
  # Makes and finds the interpreters in which sides run.
  "environments": ("cells",),
  "case": ("records",),
  "golden": ("records",),
  "compare": ("records",),
  "report": ("records",),
  "explain": ("compare", "records"),
  "checks": ("explain", "compare", "records"),
  # Weights that are carried over lie in a file of golden's form.
  "tf": ("case", "golden", "records"),
  # Whoever fulfils Requests: the worker's process and the driver's end of it,
  # TensorFlow in this process, and a golden.
  "sides": ("tf", "case", "checks", "compare", "golden", "records"),
  # What a run is made of: recording by both sides, judging, explaining.
  "runs": ("sides", "case", "checks", "explain", "golden", "records"),
  "runner": ("runs", "sides", "case", "checks", "records"),
  "changes": ("compare", "records"),
  # A checkpoint's entries and a port's variables, laid together.
  "checkpoints": ("runs", "compare", "records"),
  "recorder": (
    "changes",
    "runner",
    "runs",
    "sides",
    "case",
    "checks",
    "golden",
    "records",
  ),
  # Asks a golden's own cell, where that is installed.
  "verifier": (
    "environments",
    "runner",
    "runs",
    "sides",
    "case",
    "checks",
    "compare",
    "golden",
    "records",
  ),
  # One reference for many cells, and the cells held against it.
  "matrix": ("environments", "runner", "runs", "sides", "checks", "records"),
  # Mutations of a port, judged by its case's checks.
  "audit": ("runner", "runs", "sides", "checks", "records"),
  "testcase": (
    "runner",
    "case",
    "cells",
    "checks",
    "golden",
    "report",
    "records",
  ),
  "cli": (
    "audit",
    "matrix",
    "checkpoints",
    "recorder",
    "verifier",
    "runner",
    "case",
    "cells",
    "environments",
    "checks",
    "golden",
    "report",
    "records",
  ),
  "__main__": ("cli",),
}

# The public names come from all over; they are loaded when they are asked for.
_PUBLIC = "__init__"
_FRAMEWORKS = frozenset(("tensorflow", "keras", "tf_keras", "tf_slim"))
_FRAMEWORK_PART = "tf"
_FOR_PEOPLE = frozenset(("rich", "jinja2"))
_PEOPLE_PARTS = frozenset(("report", "cli"))
_SYMBOLS_FROM = frozenset(
  ("__future__", "collections.abc", "typing", "typing_extensions")
)


@dataclasses.dataclass(frozen=True)
class Import:
  """One imported name.

  Attributes:
    module: the module that imports, such as `parity.report.json`.
    line: where.
    target: what it names, such as `parity.records.report` or `numpy.random`.
    source: the X of `from X import ...`, None for `import ...`.
    is_eager: whether it happens when the module is imported.
  """

  module: str
  line: int
  target: str
  source: Optional[str]
  is_eager: bool


@dataclasses.dataclass(frozen=True)
class Violation:
  """One import that the rules forbid."""

  module: str
  line: int
  message: str

  def __str__(self) -> str:
    return f"{self.module}:{self.line}: {self.message}"


def violations(sources: Mapping[str, str]) -> List[Violation]:
  """Every breach of the rules.

  Args:
    sources: text by module name, tests left out; a package is named by
      `parity.x.__init__`.
  """
  imports = [
    each
    for module, text in sorted(sources.items())
    for each in imports_of(module, text)
  ]
  modules = frozenset(sources)
  found = [
    Violation(each.module, each.line, message)
    for each in imports
    for message in (_arrow(each), _framework(each), _symbol(each, modules))
    if message is not None
  ]
  return found + _cycles(imports, modules)


def read_sources(root: pathlib.Path, package: str) -> Dict[str, str]:
  """Text of every module of a package that is not a test, by module name."""
  return {
    ".".join(path.relative_to(root).with_suffix("").parts): path.read_text(
      encoding="utf-8"
    )
    for path in sorted((root / package).rglob("*.py"))
    if not path.name.endswith("_test.py")
  }


def imports_of(module: str, text: str) -> List[Import]:
  """Every import statement of a module, one entry a name."""
  found: List[Import] = []

  def visit(node: ast.AST, *, is_eager: bool) -> None:
    for child in ast.iter_child_nodes(node):
      if isinstance(child, ast.Import):
        found.extend(
          Import(module, child.lineno, alias.name, None, is_eager)
          for alias in child.names
        )
      elif isinstance(child, ast.ImportFrom):
        source = "." * child.level + (child.module or "")
        found.extend(
          Import(module, child.lineno, f"{source}.{a.name}", source, is_eager)
          for a in child.names
        )
      elif not isinstance(child, ast.expr):  # An expression holds no import.
        is_lazy = isinstance(
          child, (ast.FunctionDef, ast.AsyncFunctionDef)
        ) or (
          isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test)
        )
        visit(child, is_eager=is_eager and not is_lazy)

  visit(ast.parse(text, module), is_eager=True)
  return found


def _part(module: str) -> str:
  """The part of `parity` that a module belongs to."""
  return module.split(".")[1]


def _arrow(each: Import) -> Optional[str]:
  """What is wrong with an import inside parity, by rule 1."""
  names = each.target.split(".")
  if names[0] != "parity":
    return None
  part = _part(each.module)
  if part == _PUBLIC:
    return None
  if part not in ARROWS:
    return f"part `{part}` has no row in ARROWS; say there what it may import"
  if len(names) == 1 or names[1] not in ARROWS:
    # `import parity`: the public names, for the version.
    is_public = len(names) == 1 and part in ("cli", "testcase")
    return None if is_public else f"`{each.target}` is no part of parity"
  if names[1] in (part, "errors", *ARROWS[part]):
    return None
  return f"`{part}` must not import `{names[1]}`"


def _framework(each: Import) -> Optional[str]:
  """What is wrong with an import from outside, by rule 2."""
  package, part = each.target.split(".")[0], _part(each.module)
  if package in _FRAMEWORKS and part != _FRAMEWORK_PART:
    return f"`{package}` is imported outside parity/{_FRAMEWORK_PART}"
  if package in _FOR_PEOPLE and part not in _PEOPLE_PARTS:
    return f"`{package}` is for parity/report and parity/cli"
  return None


def _symbol(each: Import, modules: FrozenSet[str]) -> Optional[str]:
  """What is wrong with a `from X import name`, by rule 3.

  Inside parity it is certain whether a name is a module. Outside, a name with a
  capital letter is taken for a class or a constant.
  """
  source = each.source
  if source is None or source in _SYMBOLS_FROM:
    return None
  if source.startswith("."):
    return f"`from {source}` is relative; name the whole path"
  name = each.target[len(source) + 1 :]
  if name == "*":
    return f"`from {source} import *`"
  if source.split(".")[0] == "parity":
    is_module = bool({each.target, f"{each.target}.__init__"} & modules)
  else:
    is_module = name == name.lower()
  if is_module or _part(each.module) == _PUBLIC:
    return None
  return f"`{name}` of `{source}` is a symbol; import the module"


def _cycles(imports: List[Import], modules: FrozenSet[str]) -> List[Violation]:
  """One violation for each import that closes a circle, by rule 4."""
  graph: Dict[str, Dict[str, int]] = {}
  for each in imports:
    for target in (each.target, f"{each.target}.__init__"):
      if each.is_eager and target in modules and target != each.module:
        graph.setdefault(each.module, {})[target] = each.line
  found: List[Violation] = []
  finished: Set[str] = set()

  def visit(module: str, path: Tuple[str, ...]) -> None:
    for target, line in sorted(graph.get(module, {}).items()):
      if target in path:
        circle = " -> ".join((*path[path.index(target) :], target))
        found.append(Violation(module, line, f"import cycle: {circle}"))
      elif target not in finished:
        visit(target, (*path, target))
    finished.add(module)

  for module in sorted(graph):
    if module not in finished:
      visit(module, (module,))
  return found
