"""What is wrong with the BUILD files? And the same files without it.

Problems are: a Python file that no target owns, or that two own; a source that
is not there; `deps` that are not what is imported; `since` or `until` that are
not the test's own words; what stands twice, since git merged it so; an import
that no label stands for; a circle of deps. All but the last two are mended by
`fixed`.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, List, Mapping, Optional, Sequence, Set, Tuple

from testing.build_files import starlark
from testing.build_files import wanted

LOADS = {
  "py_binary": "@rules_python//python:defs.bzl",
  "py_library": "@rules_python//python:defs.bzl",
  "package_sources": "//testing:defs.bzl",
  "py_test": "//testing:defs.bzl",
}
_NEW = """\
package(%sdefault_visibility = ["//:__subpackages__"])

package_sources()
"""
# A test that needs TensorFlow has longer to start.
_FRAMEWORK = "//third_party:tensorflow"
# The target that holds all sources, for tests that read them.
_TREE = ("testing/conformance", "tree")


@dataclasses.dataclass(frozen=True)
class Problem:
  """One thing that is wrong.

  Attributes:
    where: a file's path, or a target's label.
    message: what is wrong.
  """

  where: str
  message: str

  def __str__(self) -> str:
    return f"{self.where}: {self.message}"


def problems_in(tree: wanted.Tree) -> List[Problem]:
  """Everything that is wrong, sorted by place."""
  asked = wanted.Wanted(tree)
  found = [
    *_ownership(tree, asked.owned),
    *(each for owned in asked.owned for each in _contents(owned, asked, tree)),
    *_circles(asked.owned),
    *_lasts(tree),
    *_repeated(tree),
    *_tree_lacks(tree),
  ]
  return sorted(found, key=lambda problem: (problem.where, problem.message))


def _ownership(
  tree: wanted.Tree, owned: Sequence[wanted.Owned]
) -> List[Problem]:
  owners: Dict[str, List[str]] = {path: [] for path in tree.sources}
  for each in owned:
    for path in each.paths:
      owners.setdefault(path, []).append(each.label)
  found = [
    Problem(path, "is owned by no target")
    for path, labels in owners.items()
    if not labels
  ]
  found += [
    Problem(path, f"is owned by {' and '.join(labels)}")
    for path, labels in owners.items()
    if len(labels) > 1
  ]
  return found


def _contents(
  owned: wanted.Owned, asked: wanted.Wanted, tree: wanted.Tree
) -> List[Problem]:
  found = [
    Problem(owned.label, f"source {path} is not there")
    for path in owned.paths
    if path not in tree.sources
  ]
  deps, unknown = asked.deps(owned)
  has = set(owned.rule.strings("deps"))
  kept = set(owned.rule.kept.get("deps", ()))
  missing, extra = sorted(deps - has), sorted(has - deps - kept)
  if missing:
    found.append(Problem(owned.label, f"deps lack {', '.join(missing)}"))
  if extra:
    found.append(
      Problem(owned.label, f"deps hold {', '.join(extra)}, not imported")
    )
  found += [
    Problem(owned.label, f"imports `{name}`, for which there is no label")
    for name in sorted(set(unknown))
  ]
  if owned.rule.kind == "py_test":
    for name, value in asked.limits(owned).items():
      if owned.rule.attributes.get(name) != value:
        found.append(
          Problem(owned.label, f"{name} is not the test's own, {value}")
        )
  return found


def _circles(owned: Sequence[wanted.Owned]) -> List[Problem]:
  """One problem for each dep that closes a circle."""
  graph = {
    each.label: [
      full_label(dep, each.package) for dep in each.rule.strings("deps")
    ]
    for each in owned
  }
  found: List[Problem] = []
  finished: Set[str] = set()

  def visit(label: str, path: Tuple[str, ...]) -> None:
    for dep in graph.get(label, ()):
      if dep in path:
        circle = " -> ".join((*path[path.index(dep) :], dep))
        found.append(Problem(label, f"deps go in a circle: {circle}"))
      elif dep not in finished:
        visit(dep, (*path, dep))
    finished.add(label)

  for label in sorted(graph):
    if label not in finished:
      visit(label, (label,))
  return found


def _lasts(tree: wanted.Tree) -> List[Problem]:
  """Packages with sources where `package_sources()` does not stand last."""
  folders = {path.rpartition("/")[0] for path in tree.sources}
  found: List[Problem] = []
  for package in sorted(folders & set(tree.builds)):
    rules = starlark.rules_in(tree.builds[package])
    if not rules or rules[-1].kind != starlark.LAST:
      path = f"{package}/BUILD" if package else "BUILD"
      found.append(Problem(path, f"{starlark.LAST}() does not stand last"))
  return found


def _repeated(tree: wanted.Tree) -> List[Problem]:
  """Attributes that are given twice, and targets that are made twice."""
  found: List[Problem] = []
  for package, text in tree.builds.items():
    rules = starlark.rules_in(text)
    names = [rule.name for rule in rules if rule.name]
    for rule in rules:
      label = f"//{package}:{rule.name}"
      found += [
        Problem(label, f"{name} is given twice") for name in rule.repeated
      ]
    found += [
      Problem(f"//{package}:{name}", "is made twice")
      for name in sorted({name for name in names if names.count(name) > 1})
    ]
  return found


def _packages(tree: wanted.Tree) -> List[str]:
  """The labels of the packages' sources."""
  return [
    f"//{package}:all_sources"
    for package, text in sorted(tree.builds.items())
    if any(rule.kind == starlark.LAST for rule in starlark.rules_in(text))
  ]


