"""Which arrays hold the same bytes? Those are stored once.

1. A small array is hashed. Of a large one only some pages are: most arrays that
   differ, differ there, so they are not read for this at all.
2. A large array is compared with the first of the same shape and pages, in
   blocks, up to the first that differs. Equal ones are read to their end;
   hashing both took seven times as long.
3. One that differs from that first is hashed, too, so each array is read twice
   at most, however many have the same pages.
"""

from __future__ import annotations

import hashlib
from typing import Any, Dict

import numpy as np

from parity.golden import tensors

_PAGE = 4096
_PAGES = 16
_BLOCK = 1 << 20


class Contents:
  """Gives arrays of the same content the key of the first of them."""

  def __init__(self) -> None:
    self._keys: Dict[Any, str] = {}
    self._large: Dict[Any, str] = {}
    self.arrays: Dict[str, np.ndarray] = {}

  def add(self, key: str, array: np.ndarray) -> str:
    """The key under which an array's content stands; `key` if it is new."""
    kind = (tensors.dtype_name(array), array.shape)
    stored = tensors.stored_bytes(array)
    if stored.nbytes <= _PAGE * _PAGES:
      found = self._keys.setdefault((kind, _digest(stored)), key)
    else:
      found = self._of_large(key, (kind, _digest_of_pages(stored)), stored)
    self.arrays.setdefault(found, array)
    return found

  def _of_large(self, key: str, alike: Any, stored: memoryview) -> str:
    first = self._large.setdefault(alike, key)
    if first == key or _are_equal(
      stored, tensors.stored_bytes(self.arrays[first])
    ):
      return first
    return self._keys.setdefault((alike, _digest(stored)), key)


def _digest(stored: memoryview) -> bytes:
  return hashlib.blake2b(stored, digest_size=20).digest()


def _digest_of_pages(stored: memoryview) -> bytes:
  """A digest of pages from the whole length, the first and last among them."""
  digest = hashlib.blake2b(digest_size=20)
  for page in range(_PAGES):
    start = (stored.nbytes - _PAGE) * page // (_PAGES - 1)
    digest.update(stored[start : start + _PAGE])
  return digest.digest()


def _are_equal(left: memoryview, right: memoryview) -> bool:
  """Whether two of the same length have the same bytes."""
  mine, yours = np.frombuffer(left, np.uint8), np.frombuffer(right, np.uint8)
  if mine.size != yours.size:
    return False
  if mine.__array_interface__["data"] == yours.__array_interface__["data"]:
    return True
  return all(
    np.array_equal(
      _words(mine[at : at + _BLOCK]), _words(yours[at : at + _BLOCK])
    )
    for at in range(0, mine.size, _BLOCK)
  )


def _words(block: np.ndarray) -> np.ndarray:
  """As words of eight bytes, which are compared faster, where it is so long."""
  return block.view(np.uint64) if block.size % 8 == 0 else block
