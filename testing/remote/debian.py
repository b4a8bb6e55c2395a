"""How does a newer Debian's program run here, without installing it?

Its package and all that it needs are unpacked into a folder, and it is started
by the loader and with the libraries of that folder. What it starts runs as
ever, with this machine's own.
"""

from __future__ import annotations

import pathlib
import re
import shutil
import subprocess
from typing import List, Optional

_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
_LIBRARIES = "usr/lib/x86_64-linux-gnu"
# What packages want of a system; nothing of it is run.
_PRESENT = ("adduser", "debconf", "perl-base")
_STATUS = """\
Package: {name}
Status: install ok installed
Maintainer: nobody <nobody@localhost>
Architecture: all
Multi-Arch: foreign
Version: 9999:0
Description: stands for itself

"""


def unpack(
  package: str, folder: pathlib.Path, *, suite: str
) -> Optional[pathlib.Path]:
  """Unpacks a package of a suite; the root of what it holds.

  Args:
    package: its name.
    folder: an empty folder.
    suite: such as `unstable`.

  Returns:
    None where it cannot be had: apt then has said why.
  """
  mirror = _mirror()
  if mirror is None:
    return None
  for name in ("state/lists/partial", "cache/archives/partial", "root"):
    (folder / name).mkdir(parents=True)
  status = "".join(_STATUS.format(name=name) for name in _PRESENT)
  (folder / "state" / "status").write_text(status)
  (folder / "sources.list").write_text(
    f"deb [signed-by={_KEYRING}] {mirror} {suite} main\n"
  )
  apt = _private_apt(folder)
  download = [*apt, "install", "-y", "--download-only", package]
  for command in ([*apt, "update"], download):
    done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
      return None
  root = folder / "root"
  for each in (folder / "cache" / "archives").glob("*.deb"):
    subprocess.run(["dpkg-deb", "-x", str(each), str(root)], check=True)
  return root


def command(root: pathlib.Path, program: str) -> List[str]:
  """What starts a program of an unpacked package."""
  libraries = root / _LIBRARIES
  loader = libraries / "ld-linux-x86-64.so.2"
  path = root / "usr" / "bin" / program
  return [str(loader), "--library-path", str(libraries), str(path)]


def write_program(root: pathlib.Path, program: str) -> pathlib.Path:
  """A script that starts a program of an unpacked package, for others."""
  script = root / program
  words = " ".join(f"'{word}'" for word in command(root, program))
  script.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
  script.chmod(0o755)
  return script


def _mirror() -> Optional[str]:
  """The mirror from which this machine takes its own packages."""
  if shutil.which("apt-get") is None:
    return None
  asked = subprocess.run(
    ["apt-get", "--print-uris", "update"],
    stdout=subprocess.PIPE,
    stderr=subprocess.DEVNULL,
    text=True,
    check=False,
  )
  found = re.search(
    r"^'(\S+?)/dists/[a-z]+/InRelease'", asked.stdout, re.MULTILINE
  )
  return None if found is None else found.group(1)


def _private_apt(folder: pathlib.Path) -> List[str]:
  """Apt that knows nothing of this machine's packages, and changes none."""
  options = {
    "Dir::State": folder / "state",
    "Dir::State::status": folder / "state" / "status",
    "Dir::Cache": folder / "cache",
    "Dir::Etc::sourcelist": folder / "sources.list",
    "Dir::Etc::sourceparts": "/dev/null",
    "Dir::Etc::preferences": "/dev/null",
    "Dir::Etc::preferencesparts": "/dev/null",
    "APT::Install-Recommends": "false",
    "APT::Sandbox::User": "root",
    "Acquire::Languages": "none",
    "Debug::NoLocking": "1",
  }
  words = [word for o, v in options.items() for word in ("-o", f"{o}={v}")]
  return ["apt-get", "-qq", *words]
