"""How is parity tested, checked and locked? The sessions.

Every session runs in an environment that parity/environments builds from a
lock and keeps; nox's own virtual environments are not used. `python3 dev.py nox
-l` lists the sessions on a machine without nox.
"""

from __future__ import annotations

import os
import pathlib
import sys

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
_CELLS = [
  nox.param(name, id=name, tags=["tests"] if name == _TABLE.default else [])
  for name in _TABLE.names
]


def _environment(session: nox.Session, name: str = _TABLE.default) -> str:
  """The interpreter of a cell's environment; the default one has the tools."""
  cell = _TABLE.named(name)
  is_default = name == _TABLE.default
  lock = lock_files.TOOLS if is_default else lock_files.path_for(cell)
  try:
    made = builds.ensure(cell, lock, uv=uv_lib.require())
  except errors.ParityError as error:
    session.error(f"cell {name}: {error}")
  if made.seconds:
    session.log(f"cell {name}: environment built in {made.seconds:.0f} s")
  return made.python


def _run(session: nox.Session, *command: str) -> None:
  """Runs a program of an environment, without nox's own on its path."""
  session.run(*command, external=True, env={"PYTHONPATH": None})


@nox.session(tags=["tests"])
def lint(session: nox.Session) -> None:
  """Lints, and checks the format; `-- --fix` mends what can be mended."""
  python = _environment(session)
  if "--fix" in session.posargs:
    _run(session, python, "-m", "ruff", "check", "--fix", ".")
    _run(session, python, "-m", "ruff", "format", ".")
    return
  _run(session, python, "-m", "ruff", "check", ".")
  _run(session, python, "-m", "ruff", "format", "--check", ".")


@nox.session(tags=["tests"])
def types(session: nox.Session) -> None:
  """Checks the types of the packages that need no TensorFlow."""
  _run(session, _environment(session), "-m", "mypy", *session.posargs)


@nox.session
@nox.parametrize("cell", _CELLS)
def tests(session: nox.Session, cell: str) -> None:
  """Runs every test that the cell can run; `-- PATH...` only those."""
  python = _environment(session, cell)
  totals = suite.run(
    python, cell=cell, table=_TABLE, only=tuple(session.posargs)
  )
  print(totals, flush=True)
  if not totals.is_success:
    if _TABLE.named(cell).gates:
      session.error(f"cell {cell}: tests failed")
    session.warn(f"cell {cell} does not gate: its failures are a warning")


@nox.session
def demo(session: nox.Session) -> None:
  """Checks the guide's network, and prints the guide's numbers beside ours."""
  python = _environment(session)
  report = _ROOT / ".nox" / "demo.json"
  case = os.path.join("testing", "models", "inception_resnet_v2_parity.py")
  _run(session, python, "-m", "parity", "check", case, "--json", str(report))
  _run(session, python, "-m", "testing.demo", str(report))


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
