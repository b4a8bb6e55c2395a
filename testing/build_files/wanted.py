"""What do the sources ask of the BUILD files?

1. Read every Python file below a root, and every BUILD file. A folder below
   that is a workspace of its own is left out.
2. An import names a module of ours, or a package of someone else's. Imports
   inside functions count: they run too. The longest part of the name that is a
   file is the module; what is left is a symbol. In a folder that is no package
   a file's neighbours are found first, as they are when it is run or loaded.
3. A module needs the target of each module it imports, and its own package's
   `__init__`. `import parity` stands for all public names, which are loaded
   when they are used: it needs `//parity`.
4. So does a module that runs another of ours, by `"-m", "NAME"` in a command.
5. A package of others needs its label in `//third_party`, unless it is of the
   standard library.

A test's literals `CELLS_SINCE` and `CELLS_UNTIL` are its `since` and `until`.
"""

from __future__ import annotations

import ast
import dataclasses
import os
import pathlib
import sys
from typing import (
  Dict,
  FrozenSet,
  Iterator,
  List,
  Mapping,
  Optional,
  Set,
  Tuple,
)

from testing.build_files import starlark
from testing.conformance import import_rules

# Kinds of rules that own Python files by their `srcs`.
OWNERS = ("py_binary", "py_library", "py_test")
# What to depend on for `import NAME`, where that is not the `__init__` alone.
_PUBLIC = {"parity/__init__.py": "//parity:parity"}
_OTHERS = "third_party"
_INIT = "__init__.py"
_LIMITS = {"CELLS_SINCE": "since", "CELLS_UNTIL": "until"}
_WORKSPACES = ("MODULE.bazel", "WORKSPACE")


@dataclasses.dataclass(frozen=True)
class Tree:
  """The sources and BUILD files below a root.

  Attributes:
    sources: text by path of every Python file.
    builds: text by package of every BUILD file; the root's package is "".
  """

  sources: Mapping[str, str]
  builds: Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class Owned:
  """A rule, the package it stands in, and the Python files it owns."""

  package: str
  rule: starlark.Rule
  paths: Tuple[str, ...]

  @property
  def label(self) -> str:
    """Its label in full."""
    return f"//{self.package}:{self.rule.name}"


def read_tree(root: pathlib.Path) -> Tree:
  """Reads every Python file and every BUILD file below a root."""
  sources: Dict[str, str] = {}
  builds: Dict[str, str] = {}
  for folder, folders, names in os.walk(str(root)):
    here = pathlib.Path(folder)
    inside = here.relative_to(root).as_posix()
    inside = "" if inside == "." else inside
    if inside and any(name in names for name in _WORKSPACES):
      folders.clear()
      continue
    folders[:] = sorted(
      name
      for name in folders
      if not name.startswith((".", "bazel-")) and name != "__pycache__"
    )
    for name in sorted(names):
      path = f"{inside}/{name}" if inside else name
      if name.endswith(".py"):
        sources[path] = (here / name).read_text(encoding="utf-8")
      elif name == "BUILD":
        builds[inside] = (here / name).read_text(encoding="utf-8")
  return Tree(sources, builds)


def package_of(path: str, builds: Mapping[str, str]) -> Optional[str]:
  """The package that a file is in: the nearest folder with a BUILD file."""
  folder = path.rpartition("/")[0]
  while folder not in builds:
    if not folder:
      return None
    folder = folder.rpartition("/")[0]
  return folder


def owned_in(package: str, text: str) -> List[Owned]:
  """The rules of a BUILD file that own Python files."""
  found: List[Owned] = []
  for rule in starlark.rules_in(text, f"{package}/BUILD"):
    if rule.kind in OWNERS:
      paths = tuple(
        f"{package}/{name}" if package else name
        for name in rule.strings("srcs")
        if name.endswith(".py")
      )
      found.append(Owned(package, rule, paths))
  return found


