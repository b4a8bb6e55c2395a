"""How does a report become one page that stands alone?

1. Views of the records are put into templates; everything that comes from a
   model is escaped by jinja2, also inside the numbers for the scripts.
2. Style, scripts and uPlot are put into the page, so that it opens from a mail
   or a build's outputs, offline.
3. The page's own policy lets the browser run these scripts and no others, and
   load nothing.

Without scripts the page still tells the findings; scripts draw the charts, fill
the tables, and show one of several reports at a time.
"""

from __future__ import annotations

import base64
import hashlib
import json
import pathlib
from typing import Any, Dict, List, Sequence

import jinja2

from parity.records import matrix as matrix_lib
from parity.records import report as report_lib
from parity.report import json as json_report
from parity.report.html import figures_data
from parity.report.html import views
from parity.report.matrix import squares

_HERE = pathlib.Path(__file__).resolve().parent
_SAID = {"fail": "failed", "error": "could not run", "pass": "passed"}
# Where uPlot lies in an installed package, then in a checkout.
_UPLOT = (
  _HERE / "uplot",
  _HERE.parents[2] / "third_party" / "uplot",
)


def reports_page(reports: Sequence[report_lib.Report]) -> str:
  """The page of one report, or of several cases' reports.

  >>> "<title>pass: my_model</title>" in reports_page(
  ...   [report_lib.Report("my_model", "pass")]
  ... )
  True
  """
  shown = [
    views.report_view(report, number=number, title=report.case)
    for number, report in enumerate(reports)
  ]
  verdict = json_report.worst_verdict(reports)
  names = ", ".join(report.case for report in reports[:3])
  title = f"{names}, ..." if len(reports) > 3 else names
  verdicts = [report.verdict for report in reports]
  counts = ", ".join(
    f"{verdicts.count(word)} {said}"
    for word, said in _SAID.items()
    if word in verdicts
  )
  return _page(
    shown,
    counts=counts,
    verdict=verdict,
    title=title,
    cases=len(reports),
    grids=(),
    matrix=None,
    command="",
  )


def matrix_page(matrix: matrix_lib.Matrix, *, command: str = "") -> str:
  """The page of a matrix: its grid, and each cell's report.

  Args:
    matrix: what to show.
    command: what gives it again.
  """
  shown = [
    views.report_view(
      entry.report,
      number=number,
      title=f"{entry.report.case} in {entry.column}",
    )
    for number, entry in enumerate(matrix.entries)
  ]
  return _page(
    shown,
    verdict=matrix.verdict,
    title="parity matrix",
    cases=len(matrix.cases),
    grids=views.grid_views(matrix),
    matrix=matrix,
    command=command,
    counts="",
  )


def _page(shown: List[views.ReportView], **context: Any) -> str:
  scripts = [
    _uplot("uPlot.iife.min.js"),
    *(_asset(f"assets/{name}.js") for name in ("charts", "page")),
  ]
  styles = [_uplot("uPlot.min.css"), _asset("assets/page.css")]
  data = {"reports": [figures_data.report_data(v.report) for v in shown]}
  return (
    _environment()
    .get_template("page.html")
    .render(
      reports=shown,
      symbols=views.SYMBOLS,
      legend=squares.LEGEND,
      scripts=scripts,
      styles=styles,
      policy=_policy(scripts),
      data=data,
      **context,
    )
  )


def _environment() -> jinja2.Environment:
  environment = jinja2.Environment(
    loader=jinja2.FileSystemLoader(str(_HERE / "templates")),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
  )
  environment.policies["json.dumps_function"] = _dumps
  return environment


def _dumps(value: Any, **settings: Any) -> str:
  """Strict JSON, short; jinja2 then escapes what would end a script."""
  del settings
  return json.dumps(value, allow_nan=False, separators=(",", ":"))


def _policy(scripts: Sequence[str]) -> str:
  """A Content-Security-Policy that knows these scripts by their hashes."""
  digests = " ".join(
    "'sha256-"
    + base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode(
      "ascii"
    )
    + "'"
    for script in scripts
  )
  rules: Dict[str, str] = {
    "default-src": "'none'",
    "img-src": "data:",
    "style-src": "'unsafe-inline'",
    "script-src": digests,
  }
  return "; ".join(f"{name} {value}" for name, value in rules.items())


def _asset(name: str) -> str:
  return (_HERE / name).read_text(encoding="utf-8")


def _uplot(name: str) -> str:
  folder = next((f for f in _UPLOT if f.is_dir()), _UPLOT[0])
  return (folder / name).read_text(encoding="utf-8").strip()
