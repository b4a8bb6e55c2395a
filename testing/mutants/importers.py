"""Which tests look at a module? Read from the imports, nearest first.

1. The test beside it.
2. The tests of its package that import it, however far around; those that do it
   in fewer steps come first.
3. Those of other packages, likewise. What needs TensorFlow is left out: the
   benchmark's cases stand for it.
"""

from __future__ import annotations

import ast
import pathlib
from typing import Dict, FrozenSet, List, Set

_FRAMEWORKS = frozenset(("tensorflow", "keras", "tf_keras"))
# Packages below `parity` that import no framework, and whose tests start no
# process that does.
PURE = ("checks", "compare", "explain", "report", "runs")


class Importers:
  """The imports of a tree, turned round.

  Args:
    root: the folder that holds `parity` and `testing`.
  """

  def __init__(self, root: pathlib.Path) -> None:
    self._imports: Dict[str, FrozenSet[str]] = {}
    for folder in ("parity", "testing"):
      for path in (root / folder).rglob("*.py"):
        name = path.relative_to(root).as_posix()[: -len(".py")]
        if not name.startswith("testing/bugs/"):
          self._imports[name.replace("/", ".")] = _imports_of(path)

  def tests_of(self, path: str) -> List[str]:
    """Names of the test modules that look at a module, nearest first."""
    module = path[: -len(".py")].replace("/", ".")
    package = module.rpartition(".")[0]
    steps = self._steps_to(module)
    tests = [
      name
      for name in steps
      if name.endswith("_test")
      and name.split(".")[1] in PURE
      and not self._needs_a_framework(name)
    ]
    return sorted(
      tests,
      key=lambda name: (
        name != f"{module}_test",
        name.rpartition(".")[0] != package,
        steps[name],
        name,
      ),
    )

  def _steps_to(self, module: str) -> Dict[str, int]:
    """Modules that import one, and in how many steps."""
    steps = {module: 0}
    waiting = [module]
    while waiting:
      target = waiting.pop(0)
      for name, imported in self._imports.items():
        if target in imported and name not in steps:
          steps[name] = steps[target] + 1
          waiting.append(name)
    return steps

  def _needs_a_framework(self, test: str) -> bool:
    seen: Set[str] = set()
    waiting = [test]
    while waiting:
      name = waiting.pop()
      if name.split(".")[0] in _FRAMEWORKS:
        return True
      if name not in seen:
        seen.add(name)
        waiting.extend(self._imports.get(name, ()))
    return False


def _imports_of(path: pathlib.Path) -> FrozenSet[str]:
  """Dotted names that a file imports, at its top or in a function."""
  found: Set[str] = set()
  for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
    if isinstance(node, ast.Import):
      found.update(alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
      found.add(node.module)
      found.update(f"{node.module}.{alias.name}" for alias in node.names)
  return frozenset(found)
