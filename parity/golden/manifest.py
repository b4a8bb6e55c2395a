"""How is a golden written as one JSON file, which tells when it was altered?

1. The golden becomes a plain tree and its arrays; arrays of the same bytes are
   one, since a model's initial weights stand in most of its recordings.
2. The manifest holds the tree, the size and sha256 of each other file, and the
   sha256 of itself with sixty-four zeros in that place: no byte of a bundle can
   change unseen.
3. Reading goes the same way back. What does not fit is a GoldenError that names
   the damage; no class, path or code is taken from the file.

Certain: what is read is what was written, or an error. A checksum is no
signature: whoever can write the bundle can write another.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from typing import Any, Dict, List, Mapping, Sequence, Tuple

import numpy as np

from parity import errors
from parity.golden import contents
from parity.records import codec
from parity.records import golden as golden_lib
from parity.records import strict_json
from parity.records import vocabulary

SCHEMA = "parity.golden/1"
NAME = "manifest.json"
TENSORS = "tensors.safetensors"

_ZEROS = "0" * 64
_FIELDS = ("schema", "sha256", "files", "golden")


@dataclasses.dataclass(frozen=True, eq=False)
class Manifest:
  """A manifest that has been read.

  Attributes:
    files: the bundle's other files.
    tree: the golden, its arrays by key.
  """

  files: Tuple[golden_lib.StoredFile, ...]
  tree: Any


def plain_golden(golden: golden_lib.Golden) -> codec.Plain:
  """The golden's tree, and its arrays, each content once."""
  plain = codec.to_plain(golden)
  found = contents.Contents()
  renamed = {key: found.add(key, array) for key, array in plain.arrays.items()}
  return codec.Plain(_renamed(plain.tree, renamed), found.arrays)


def _renamed(tree: Any, names: Mapping[str, str]) -> Any:
  if isinstance(tree, dict):
    if set(tree) == {codec.ARRAY}:
      return {codec.ARRAY: names[tree[codec.ARRAY]]}
    return {key: _renamed(item, names) for key, item in tree.items()}
  if isinstance(tree, list):
    return [_renamed(item, names) for item in tree]
  return tree


def to_bytes(tree: Any, files: Sequence[golden_lib.StoredFile]) -> bytes:
  """The manifest's bytes: the same for the same golden.

  Args:
    tree: of `plain_golden`.
    files: the bundle's other files.
  """
  text = json.dumps(
    {
      "schema": SCHEMA,
      "sha256": _ZEROS,
      "files": {f.name: {"size": f.size, "sha256": f.sha256} for f in files},
      "golden": tree,
    },
    indent=1,
    allow_nan=False,
  )
  blank = (text + "\n").encode("ascii")
  digest = hashlib.sha256(blank).hexdigest().encode("ascii")
  return blank.replace(_ZEROS.encode("ascii"), digest, 1)


def from_bytes(found: bytes, *, path: str) -> Manifest:
  """Reads a manifest and checks it; its files are still to be looked at.

  Args:
    found: the file's bytes.
    path: for messages.

  Raises:
    GoldenError: it is damaged, or of another schema.
  """
  try:
    read = strict_json.loads(found.decode("ascii"))
  except ValueError as error:
    raise errors.GoldenError(
      f"{path} is damaged: it is no JSON ({error})."
    ) from error
  if not isinstance(read, dict) or not isinstance(read.get("schema"), str):
    raise errors.GoldenError(f"{path} is no manifest: it names no schema.")
  if read["schema"] != SCHEMA:
    raise errors.GoldenError(
      f"{path} has the schema {read['schema']!r}, which is not known here; this"
      f" parity reads {SCHEMA!r}. Another version of parity may read it; or"
      " record it again."
    )
  _check_digest(read, found, path)
  if sorted(read) != sorted(_FIELDS):
    raise errors.GoldenError(
      f"{path} is damaged: it must hold {', '.join(_FIELDS)}, found"
      f" {', '.join(sorted(map(str, read)))}."
    )
  return Manifest(_files(read["files"], path), read["golden"])


def _check_digest(read: Dict[str, Any], found: bytes, path: str) -> None:
  digest = read.get("sha256")
  if isinstance(digest, str) and len(digest) == len(_ZEROS):
    written = digest.encode("ascii", "replace")
    blank = found.replace(written, _ZEROS.encode("ascii"), 1)
    if hashlib.sha256(blank).hexdigest() == digest:
      return
  raise errors.GoldenError(
    f"{path} is damaged or was altered: its sha256 is not the one it names."
    " Record it again, or take it anew from where it came from."
  )


def _files(tree: Any, path: str) -> Tuple[golden_lib.StoredFile, ...]:
  if not isinstance(tree, dict) or TENSORS not in tree:
    raise errors.GoldenError(f"{path} is damaged: it names no {TENSORS}.")
  found: List[golden_lib.StoredFile] = []
  for name, entry in tree.items():
    if name != os.path.basename(name) or name in ("", ".", "..", NAME):
      raise errors.GoldenError(
        f"{path} names the file {name!r}, which leads out of its directory or"
        " is no file of a golden."
      )
    size = entry.get("size") if isinstance(entry, dict) else None
    digest = entry.get("sha256") if isinstance(entry, dict) else None
    if type(size) is not int or size < 0 or not isinstance(digest, str):
      raise errors.GoldenError(
        f"{path} is damaged: {name} must have a size and a sha256."
      )
    found.append(golden_lib.StoredFile(name, size, digest))
  return tuple(found)


def golden_of(
  manifest: Manifest, arrays: Mapping[str, np.ndarray], *, path: str
) -> golden_lib.Golden:
  """The golden that a manifest and its arrays hold.

  Args:
    manifest: what was read.
    arrays: those of its tensors file, by key.
    path: for messages.

  Raises:
    GoldenError: the two do not fit each other, or hold no golden.
  """
  try:
    golden = codec.from_plain(golden_lib.Golden, manifest.tree, arrays)
    unused = set(arrays) - set(codec.array_keys(manifest.tree))
  except (ValueError, TypeError, RecursionError) as error:
    raise errors.GoldenError(f"{path} is damaged: {error}") from error
  if unused:
    raise errors.GoldenError(
      f"{path} is damaged: no recording has the array {min(unused)!r}."
    )
  requests = [recording.request for recording in golden.recordings]
  if not requests or golden.side not in vocabulary.SIDES:
    raise errors.GoldenError(f"{path} is damaged: it holds no recording.")
  if any(request.side != golden.side for request in requests):
    raise errors.GoldenError(
      f"{path} is damaged: it is of the {golden.side} side, but holds a"
      " recording of the other."
    )
  if len(set(requests)) < len(requests):
    raise errors.GoldenError(f"{path} is damaged: it holds a recording twice.")
  return golden
