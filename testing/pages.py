"""Does what the documentation shows still hold? Its marked blocks, and truth.

A page marks what a program made or runs, in a comment above a fenced block:

  <!-- report: testing/bugs/own/x.py -->  what `parity check` finds
  <!-- check: pass -->                    a case file, and its verdict

`python -m testing.pages` runs the cases of the first kind and writes what they
print into the pages; `pages_test` says where a page no longer tells the truth.
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
  """

  page: pathlib.Path
  kind: str
  what: str
  text: str

  @property
  def included(self) -> str:
    """Path of the file that the block includes.

    Raises:
      ValueError: it includes none, so there is no file to run.
    """
    found = _SNIPPET.match(self.text)
    if found is None:
      raise ValueError(f"{self.page}: a checked block must include a file.")
    return found.group(1)


def blocks(kind: str, folder: pathlib.Path = PAGES) -> List[Block]:
  """The marked blocks of one kind, of all pages."""
  return [
    Block(page, kind, found["what"], found["text"])
    for page in sorted(folder.rglob("*.md"))
    for found in _BLOCK.finditer(page.read_text(encoding="utf-8"))
    if found["kind"] == kind
  ]


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
  """Writes what each case prints into the pages that show it."""

  def replaced(found: re.Match[str]) -> str:
    if found["kind"] != "report" or found["what"] not in texts:
      return found.group(0)
    head = found.group(0).split("\n", 1)[0]
    return f"{head}\n```{found['opening']}\n{texts[found['what']]}```\n"

  for page in folder.rglob("*.md"):
    before = page.read_text(encoding="utf-8")
    after = _BLOCK.sub(replaced, before)
    if after != before:
      page.write_text(after, encoding="utf-8")


def main() -> None:
  """Runs every case that a page shows, and writes what it prints."""
  wanted = dict.fromkeys(block.what for block in blocks("report"))
  write({case: shown(report) for case, report in reports(wanted)})


if __name__ == "__main__":
  main()
