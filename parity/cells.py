"""Which pairs of Python and TensorFlow are there? The one table, as records.

The table is `third_party/tensorflow/versions.bzl`, a Starlark file of plain
literals that Bazel loads too. A wheel carries a copy of it inside the package.

1. Find the file: beside this module (installed), else in the checkout.
2. Parse it with `ast` and evaluate its literals; nothing is executed.
3. Check every row, so that a typing error in the table names its row.

Only the standard library is needed, so that nox can read the table before any
environment exists.
"""

from __future__ import annotations

import ast
import dataclasses
import difflib
import os
import pathlib
from typing import Dict, List, Tuple

from parity import errors

_HERE = pathlib.Path(os.path.abspath(__file__)).parent

# Where the table lies in an installed package, then in a checkout.
_CANDIDATES = (
  _HERE / "versions.bzl",
  _HERE.parent / "third_party" / "tensorflow" / "versions.bzl",
)

_FIELDS: Dict[str, type] = {
  "python": str,
  "tensorflow": str,
  "requirements": list,
  "floating": list,
  "why": str,
  "gates": bool,
}


@dataclasses.dataclass(frozen=True)
class Cell:
  """One Python and TensorFlow pair.

  Attributes:
    name: such as `tf2.8`.
    python: minor version of Python, such as `3.9`.
    tensorflow: the requirement that names TensorFlow.
    requirements: further requirements that it needs.
    floating: packages that no lock pins.
    why: what this cell proves that its neighbours don't.
    gates: whether a failure here stops a change.
  """

  name: str
  python: str
  tensorflow: str
  requirements: Tuple[str, ...]
  floating: Tuple[str, ...]
  why: str
  gates: bool

  @property
  def has_tf2(self) -> bool:
    """Whether a port can run there; TensorFlow 1 has only a tf1 side."""
    return not self.tensorflow.partition("==")[2].startswith("1.")


@dataclasses.dataclass(frozen=True)
class Table:
  """All cells, in the order of TensorFlow's releases.

  >>> table = load_table()
  >>> table.named(table.default).gates
  True
  """

  cells: Tuple[Cell, ...]
  default: str

  @property
  def names(self) -> Tuple[str, ...]:
    """The cells' names, in order."""
    return tuple(cell.name for cell in self.cells)

  def named(self, name: str) -> Cell:
    """The cell of that name.

    Raises:
      UsageError: there is none; the message names the nearest.
    """
    for cell in self.cells:
      if cell.name == name:
        return cell
    near = difflib.get_close_matches(name, self.names, n=1, cutoff=0.4)
    guess = f" Did you mean `{near[0]}`?" if near else ""
    raise errors.UsageError(
      f"There is no cell `{name}`.{guess} Cells: {', '.join(self.names)}."
    )

  def is_within(self, name: str, since: str, until: str) -> bool:
    """Whether a cell lies between two others of the table, both included.

    Raises:
      UsageError: one of the three names is no cell.
    """
    places = [self.cells.index(self.named(n)) for n in (since, name, until)]
    return places == sorted(places)


def load_table() -> Table:
  """Reads the table that belongs to this copy of parity.

  Raises:
    EnvironmentProblem: the file is missing, so the installation is broken.
  """
  for path in _CANDIDATES:
    if path.is_file():
      return read_table(path)
  raise errors.EnvironmentProblem(
    "The table of cells is missing; looked for it at "
    f"{' and '.join(str(path) for path in _CANDIDATES)}. "
    "Reinstall tf-parity, or run from a complete checkout."
  )


def read_table(path: pathlib.Path) -> Table:
  """Reads a table file.

  Raises:
    UsageError: the file is no table; the message names the row and the field.
  """
  text = path.read_text(encoding="utf-8")
  try:
    literals = _literals(ast.parse(text, str(path)))
    rows, default = literals["CELLS"], literals["DEFAULT_CELL"]
  except (SyntaxError, ValueError, KeyError) as error:
    raise errors.UsageError(
      f"{path} must assign the literals DEFAULT_CELL and CELLS: {error}"
    ) from error
  if not isinstance(rows, dict) or not rows:
    raise errors.UsageError(f"{path}: CELLS must be a dict with a row a cell.")
  cells = tuple(_cell(name, row, str(path)) for name, row in rows.items())
  table = Table(cells=cells, default=str(default))
  table.named(table.default)
  return table


def _literals(tree: ast.Module) -> Dict[str, object]:
  """The value of every `NAME = literal` at the top of a module."""
  found: Dict[str, object] = {}
  for statement in tree.body:
    if isinstance(statement, ast.Assign):
      for target in statement.targets:
        if isinstance(target, ast.Name):
          found[target.id] = ast.literal_eval(statement.value)
  return found


def _cell(name: str, row: object, path: str) -> Cell:
  """Makes one cell of one row, checking each field."""
  if not isinstance(row, dict):
    raise errors.UsageError(f"{path}: cell `{name}` must be a dict.")
  wrong: List[str] = []
  for field, kind in _FIELDS.items():
    if field not in row:
      wrong.append(f"`{field}` is missing")
    elif not isinstance(row[field], kind):
      wrong.append(f"`{field}` must be a {kind.__name__}")
  wrong.extend(f"`{f}` is not a field" for f in row if f not in _FIELDS)
  if wrong:
    raise errors.UsageError(f"{path}: cell `{name}`: {'; '.join(wrong)}.")
  return Cell(
    name=name,
    python=row["python"],
    tensorflow=row["tensorflow"],
    requirements=tuple(row["requirements"]),
    floating=tuple(row["floating"]),
    why=row["why"],
    gates=row["gates"],
  )
