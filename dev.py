#!/usr/bin/env python3
"""How does a person with Python and pip, and nothing else, work on parity?

    python3 dev.py demo     checks Inception-ResNet-v2 in the default cell
    python3 dev.py tests    lints, type-checks, and runs every test, in one cell
    python3 dev.py nox ...  runs any nox session, e.g. `nox -s "tests(tf2.8)"`
    python3 dev.py environment CELL  builds a cell's environment, and names it

1. Puts pinned, hash-checked nox and uv into a folder below `.nox` with pip's
   `--target`: this needs neither `venv` nor write access to the interpreter,
   and is allowed where the system manages its packages (PEP 668).
2. Runs nox, which builds what each session needs with that uv; or builds the
   one environment that Bazel asks for.

Only the standard library is used; Python 3.9 is enough.
"""

import hashlib
import os
import pathlib
import runpy
import shutil
import subprocess
import sys

_ROOT = pathlib.Path(__file__).resolve().parent
_LOCK = _ROOT / "third_party" / "locks" / "bootstrap.txt"

_SESSIONS = {
  "demo": ["-s", "demo"],
  "tests": ["-t", "tests"],
}

_USAGE = "usage: python3 dev.py demo | tests | nox ARGUMENTS | environment CELL"


def _target() -> pathlib.Path:
  """The folder for these pins and this interpreter."""
  digest = hashlib.sha256(_LOCK.read_bytes())
  digest.update(sys.version.encode())
  return _ROOT / ".nox" / f"bootstrap-{digest.hexdigest()[:12]}"


def _install(target: pathlib.Path) -> None:
  """Installs the pins into a folder that appears whole or not at all."""
  print(f"Setting up nox and uv in {target} (once) ...", flush=True)
  aside = target.with_name(f"{target.name}.{os.getpid()}")
  environment = dict(os.environ, PIP_USER="0", PIP_NO_INPUT="1")
  # A virtual environment or prefix asked for by configuration would collide
  # with --target.
  for name in (
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_REQUIRE_VIRTUALENV",
  ):
    environment.pop(name, None)
  command = [sys.executable, "-m", "pip", "install", "--quiet"]
  command += ["--disable-pip-version-check", "--target", str(aside)]
  command += ["--require-hashes", "--only-binary=:all:", "-r", str(_LOCK)]
  try:
    status = subprocess.run(
      command, env=environment, stdin=subprocess.DEVNULL, check=False
    ).returncode
    if status:
      sys.exit(
        f"dev.py: pip could not install the pins of {_LOCK} (above is why). "
        f"It needs pip for {sys.executable} (try `{sys.executable} -m pip "
        "--version`) and a package index that it can reach."
      )
    if not target.is_dir():  # Another call may have been faster.
      aside.rename(target)
  finally:
    shutil.rmtree(aside, ignore_errors=True)


def main() -> None:
  """Sets up nox and uv where needed, and runs nox in this process."""
  if sys.version_info < (3, 9):
    sys.exit(
      f"dev.py needs Python 3.9 or later; {sys.executable} is "
      f"{sys.version.split()[0]}. Run it with a newer one; cells with an older "
      "Python get their own."
    )
  arguments = sys.argv[1:]
  is_environment = arguments[:1] == ["environment"]
  if arguments and arguments[0] in ("nox", "environment"):
    options = arguments[1:]
  elif arguments and arguments[0] in _SESSIONS:
    options = _SESSIONS[arguments[0]] + arguments[1:]
  else:
    wanted = bool(arguments) and arguments[0] in ("-h", "--help")
    print(
      __doc__ if wanted else _USAGE, file=sys.stdout if wanted else sys.stderr
    )
    sys.exit(0 if wanted else 2)
  target = _target()
  if not target.is_dir():
    target.parent.mkdir(parents=True, exist_ok=True)
    _install(target)
  sys.path.insert(0, str(target))
  os.chdir(_ROOT)
  if is_environment:
    sys.path.insert(1, str(_ROOT))
    sys.argv = ["environments", *options]
    runpy.run_module("parity.environments", run_name="__main__")
    return
  sys.argv = ["nox", "-f", str(_ROOT / "noxfile.py"), *options]
  runpy.run_module("nox", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
  main()
