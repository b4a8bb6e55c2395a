"""What does a BUILD file hold, and how is an attribute of it rewritten?

BUILD files are read as Python, which their syntax is a part of; nothing is
evaluated but literals. Edits replace whole attributes in the text, so that
comments and what people wrote by hand stay as they are. What is written has
buildifier's form: four spaces, sorted labels, one attribute a line.

An entry of a list that ends with `# keep` is a person's, and is never removed.
"""

from __future__ import annotations

import ast
import dataclasses
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

# The order in which buildifier puts attributes; others come between, by name.
_FIRST = ("name", "size", "timeout", "testonly", "srcs")
_LAST = ("deps",)
_KEEP = "# keep"
# The macro that looks at all rules before it.
LAST = "package_sources"


@dataclasses.dataclass(frozen=True)
class Rule:
  """One call of a BUILD file, such as a `py_library`.

  Attributes:
    kind: the name of what is called.
    name: its `name` attribute; empty where it has none.
    attributes: the values that are literals, by attribute.
    kept: entries of lists that are marked `# keep`, by attribute.
    repeated: attributes that are given twice, as git may merge two rules.
    line: its first line, from 1.
    last_line: its last line.
  """

  kind: str
  name: str
  attributes: Mapping[str, object]
  kept: Mapping[str, Tuple[str, ...]]
  repeated: Tuple[str, ...]
  line: int
  last_line: int

  def strings(self, attribute: str) -> Tuple[str, ...]:
    """The strings of a list attribute; empty where it is no list."""
    value = self.attributes.get(attribute)
    return tuple(map(str, value)) if isinstance(value, list) else ()


def rules_in(text: str, name: str = "BUILD") -> Tuple[Rule, ...]:
  """Every call at the top of a BUILD file, in order.

  Raises:
    SyntaxError: it is not a BUILD file.
  """
  lines = text.split("\n")
  return tuple(
    _rule(statement, statement.value, lines)
    for statement in ast.parse(text, name).body
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
  )


def _rule(statement: ast.Expr, call: ast.Call, lines: List[str]) -> Rule:
  attributes: Dict[str, object] = {}
  kept: Dict[str, Tuple[str, ...]] = {}
  for keyword in call.keywords:
    try:
      attributes[str(keyword.arg)] = ast.literal_eval(keyword.value)
    except ValueError:
      continue
    if isinstance(keyword.value, ast.List):
      kept[str(keyword.arg)] = tuple(
        str(ast.literal_eval(entry))
        for entry in keyword.value.elts
        if lines[entry.lineno - 1].rstrip().endswith(_KEEP)
      )
  names = [str(keyword.arg) for keyword in call.keywords]
  return Rule(
    kind=ast.unparse(call.func),
    name=str(attributes.get("name", "")),
    attributes=attributes,
    kept=kept,
    repeated=tuple(sorted({name for name in names if names.count(name) > 1})),
    line=statement.lineno,
    last_line=statement.end_lineno or statement.lineno,
  )


def with_attribute(text: str, rule: Rule, name: str, value: object) -> str:
  """The text with one attribute of a rule set; None or [] takes it away.

  Args:
    text: a BUILD file.
    rule: a rule of that text.
    name: the attribute.
    value: a string or a list of strings; entries marked `# keep` stay marked.
  """
  lines = text.split("\n")
  call = _call_at(text, rule.line)
  new = (
    attribute_lines(name, value, kept=rule.kept.get(name, ())) if value else []
  )
  for keyword in call.keywords:
    if keyword.arg == name:
      last = keyword.value.end_lineno or keyword.lineno
      lines[keyword.lineno - 1 : last] = new
      return "\n".join(lines)
  place = rule.last_line - 1
  for keyword in reversed(call.keywords):
    if _order(str(keyword.arg)) > _order(name):
      place = keyword.lineno - 1
  lines[place:place] = new
  return "\n".join(lines)


def without_rule(text: str, rule: Rule) -> str:
  """The text without a rule and the blank line before it."""
  lines = text.split("\n")
  first = rule.line - 1
  if first and not lines[first - 1]:
    first -= 1
  del lines[first : rule.last_line]
  return "\n".join(lines)


