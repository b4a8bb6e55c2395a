"""Where does each op of a small graph stand in a picture?

From left to right: a node stands one column after the last of those that it
uses; what only feeds others (variables, constants) stands just before the first
that uses it. In a column the nodes keep their order. Everything is in pixels of
the drawing; the template turns it into SVG.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, Sequence, Tuple

from parity.records import dataflow

WIDTH = 132
HEIGHT = 40
_GAP_X = 30
_GAP_Y = 10
_MARGIN = 10
_LABEL = 18


@dataclasses.dataclass(frozen=True)
class Box:
  """A node in its place.

  Attributes:
    node: what it shows.
    x, y: its upper left corner.
    label: what stands in it, clipped to its width.
    below: the second line.
    title: everything, for hovering.
  """

  node: dataflow.Node
  x: int
  y: int
  label: str
  below: str
  title: str


@dataclasses.dataclass(frozen=True)
class Line:
  """An edge as the path of an SVG, and whether both sides have its value."""

  path: str
  agrees: bool


@dataclasses.dataclass(frozen=True)
class Drawing:
  """A graph, laid out."""

  boxes: Tuple[Box, ...]
  lines: Tuple[Line, ...]
  width: int
  height: int


def lay_out(nodes: Sequence[dataflow.Node]) -> Drawing:
  """Gives each node its place.

  >>> drawing = lay_out(
  ...   [
  ...     dataflow.Node(0, "input", "x"),
  ...     dataflow.Node(1, "op", "Relu", inputs=(0,)),
  ...   ]
  ... )
  >>> [(box.label, box.x) for box in drawing.boxes]
  [('x', 10), ('Relu', 172)]
  """
  columns = _columns(nodes)
  rows: Dict[int, int] = {}
  boxes: Dict[int, Box] = {}
  deepest = max(
    (list(columns.values()).count(c) for c in set(columns.values())), default=0
  )
  for node in nodes:
    column = columns[node.number]
    row = rows.get(column, 0)
    rows[column] = row + 1
    in_column = list(columns.values()).count(column)
    offset = (deepest - in_column) * (HEIGHT + _GAP_Y) // 2
    boxes[node.number] = Box(
      node=node,
      x=_MARGIN + column * (WIDTH + _GAP_X),
      y=_MARGIN + offset + row * (HEIGHT + _GAP_Y),
      label=_clipped(_label(node)),
      below=_clipped(_below(node), 21),
      title=_title(node),
    )
  lines = [
    _line(boxes[used], boxes[node.number])
    for node in nodes
    for used in node.inputs
  ]
  return Drawing(
    boxes=tuple(boxes.values()),
    lines=tuple(lines),
    width=max((b.x for b in boxes.values()), default=0) + WIDTH + _MARGIN,
    height=max((b.y for b in boxes.values()), default=0) + HEIGHT + _MARGIN,
  )


def _columns(nodes: Sequence[dataflow.Node]) -> Dict[int, int]:
  columns: Dict[int, int] = {}
  for node in nodes:
    columns[node.number] = 1 + max(
      (columns[i] for i in node.inputs), default=-1
    )
  for node in nodes:
    users = [columns[n.number] for n in nodes if node.number in n.inputs]
    if not node.inputs and users:
      columns[node.number] = min(users) - 1
  return columns


def _label(node: dataflow.Node) -> str:
  if node.kind in ("variable", "input"):
    return node.label.rpartition("/")[2] or node.label
  return node.label


def _below(node: dataflow.Node) -> str:
  if node.settings:
    return ", ".join(node.settings)
  shape = "" if node.shape is None else _shape(node.shape)
  if node.kind == "op":
    return shape
  return f"{node.kind} {shape}".rstrip()


def _shape(shape: Sequence[int]) -> str:
  return "[" + ", ".join(str(length) for length in shape) + "]"


def _title(node: dataflow.Node) -> str:
  lines = [f"{node.kind} {node.label}"]
  if node.name:
    lines.append(node.name)
  if node.shape is not None:
    lines.append(f"{node.dtype} {_shape(node.shape)}")
  lines += list(node.settings)
  if node.source:
    lines.append(node.source)
  return "\n".join(lines)


def _clipped(text: str, most: int = _LABEL) -> str:
  return text if len(text) <= most else text[: most - 1] + "\u2026"


def _line(start: Box, end: Box) -> Line:
  x1, y1 = start.x + WIDTH, start.y + HEIGHT // 2
  x2, y2 = end.x, end.y + HEIGHT // 2
  bend = (x1 + x2) // 2
  return Line(
    path=f"M{x1} {y1} C{bend} {y1} {bend} {y2} {x2} {y2}",
    agrees=start.node.role == "agrees",
  )