class Wanted:
  """Answers what a rule needs.

  Args:
    tree: the sources and BUILD files.
  """

  def __init__(self, tree: Tree) -> None:
    self._tree = tree
    self.owned = [
      owned
      for package, text in sorted(tree.builds.items())
      for owned in owned_in(package, text)
    ]
    self._owner: Dict[str, str] = {
      path: owned.label for owned in self.owned for path in owned.paths
    }
    self._imports: Dict[str, Tuple[str, ...]] = {}
    self._roots = {path.split("/")[0] for path in tree.sources if "/" in path}
    self._others: FrozenSet[str] = frozenset(
      rule.name
      for rule in starlark.rules_in(tree.builds.get(_OTHERS, ""))
      if rule.name
    )

  def deps(self, owned: Owned) -> Tuple[Set[str], List[str]]:
    """The labels a rule needs, and what is imported that has none."""
    labels: Set[str] = set()
    unknown: List[str] = []
    for path in owned.paths:
      for target in self._imported(path):
        label = self._neighbour(target, path) or self._label(target)
        if label is None:
          unknown.append(target)
        elif label:
          labels.add(label)
      for init in _inits(path):
        if init in self._owner and init not in owned.paths:
          labels.add(self._owner[init])
          break
    labels.discard(owned.label)
    return {_short(label, owned.package) for label in labels}, unknown

  def limits(self, owned: Owned) -> Dict[str, Optional[str]]:
    """The `since` and `until` of a test."""
    found: Dict[str, Optional[str]] = {"since": None, "until": None}
    for path in owned.paths:
      for statement in ast.parse(self._tree.sources.get(path, "")).body:
        if isinstance(statement, ast.Assign):
          for target in statement.targets:
            if isinstance(target, ast.Name) and target.id in _LIMITS:
              value = str(ast.literal_eval(statement.value))
              found[_LIMITS[target.id]] = value
    return found

  def _imported(self, path: str) -> Tuple[str, ...]:
    """What a file imports or runs, each once."""
    if path not in self._imports:
      text = self._tree.sources.get(path, "")
      found = [each.target for each in import_rules.imports_of(path, text)]
      for name in _programs_in(text):
        if name.split(".", maxsplit=1)[0] in self._roots:
          main = f"{name}.__main__"
          is_package = f"{main.replace('.', '/')}.py" in self._tree.sources
          found.append(main if is_package else name)
      self._imports[path] = tuple(dict.fromkeys(found))
    return self._imports[path]

  def _neighbour(self, target: str, path: str) -> Optional[str]:
    """The label of a module beside a file, in a folder that is no package."""
    folder = path.rpartition("/")[0]
    if f"{folder}/{_INIT}" in self._tree.sources:
      return None
    return self._owner.get(f"{folder}/{target.split('.', maxsplit=1)[0]}.py")

  def _label(self, target: str) -> Optional[str]:
    """The label of what an import names; empty for the standard library.

    None where it should have a label, and has none.
    """
    names = target.split(".")
    if not names[0]:  # Relative, which import_rules forbids.
      return ""
    if names[0] in self._roots:
      for count in range(len(names), 0, -1):
        stem = "/".join(names[:count])
        for path in (f"{stem}.py", f"{stem}/{_INIT}"):
          if path in self._tree.sources:
            return _PUBLIC.get(path) or self._owner.get(path)
      return None
    if names[0] in self._others:
      return f"//{_OTHERS}:{names[0]}"
    return "" if names[0] in sys.stdlib_module_names else None


def _programs_in(text: str) -> Iterator[str]:
  """The modules that commands in a source run, written as `"-m", "NAME"`."""
  for node in ast.walk(ast.parse(text)):
    words = getattr(node, "elts", getattr(node, "args", None))
    values = [
      getattr(word, "value", None)
      for word in (words if isinstance(words, list) else ())
    ]
    for flag, name in zip(values, values[1:]):
      if flag == "-m" and isinstance(name, str):
        yield name


def _inits(path: str) -> Iterator[str]:
  """The `__init__.py` files above a file, nearest first."""
  folder, _, name = path.rpartition("/")
  if name == _INIT:
    folder = folder.rpartition("/")[0]
  while folder:
    yield f"{folder}/{_INIT}"
    folder = folder.rpartition("/")[0]


def _short(label: str, package: str) -> str:
  """A label as a BUILD file of a package writes it."""
  where, _, name = label[len("//") :].partition(":")
  if where == package:
    return f":{name}"
  return f"//{where}" if where.rpartition("/")[2] == name else label
