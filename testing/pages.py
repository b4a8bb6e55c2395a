"""Does what the documentation shows still hold? Its marked blocks, and truth.

A page marks what a program made or runs, in a comment above a fenced block:

  <!-- report: testing/bugs/own/x.py -->  what `parity check` finds
  <!-- check: pass -->                    a case file, and its verdict

A block of the second kind includes its file, or shows the file that its title
names, so that it can also be read where the page is not built. `python -m
testing.pages` writes those files, and what the cases of the first kind print,
into the pages; `pages_test` says where a page no longer tells the truth.
Figures and paths on this machine are no part of it: see `without_figures`.
"""

from __future__ import annotations

import dataclasses
import pathlib
import re
from typing import Dict, Iterable, Iterator, List, Tuple

from parity import runner
from parity.records import options as options_lib
from parity.records import report as report_lib
from parity.report import distinct
from parity.report import finding as finding_lib
from parity.runs import fulfilment

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs"
_WIDTH = 76
_BLOCK = re.compile(
  r"^<!-- (?P<kind>report|check): (?P<what>.+?) -->\n"
  r"```(?P<opening>.*)\n(?P<text>(?:.*\n)*?)```\n",
  re.MULTILINE,
)
_SNIPPET = re.compile(r'^--8<-- "(.+)"\n$')
_TITLE = re.compile(r'title="(.+?)"')
_FIGURE = re.compile(r"[-+]?\d[\d.]*(?:e[-+]?\d+)?")
_SECONDS = 120.0


@dataclasses.dataclass(frozen=True)
class Block:
  """A marked block of a page.

  Attributes:
    page: the file.
    kind: `report` or `check`.
    what: the case file of a report, the verdict of a check.
    text: what the page shows; of an included file, its path.
    title: what stands above it; of a file that is shown, its path.
  """

  page: pathlib.Path
  kind: str
  what: str
  text: str
  title: str = ""

  @property
  def file(self) -> str:
    """Path of the file that the block includes or shows.

    Raises:
      ValueError: there is none, so nothing to run.
    """
    found = _SNIPPET.match(self.text)
    path = found.group(1) if found else self.title
    if not path or not (ROOT / path).is_file():
      raise ValueError(f"{self.page}: a checked block must hold a file.")
    return path

  @property
  def is_included(self) -> bool:
    """Whether the file is put there when the page is built."""
    return _SNIPPET.match(self.text) is not None


def blocks(kind: str, folder: pathlib.Path = PAGES) -> List[Block]:
  """The marked blocks of one kind, of all pages."""
  return [
    Block(page, kind, found["what"], found["text"], _title_of(found["opening"]))
    for page in sorted(folder.rglob("*.md"))
    for found in _BLOCK.finditer(page.read_text(encoding="utf-8"))
    if found["kind"] == kind
  ]


def _title_of(opening: str) -> str:
  """The title in what opens a fenced block; empty where it has none."""
  found = _TITLE.search(opening)
  return found.group(1) if found else ""


def shown(report: report_lib.Report) -> str:
  """The findings of a report as a page shows them."""
  lines: List[str] = []
  found = distinct.distinct_findings(report)
  for number, item in enumerate(found, start=1):
    lines.append(f"{number}. {item.finding.cause}  in {item.check}")
    lines += finding_lib.finding_lines(item, width=_WIDTH)
  text = "\n".join(line.rstrip() for line in lines)
  return text.replace(f"{ROOT}/", "") + "\n"


def without_figures(text: str) -> str:
  """The text with every number replaced, and lines joined.

  What another processor rounds otherwise, or wraps otherwise, is no change.
  """
  return " ".join(_FIGURE.sub("#", text).split())


def reports(cases: Iterable[str]) -> Iterator[Tuple[str, report_lib.Report]]:
  """Runs case files, all in the same two processes."""
  options = options_lib.Options(timeout=_SECONDS)
  with fulfilment.open_sides(options) as sides:
    for case in cases:
      path = str(ROOT / case)
      yield case, runner.check_one(sides, path, options=options)


def write(texts: Dict[str, str], folder: pathlib.Path = PAGES) -> None:
  """Writes what each case prints, or a file holds, into pages that show it."""

  def replaced(found: re.Match[str]) -> str:
    is_report = found["kind"] == "report"
    is_included = _SNIPPET.match(found["text"]) is not None
    key = found["what"] if is_report else _title_of(found["opening"])
    if key not in texts or is_included:
      return found.group(0)
    head = found.group(0).split("\n", 1)[0]
    return f"{head}\n```{found['opening']}\n{texts[key]}```\n"

  for page in folder.rglob("*.md"):
    before = page.read_text(encoding="utf-8")
    after = _BLOCK.sub(replaced, before)
    if after != before:
      page.write_text(after, encoding="utf-8")


def main() -> None:
  """Writes the files that pages show, and what the cases they show print."""
  write(
    {
      block.file: (ROOT / block.file).read_text(encoding="utf-8")
      for block in blocks("check")
      if not block.is_included
    }
  )
  wanted = dict.fromkeys(block.what for block in blocks("report"))
  write({case: shown(report) for case, report in reports(wanted)})


if __name__ == "__main__":
  main()
