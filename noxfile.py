"""How is parity tested, checked and locked? The sessions.

Every session runs in an environment that parity/environments builds from a
lock and keeps; nox's own virtual environments are not used. `python3 dev.py nox
-l` lists the sessions on a machine without nox.
"""

from __future__ import annotations

import atexit
import dataclasses
import os
import pathlib
import subprocess
import sys
from typing import List

import nox

_ROOT = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(_ROOT))

from parity import cells  # noqa: E402 - needs the path above.
from parity import errors  # noqa: E402
from parity.environments import builds  # noqa: E402
from parity.environments import locks as lock_files  # noqa: E402
from parity.environments import uv as uv_lib  # noqa: E402
from testing import locks  # noqa: E402
from testing import suite  # noqa: E402

nox.needs_version = ">=2026.4"
nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "types"]

_TABLE = cells.load_table()
# What `dev.py tests` runs: one cell of the middle. CI runs the default, genuine
# TF1.x and nightly with Bazel; `nox -s tests` runs all.
_TESTED = ("tf2.12",)
_CELLS = [
  nox.param(name, id=name, tags=["tests"] if name in _TESTED else [])
  for name in _TABLE.names
]
_totals: List[suite.Totals] = []
# How testing.remote says that this machine lacks what it needs.
_SKIPPED = 4


def _environment(session: nox.Session, name: str = _TABLE.default) -> str:
  """The interpreter of a cell's environment; the default one has the tools."""
  try:
    return _built(session, name).python
  except errors.ParityError as error:
    session.error(f"cell {name}: {error}")


def _built(session: nox.Session, name: str) -> builds.Environment:
  """A cell's environment, built if it is not there."""
  cell = _TABLE.named(name)
  lock = lock_files.working(cell, _TABLE)
  made = builds.ensure(cell, lock, uv=uv_lib.require())
  if made.seconds:
    session.log(f"cell {name}: environment built in {made.seconds:.0f} s")
  return made


def _run(session: nox.Session, *command: str) -> None:
  """Runs a program of an environment, without nox's own on its path."""
  session.run(*command, external=True, env={"PYTHONPATH": None})


@nox.session(tags=["tests"])
def lint(session: nox.Session) -> None:
  """Lints code and BUILD files; `-- --fix` mends what can be mended."""
  python = _environment(session)
  if "--fix" in session.posargs:
    _run(session, python, "-m", "ruff", "check", "--fix", ".")
    _run(session, python, "-m", "ruff", "format", ".")
    _run(session, python, "-m", "testing.build_files", "--fix")
    return
  _run(session, python, "-m", "ruff", "check", ".")
  _run(session, python, "-m", "ruff", "format", "--check", ".")
  _run(session, python, "-m", "testing.build_files")


@nox.session(tags=["tests"])
def types(session: nox.Session) -> None:
  """Checks the types of the packages that need no TensorFlow."""
  _run(session, _environment(session), "-m", "mypy", *session.posargs)


@nox.session
@nox.parametrize("cell", _CELLS)
def tests(session: nox.Session, cell: str) -> None:
  """Runs every test that the cell can run; `-- PATH...` only those."""
  gates = _TABLE.named(cell).gates
  try:
    environment = _built(session, cell)
  except errors.ParityError as error:
    if gates:
      session.error(f"cell {cell}: {error}")
    session.warn(f"cell {cell} does not gate, and cannot be made: {error}")
    return
  totals = suite.run(
    environment.python, cell=cell, table=_TABLE, only=tuple(session.posargs)
  )
  build = builds.version_in(environment, "tf_nightly", "tensorflow")
  # Another order of words than the closing line's, which is the sum of these.
  print(
    f"cell {cell} (TensorFlow {build}): passed {totals.passed}, failed"
    f" {totals.failed}, skipped {totals.skipped}",
    flush=True,
  )
  if gates:
    _count(totals)
  if not totals.is_success:
    if gates:
      session.error(f"cell {cell}: tests failed")
    session.warn(f"cell {cell} does not gate: its failures are a warning")


def _count(totals: suite.Totals) -> None:
  """Adds to what the closing line sums up."""
  if not _totals:
    atexit.register(_print_totals)
  _totals.append(totals)


