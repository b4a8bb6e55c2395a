"""How does a golden come to lie in a directory, and out of it again?

A bundle holds `manifest.json` and `tensors.safetensors`, and nothing else.

1. `write_golden` fills a directory aside and renames it (see `place`), so a
   bundle is there whole or not at all.
2. `read_golden` trusts nothing: it takes regular files of the directory only,
   compares their sizes with the manifest before it reads them, their checksums
   before it believes them, and maps the arrays instead of loading them.

A bundle whose files are links to those of one other directory, as build tools
lay them out, is read from that directory; any other link is refused.
"""

from __future__ import annotations

import hashlib
import os
import stat
from typing import List, Tuple

from parity import errors
from parity.golden import manifest as manifest_lib
from parity.golden import place
from parity.golden import tensors
from parity.records import golden as golden_lib

# No manifest of a real model is near it.
_LARGEST_MANIFEST = 1 << 28
_BLOCK = 1 << 20


def write_golden(
  path: str, golden: golden_lib.Golden, *, replace: bool = False
) -> golden_lib.Bundle:
  """Writes a bundle, whole or not at all.

  Whoever calls holds the place (`place.claimed`).

  Args:
    path: where it is to be; its parent must exist.
    golden: what it is to hold.
    replace: whether a bundle that is there is replaced.

  Returns:
    The bundle as it lies there; the checksum of its arrays was made of what was
    written, and is not made again.

  Raises:
    GoldenError: something is there already.
    EnvironmentProblem: the system could not write it, such as a full disk.
  """
  if replace:
    require_replaceable(path)
  plain = manifest_lib.plain_golden(golden)
  try:
    with place.published(path, replace=replace) as folder:
      arrays = os.path.join(folder, manifest_lib.TENSORS)
      digest = hashlib.sha256()
      size = tensors.write_tensors(arrays, plain.arrays, feed=digest.update)
      stored = golden_lib.StoredFile(
        manifest_lib.TENSORS, size, digest.hexdigest()
      )
      written = manifest_lib.to_bytes(plain.tree, [stored])
      with open(os.path.join(folder, manifest_lib.NAME), "wb") as file:
        file.write(written)
        file.flush()
        os.fsync(file.fileno())
  except OSError as error:
    raise errors.EnvironmentProblem(
      f"Cannot write the golden {path}: {error.strerror or error}. Nothing of"
      " it was left."
    ) from error
  return _read(path, known=(stored,))


def require_replaceable(path: str) -> None:
  """Raises GoldenError unless there is nothing but a bundle, or nothing."""
  if not os.path.lexists(path):
    return
  if os.path.islink(path) or not os.path.isdir(path):
    raise errors.GoldenError(f"{path} is no directory, so no golden.")
  known = (manifest_lib.NAME, manifest_lib.TENSORS)
  others = sorted(name for name in os.listdir(path) if name not in known)
  if others:
    raise errors.GoldenError(
      f"{path} holds {others[0]}, which is no part of a golden, so it is not"
      " replaced. Name another place."
    )


def read_golden(path: str) -> golden_lib.Bundle:
  """Reads a bundle; its arrays are mapped, read-only.

  Args:
    path: its directory.

  Raises:
    GoldenError: there is none, or it is damaged; the message names the damage.
  """
  return _read(path)


def _read(
  path: str, *, known: Tuple[golden_lib.StoredFile, ...] = ()
) -> golden_lib.Bundle:
  """Reads a bundle; files that are known are not read for their checksums."""
  if not os.path.isdir(path):
    what = "is a file" if os.path.exists(path) else "does not exist"
    raise errors.GoldenError(
      f"{path} {what}; a golden is a directory that `parity record` writes."
    )
  name = os.path.join(path, manifest_lib.NAME)
  if not os.path.lexists(name):
    raise errors.GoldenError(f"{path} is no golden: it has no manifest.json.")
  folder = os.path.dirname(os.path.realpath(name))
  found = _read_bytes(_regular(path, manifest_lib.NAME, folder), path)
  manifest = manifest_lib.from_bytes(found, path=name)
  files: List[golden_lib.StoredFile] = []
  for expected in manifest.files:
    file = _regular(path, expected.name, folder)
    size = os.path.getsize(file)
    if size != expected.size:
      raise errors.GoldenError(
        f"{os.path.join(path, expected.name)} is damaged: it has {size} bytes,"
        f" its manifest says {expected.size}."
      )
    there = expected if expected in known else _stored(file)
    if there != expected:
      raise errors.GoldenError(
        f"{os.path.join(path, expected.name)} is damaged or was altered: its"
        " sha256 is not the one in its manifest. Record it again, or take it"
        " anew from where it came from."
      )
    files.append(there)
  arrays = tensors.map_tensors(os.path.join(folder, manifest_lib.TENSORS))
  golden = manifest_lib.golden_of(manifest, arrays, path=path)
  files.append(
    golden_lib.StoredFile(
      manifest_lib.NAME, len(found), hashlib.sha256(found).hexdigest()
    )
  )
  return golden_lib.Bundle(path, golden, tuple(files))


def _regular(path: str, name: str, folder: str) -> str:
  """A regular file of the bundle, without links.

  Args:
    path: the bundle's directory as it was named.
    name: the file's.
    folder: the directory in which the manifest really lies.
  """
  shown = os.path.join(path, name)
  file = os.path.join(folder, name)
  if not os.path.lexists(shown):
    raise errors.GoldenError(f"{path} is damaged: it has no {name}.")
  if os.path.realpath(shown) != file:
    raise errors.GoldenError(
      f"{shown} is a link that leads out of the golden; put the file there."
    )
  if not stat.S_ISREG(os.lstat(file).st_mode):
    raise errors.GoldenError(f"{shown} is damaged: it is no regular file.")
  return file


def _read_bytes(file: str, path: str) -> bytes:
  size = os.path.getsize(file)
  if size > _LARGEST_MANIFEST:
    raise errors.GoldenError(
      f"{path} is damaged: its manifest has {size} bytes, at most"
      f" {_LARGEST_MANIFEST} are read."
    )
  try:
    with open(file, "rb") as stream:
      return stream.read(_LARGEST_MANIFEST)
  except OSError as error:
    raise errors.GoldenError(f"{path} cannot be read: {error}.") from error


def _stored(file: str) -> golden_lib.StoredFile:
  """A file's name, size and checksum."""
  digest = hashlib.sha256()
  block = memoryview(bytearray(_BLOCK))
  size = 0
  try:
    with open(file, "rb", buffering=0) as stream:
      while True:
        count = stream.readinto(block)
        if not count:
          break
        digest.update(block[:count])
        size += count
  except OSError as error:
    raise errors.GoldenError(f"{file} cannot be read: {error}.") from error
  return golden_lib.StoredFile(os.path.basename(file), size, digest.hexdigest())
