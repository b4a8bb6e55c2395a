"""In which ways can a module be broken? Finds them in its syntax tree.

A mutation is a piece of text that stands for another; nothing else in the file
moves. What there is:

- `compare`: a comparison's operator, so that `==` is `!=`, `<` is `<=`;
- `logic`: `and` for `or`;
- `arithmetic`: `+` for `-`, `*` for `/`, and the like;
- `constant`: a number one higher or twice as large, True for False;
- `condition`: the test of an `if`, a conditional or a comprehension, negated;
- `deleted`: a call for its effect, an augmented assignment, a `continue`, a
  `break`, a `raise`, or a `return` amid a function is `pass`;
- `returned`: None in place of what a function returns;
- `not`: dropped;
- `swapped`: the first two arguments of a call.

What no behaviour hangs on is left alone: annotations, docstrings, decorators,
`__repr__` and `__str__`, what only a type checker reads, what stands in an
f-string, sentences that are returned, and what an exception says. Text is never
changed.
"""

from __future__ import annotations

import ast
import copy
import dataclasses
from typing import Callable, Dict, Iterator, List, Tuple, Type, Union

_COMPARISONS: Dict[Type[ast.cmpop], Type[ast.cmpop]] = {
  ast.Eq: ast.NotEq,
  ast.NotEq: ast.Eq,
  ast.Lt: ast.LtE,
  ast.LtE: ast.Lt,
  ast.Gt: ast.GtE,
  ast.GtE: ast.Gt,
  ast.Is: ast.IsNot,
  ast.IsNot: ast.Is,
  ast.In: ast.NotIn,
  ast.NotIn: ast.In,
}
_OPERATORS: Dict[Type[ast.operator], Type[ast.operator]] = {
  ast.Add: ast.Sub,
  ast.Sub: ast.Add,
  ast.Mult: ast.Div,
  ast.Div: ast.Mult,
  ast.FloorDiv: ast.Mult,
  ast.Mod: ast.Mult,
  ast.Pow: ast.Mult,
  ast.BitAnd: ast.BitOr,
  ast.BitOr: ast.BitAnd,
}
# Calls for which the order of arguments is nothing, or a matter of types.
_SAME_SWAPPED = frozenset(
  (
    "allclose",
    "array_equal",
    "cast",
    "gcd",
    "isclose",
    "isinstance",
    "logical_and",
    "logical_or",
    "max",
    "maximum",
    "min",
    "minimum",
    "not_equal",
  )
)
_NOT_FOR_BEHAVIOUR = frozenset(("__repr__", "__str__"))


@dataclasses.dataclass(frozen=True)
class Mutation:
  """A module broken in one place.

  Attributes:
    path: the module, from the root.
    function: qualified name of the function or class around it, or "".
    kind: a word of the module's docstring.
    line: where it begins, from 1.
    start: where the text that is replaced begins in the file, in bytes.
    end: where it ends.
    before: what stands there, on one line.
    after: what stands there instead.
  """

  path: str
  function: str
  kind: str
  line: int
  start: int
  end: int
  before: str
  after: str

  @property
  def key(self) -> Tuple[str, str, str, str]:
    """What names it, wherever its line moves."""
    return (self.path, self.function, self.before, self.after)

  def applied(self, source: str) -> str:
    """The module's text with the mutation in it."""
    text = source.encode()
    after = self.after.encode()
    return (text[: self.start] + after + text[self.end :]).decode()

  def __str__(self) -> str:
    return f"{self.path}:{self.line} {self.kind}: {self.before} -> {self.after}"


def find(source: str, path: str) -> List[Mutation]:
  """Every mutation of a module, in the order of its text.

  Args:
    source: the module's text.
    path: where it is, from the root.
  """
  starts = [0]
  for line in source.encode().splitlines(keepends=True):
    starts.append(starts[-1] + len(line))
  found: Dict[Tuple[int, int, str], Mutation] = {}
  module = ast.parse(source)
  for site in (s for child in module.body for s in _sites(child, "")):
    old, new = site.old, site.new
    after = "pass" if isinstance(new, ast.Pass) else ast.unparse(new)
    if isinstance(new, ast.expr) and not isinstance(new, ast.Constant):
      after = f"({after})"
    mutation = Mutation(
      path=path,
      function=site.function,
      kind=site.kind,
      line=old.lineno,
      start=starts[old.lineno - 1] + old.col_offset,
      end=starts[(old.end_lineno or 0) - 1] + (old.end_col_offset or 0),
      before=ast.unparse(old),
      after=after,
    )
    found.setdefault((mutation.start, mutation.end, after), mutation)
  return sorted(found.values(), key=lambda m: (m.start, m.end, m.kind))


@dataclasses.dataclass(frozen=True)
class _Site:
  """A node, and what stands in its place."""

  kind: str
  function: str
  old: Union[ast.expr, ast.stmt]
  new: ast.AST


def _sites(node: ast.AST, function: str) -> Iterator[_Site]:
  """The sites of a node and below, less what no behaviour hangs on."""
  if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
    if node.name in _NOT_FOR_BEHAVIOUR:
      return
    function = f"{function}.{node.name}" if function else node.name
  for kind, make in _MAKERS:
    for new in make(node):
      assert isinstance(node, (ast.expr, ast.stmt))
      yield _Site(kind, function, node, new)
  for test in _tests_in(node):
    yield _Site("condition", function, test, ast.UnaryOp(ast.Not(), test))
  if isinstance(node, ast.FunctionDef):
    for inner in _own_nodes(node):
      if isinstance(inner, ast.Return) and inner is not node.body[-1]:
        yield _Site("deleted", function, inner, ast.Pass())
  for child in _children(node):
    yield from _sites(child, function)