def with_rule(text: str, kind: str, attributes: Mapping[str, object]) -> str:
  """The text with a new rule, before the first whose name is greater."""
  new = [f"{kind}("]
  for name in sorted(attributes, key=_order):
    if attributes[name]:
      new += attribute_lines(name, attributes[name])
  new.append(")")
  lines = text.rstrip("\n").split("\n")
  named = [rule for rule in rules_in(text) if rule.name]
  after = [rule for rule in named if rule.name > str(attributes["name"])]
  if after:
    place = after[0].line - 1
    while place and lines[place - 1].startswith("#"):
      place -= 1
    lines[place:place] = [*new, ""]
  else:
    # Before what has no name and stands last, such as `package_sources()`.
    rules = rules_in(text)
    if named:
      place = named[-1].last_line
    elif rules and rules[-1].kind == LAST:
      place = rules[-1].line - 2
    else:
      place = len(lines)
    lines[place:place] = ["", *new]
  return "\n".join(lines).strip("\n") + "\n"


def attribute_lines(
  name: str, value: object, *, kept: Sequence[str] = ()
) -> List[str]:
  """An attribute as buildifier writes it."""
  if not isinstance(value, (list, tuple)):
    return [f"    {name} = {_literal(value)},"]
  entries = sorted(set(map(str, value)) | set(kept), key=_label_order)
  if len(entries) == 1 and not kept:
    return [f"    {name} = [{_literal(entries[0])}],"]
  written = [
    f"        {_literal(entry)},{'  ' + _KEEP if entry in kept else ''}"
    for entry in entries
  ]
  return [f"    {name} = [", *written, "    ],"]


def with_loads(text: str, wanted: Mapping[str, str]) -> str:
  """The text, where every symbol that is used is loaded, and no other.

  Args:
    text: a BUILD file.
    wanted: the file that each symbol comes from; others are left alone.
  """
  rules = rules_in(text)
  used = {rule.kind for rule in rules}
  by_file: Dict[str, List[str]] = {}
  for symbol, file in wanted.items():
    if symbol in used:
      by_file.setdefault(file, []).append(symbol)
  for rule in reversed(rules):
    if rule.kind == "load" and _loaded_file(text, rule) in wanted.values():
      lines = text.split("\n")
      del lines[rule.line - 1 : rule.last_line]
      text = "\n".join(lines)
  loads = [
    f'load("{file}", {", ".join(_literal(s) for s in sorted(by_file[file]))})'
    for file in sorted(by_file, key=lambda file: (file[0] != "@", file))
  ]
  lines = text.split("\n")
  place = _end_of_heading(lines)
  if loads and not lines[place].startswith("load("):
    loads.append("")
  lines[place:place] = loads
  return "\n".join(lines).lstrip("\n")


def _end_of_heading(lines: Sequence[str]) -> int:
  """Where loads go: after the comment or docstring at the top."""
  place = 0
  if lines and lines[0].startswith('"""'):
    while not lines[place].rstrip().endswith('"""') or (
      place == 0 and len(lines[0].rstrip()) == 3
    ):
      place += 1
    place += 1
  while place < len(lines) and lines[place].startswith("#"):
    place += 1
  while place < len(lines) and not lines[place]:
    place += 1
  return place


def _loaded_file(text: str, rule: Rule) -> Optional[str]:
  call = _call_at(text, rule.line)
  return str(ast.literal_eval(call.args[0])) if call.args else None


def _call_at(text: str, line: int) -> ast.Call:
  for statement in ast.parse(text).body:
    if statement.lineno == line and isinstance(statement, ast.Expr):
      assert isinstance(statement.value, ast.Call)
      return statement.value
  raise LookupError(f"no call at line {line}")


def _literal(value: object) -> str:
  return f'"{value}"' if isinstance(value, str) else repr(value)


def _order(attribute: str) -> Tuple[int, str]:
  if attribute in _FIRST:
    return (_FIRST.index(attribute) - len(_FIRST), "")
  if attribute in _LAST:
    return (1 + _LAST.index(attribute), "")
  return (0, attribute)


def _label_order(label: str) -> Tuple[int, List[str]]:
  phase = 2 if label.startswith("@") else 1 if label.startswith("//") else 0
  return (phase, label.replace(":", ".").split("."))