def _print_totals() -> None:
  """The closing line: all tests of all cells that gate.

  PARITY_TOTALS names a file to write it to instead, for who sums up more.
  """
  line = str(sum(_totals, suite.Totals()))
  path = os.environ.get("PARITY_TOTALS")
  if path is None:
    print(line, flush=True)
  else:
    pathlib.Path(path).write_text(f"{line}\n", encoding="utf-8")


@nox.session(tags=["tests"])
def browser(session: nox.Session) -> None:
  """Opens the HTML reports in headless Chromium, and installs it if it can."""
  cell = _TABLE.named(_TABLE.default)
  try:
    made = builds.ensure(
      dataclasses.replace(cell, name="browser"),
      locks.BROWSER,
      uv=uv_lib.require(),
    )
  except errors.ParityError as error:
    session.error(f"the environment of the browser's tests: {error}")
  folder = os.path.join("testing", "browser")
  if subprocess.run([os.path.join(folder, "install")], check=False).returncode:
    session.warn("without Chromium the tests of the HTML reports are skipped")
  totals = suite.run(made.python, cell=cell.name, table=_TABLE, only=(folder,))
  _count(totals)
  if totals.failed:
    session.error("the HTML reports fail in the browser")


@nox.session
def remote_cache(session: nox.Session) -> None:
  """Proves that a second clone of HEAD gets every result from a cache."""
  _prove(session, "testing.remote.cache")


@nox.session
def remote_execution(session: nox.Session) -> None:
  """Proves that tests of three cells run on Bazel's distributed engine."""
  _prove(session, "testing.remote.execution")


def _prove(session: nox.Session, module: str) -> None:
  """Runs a module of testing/remote, and counts what it came to."""
  status = subprocess.run(
    [_environment(session), "-m", module], check=False
  ).returncode
  if status == _SKIPPED:
    session.warn("without a server nothing is proved; above is which")
    _count(suite.Totals(skipped=1))
  elif status:
    _count(suite.Totals(failed=1))
    session.error("above is what does not hold")
  else:
    _count(suite.Totals(passed=1))


@nox.session
def matrix(session: nox.Session) -> None:
  """Runs `parity matrix` with the arguments after `--`, or on small models."""
  python = _environment(session)
  models = [
    os.path.join("testing", "models", f"{name}_parity.py")
    for name in ("conv_batch_norm", "dense_dropout", "embedding")
  ]
  chosen = session.posargs or [*models, "--reference", "tf1.15"]
  _run(session, python, "-m", "parity", "matrix", *chosen)


@nox.session
def demo(session: nox.Session) -> None:
  """Checks the guide's network, and prints the guide's numbers beside ours."""
  python = _environment(session)
  report = _ROOT / ".nox" / "demo.json"
  case = os.path.join("testing", "models", "inception_resnet_v2_parity.py")
  _run(session, python, "-m", "parity", "check", case, "--json", str(report))
  _run(session, python, "-m", "testing.demo", str(report))


@nox.session(tags=["tests"])
def docs(session: nox.Session) -> None:
  """Builds the pages under docs into site/; a warning is an error."""
  cell = _TABLE.named(_TABLE.default)
  try:
    made = builds.ensure(
      dataclasses.replace(cell, name="docs"), locks.DOCS, uv=uv_lib.require()
    )
  except errors.ParityError as error:
    session.error(f"the environment of the documentation: {error}")
  # The theme asks its users to move to a successor, at every build.
  session.env["NO_MKDOCS_2_WARNING"] = "1"
  command = ("-m", "mkdocs", "build", "--strict", "--quiet", "--clean")
  _run(session, made.python, *command, *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
  """Runs the benchmarks; `-- NAME...` only those."""
  python = _environment(session)
  for name in session.posargs or ["guide"]:
    _run(session, python, "-m", f"benchmarks.{name}")


@nox.session
def lock(session: nox.Session) -> None:
  """Resolves every lock anew; `-- NAME...` only those."""
  for each in locks.all_locks(_TABLE):
    if session.posargs and each.path.stem not in session.posargs:
      continue
    session.log(f"resolving {each.path.relative_to(_ROOT)}")
    locks.write(each, uv=uv_lib.require())