def _tree_lacks(tree: wanted.Tree) -> List[Problem]:
  """Whether the target of all sources holds every package's."""
  package, name = _TREE
  rule = _named(tree.builds.get(package, ""), name)
  if rule is None:
    return []
  has = {full_label(each, package) for each in rule.strings("srcs")}
  lacks = [each for each in _packages(tree) if each not in has]
  return [Problem(f"//{package}:{name}", f"lacks {each}") for each in lacks]


def full_label(dep: str, package: str) -> str:
  """A label of a BUILD file in full, such as `//parity/compare:values`."""
  if dep.startswith(":"):
    return f"//{package}{dep}"
  return dep if ":" in dep else f"{dep}:{dep.rpartition('/')[2]}"


def fixed(tree: wanted.Tree) -> Mapping[str, str]:
  """The BUILD files by package, with every file owned and all deps right."""
  builds = {
    package: _without_repeated(text) for package, text in tree.builds.items()
  }
  for path in tree.sources:
    folder = path.rpartition("/")[0]
    testonly = (
      "" if folder.startswith("parity") else "default_testonly = True, "
    )
    builds.setdefault(folder, _NEW % testonly)
  owned = [
    each
    for package, text in builds.items()
    for each in wanted.owned_in(package, text)
  ]
  missing = set(tree.sources) - {p for each in owned for p in each.paths}
  for package in list(builds):
    builds[package] = _without_gone(package, builds[package], tree)
  for path in sorted(missing):
    package, _, name = path.rpartition("/")
    builds[package] = _with_owner(builds[package], name)
  asked = wanted.Wanted(wanted.Tree(tree.sources, builds))
  for each in asked.owned:
    builds[each.package] = _with_contents(builds[each.package], each, asked)
  _set_sizes(asked, builds)
  package, name = _TREE
  rule = _named(builds.get(package, ""), name)
  if rule is not None and _tree_lacks(wanted.Tree(tree.sources, builds)):
    packages = _packages(wanted.Tree(tree.sources, builds))
    builds[package] = starlark.with_attribute(
      builds[package], rule, "srcs", packages
    )
  return {
    package: starlark.with_loads(text, LOADS)
    for package, text in builds.items()
  }


def _named(text: str, name: str) -> Optional[starlark.Rule]:
  return next((r for r in starlark.rules_in(text) if r.name == name), None)


def _without_repeated(text: str) -> str:
  """A BUILD file without the targets that git made of two; they come anew."""
  rules = starlark.rules_in(text)
  names = [rule.name for rule in rules]
  for rule in reversed(rules):
    if rule.kind in wanted.OWNERS and (
      rule.repeated or names.count(rule.name) > 1
    ):
      text = starlark.without_rule(text, rule)
  return text


def _without_gone(package: str, text: str, tree: wanted.Tree) -> str:
  """A BUILD file without the sources that are not there."""
  for each in wanted.owned_in(package, text):
    gone = [path for path in each.paths if path not in tree.sources]
    left = [
      name
      for name in each.rule.strings("srcs")
      if (f"{package}/{name}" if package else name) not in gone
    ]
    rule = _named(text, each.rule.name) if gone else None
    if rule is not None and left:
      text = starlark.with_attribute(text, rule, "srcs", left)
    elif rule is not None:
      text = starlark.without_rule(text, rule)
  return text


def _with_owner(text: str, name: str) -> str:
  """A BUILD file with a target for a new source."""
  stem = name[: -len(".py")]
  kind = "py_test" if stem.endswith("_test") else "py_library"
  return starlark.with_rule(text, kind, {"name": stem, "srcs": [name]})


def _with_contents(text: str, owned: wanted.Owned, asked: wanted.Wanted) -> str:
  """A BUILD file where one rule's deps and limits are what they should be."""
  values: Dict[str, object] = {}
  deps, _ = asked.deps(owned)
  kept = owned.rule.kept.get("deps", ())
  if set(owned.rule.strings("deps")) != deps | set(kept):
    values["deps"] = sorted(deps)
  if owned.rule.kind == "py_test":
    values.update(
      (name, value)
      for name, value in asked.limits(owned).items()
      if owned.rule.attributes.get(name) != value
    )
  for name, value in values.items():
    rule = _named(text, owned.rule.name)
    if rule is not None:
      text = starlark.with_attribute(text, rule, name, value)
  return text


def _set_sizes(asked: wanted.Wanted, builds: Dict[str, str]) -> None:
  """Gives tests without a size the one that their deps suggest."""
  graph = {
    each.label: {
      full_label(dep, each.package)
      for dep in {*asked.deps(each)[0], *each.rule.kept.get("deps", ())}
    }
    for each in asked.owned
  }
  for each in asked.owned:
    if each.rule.kind == "py_test" and "size" not in each.rule.attributes:
      reached: Set[str] = set()
      ahead = [each.label]
      while ahead:
        label = ahead.pop()
        if label not in reached:
          reached.add(label)
          ahead.extend(graph.get(label, ()))
      size = "medium" if _FRAMEWORK in reached else "small"
      text = builds[each.package]
      rule = _named(text, each.rule.name)
      if rule is not None:
        builds[each.package] = starlark.with_attribute(text, rule, "size", size)