def _own_nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
  """Nodes of a function, less those of functions inside it."""
  waiting: List[ast.AST] = list(function.body)
  while waiting:
    node = waiting.pop(0)
    yield node
    if not isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
      waiting.extend(ast.iter_child_nodes(node))


def _children(node: ast.AST) -> Iterator[ast.AST]:
  """What of a node may be mutated."""
  if isinstance(node, (ast.Raise, ast.JoinedStr, ast.Assert)):
    return
  if isinstance(node, (ast.Import, ast.ImportFrom)):
    return
  if isinstance(node, ast.If) and ast.unparse(node.test).endswith("CHECKING"):
    return
  if isinstance(node, ast.FunctionDef):
    yield from node.args.defaults
    yield from (d for d in node.args.kw_defaults if d is not None)
    yield from node.body
  elif isinstance(node, ast.ClassDef):
    yield from node.body
  elif isinstance(node, ast.AnnAssign):
    if node.value is not None:
      yield node.value
  elif isinstance(node, ast.Call) and _name_called(node) == "cast":
    yield from node.args[1:]
  else:
    yield from ast.iter_child_nodes(node)


def _name_called(node: ast.Call) -> str:
  function = node.func
  if isinstance(function, ast.Attribute):
    return function.attr
  return function.id if isinstance(function, ast.Name) else ""


def _compare(node: ast.AST) -> Iterator[ast.AST]:
  if isinstance(node, ast.Compare):
    for index, operator in enumerate(node.ops):
      new = copy.deepcopy(node)
      new.ops[index] = _COMPARISONS[type(operator)]()
      yield new


def _logic(node: ast.AST) -> Iterator[ast.AST]:
  if isinstance(node, ast.BoolOp):
    is_and = isinstance(node.op, ast.And)
    yield ast.BoolOp(ast.Or() if is_and else ast.And(), node.values)


def _is_text(node: ast.AST) -> bool:
  if isinstance(node, ast.BinOp):
    return _is_text(node.left) or _is_text(node.right)
  is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
  return is_text or isinstance(node, ast.JoinedStr)


def _arithmetic(node: ast.AST) -> Iterator[ast.AST]:
  if isinstance(node, (ast.BinOp, ast.AugAssign)):
    operator = _OPERATORS.get(type(node.op))
    sides = [node.value] if isinstance(node, ast.AugAssign) else [node]
    if operator is not None and not any(_is_text(side) for side in sides):
      new = copy.copy(node)
      new.op = operator()
      yield new


def _constant(node: ast.AST) -> Iterator[ast.AST]:
  if not isinstance(node, ast.Constant):
    return
  if isinstance(node.value, bool):
    yield ast.Constant(not node.value)
  elif isinstance(node.value, int):
    yield ast.Constant(node.value + 1)
  elif isinstance(node.value, float):
    yield ast.Constant(2.0 * node.value if node.value else 1.0)


def _tests_in(node: ast.AST) -> List[ast.expr]:
  """Conditions of a node; one that is a `not` or compares has its own ways."""
  tests: List[ast.expr] = []
  if isinstance(node, (ast.If, ast.IfExp)):
    tests = [node.test]
  elif isinstance(node, ast.comprehension):
    tests = node.ifs
  return [t for t in tests if not isinstance(t, (ast.Compare, ast.UnaryOp))]


def _deleted(node: ast.AST) -> Iterator[ast.AST]:
  if isinstance(node, (ast.AugAssign, ast.Continue, ast.Break, ast.Raise)) or (
    isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
  ):
    yield ast.Pass()


def _is_sentence(node: ast.AST) -> bool:
  """Whether it is text for people, not a word that code reads."""
  if isinstance(node, ast.Constant):
    return isinstance(node.value, str) and " " in node.value
  return _is_text(node)


def _returned(node: ast.AST) -> Iterator[ast.AST]:
  if isinstance(node, ast.Return) and node.value is not None:
    is_none = isinstance(node.value, ast.Constant) and node.value.value is None
    if not is_none and not _is_sentence(node.value):
      yield ast.Return(ast.Constant(None))


def _not(node: ast.AST) -> Iterator[ast.AST]:
  if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
    yield node.operand


def _swapped(node: ast.AST) -> Iterator[ast.AST]:
  if not isinstance(node, ast.Call) or len(node.args) < 2:
    return
  first, second = node.args[:2]
  if (
    _name_called(node) in _SAME_SWAPPED
    or isinstance(first, ast.Starred)
    or isinstance(second, ast.Starred)
    or ast.dump(first) == ast.dump(second)
  ):
    return
  yield ast.Call(node.func, [second, first, *node.args[2:]], node.keywords)


_Maker = Callable[[ast.AST], Iterator[ast.AST]]
_MAKERS: Tuple[Tuple[str, _Maker], ...] = (
  ("compare", _compare),
  ("logic", _logic),
  ("arithmetic", _arithmetic),
  ("constant", _constant),
  ("deleted", _deleted),
  ("returned", _returned),
  ("not", _not),
  ("swapped", _swapped),
)
