"""How do arrays lie in one file? As safetensors, written and mapped in place.

1. `write_tensors` streams the arrays into a `.safetensors` file: no copy as
   large as the file is made in memory.
2. `map_tensors` opens it: the safetensors library validates the header, sizes
   and overlaps before anything is read, then each array is a view of the mapped
   file. Nothing is executed and nothing is unpickled.

Dtypes that the format or NumPy lacks travel as bytes, with their own dtype in
the file's metadata: bfloat16 and complex as views, text as UTF-8 in an array of
offsets and bytes. A reader that knows safetensors alone sees those as `U8`.
Where no library here makes a bfloat16, it is read as its bits in a structured
dtype whose one field is called `bfloat16`, which `compare` takes for the same.
"""

from __future__ import annotations

from concurrent import futures
import contextlib
import io
import json
import os
import struct
import sys
from typing import (
  Any,
  Callable,
  Dict,
  Iterator,
  List,
  Mapping,
  Optional,
  Tuple,
)

import numpy as np
import safetensors

from parity import errors
from parity.records import strict_json

Feed = Callable[[memoryview], None]

# What is written at a time; it stays in the processor's cache for a checksum.
_BLOCK = 1 << 20
# Names of the format for the dtypes that NumPy and the format share.
_FORMAT_NAMES = {
  "float64": "F64",
  "float32": "F32",
  "float16": "F16",
  "int64": "I64",
  "int32": "I32",
  "int16": "I16",
  "int8": "I8",
  "uint64": "U64",
  "uint32": "U32",
  "uint16": "U16",
  "uint8": "U8",
  "bool": "BOOL",
}
# bfloat16 where there is none: its bits, under its name.
_BITS = np.dtype([("bfloat16", "<u2")])
_NUMPY_NAMES = {name: dtype for dtype, name in _FORMAT_NAMES.items()}
# What a header that lies may lead to.
_UNFIT = (
  AttributeError,
  KeyError,
  MemoryError,
  OverflowError,
  RecursionError,
  TypeError,
  ValueError,
)
_TEXT = "text"
_SPECIAL = "parity"
_BFLOAT16 = "bfloat16"
# What else may travel as bytes; any other name in a file is damage.
_VIEWED = frozenset((
  "complex128",
  "complex64",
  "float8_e4m3fn",
  "float8_e5m2",
  "int2",
  "int4",
  "uint2",
  "uint4",
))  # fmt: skip


def _is_text(array: np.ndarray) -> bool:
  return array.dtype.kind in "OSU"


def _text_to_bytes(array: np.ndarray) -> bytes:
  items: List[bytes] = [
    item if isinstance(item, bytes) else str(item).encode()
    for item in array.reshape(-1)
  ]
  offsets = np.cumsum([0] + [len(item) for item in items]).astype("<u8")
  return offsets.tobytes() + b"".join(items)


def _text_from_bytes(buffer: np.ndarray, shape: Tuple[int, ...]) -> np.ndarray:
  count = 1
  for size in shape:
    count *= size
  table = 8 * (count + 1)
  if buffer.size < table:
    raise errors.GoldenError("A text array is shorter than its own table.")
  offsets = np.frombuffer(buffer[:table].tobytes(), "<u8")
  body = buffer[table:].tobytes()
  if np.any(np.diff(offsets.astype(np.float64)) < 0) or (
    int(offsets[-1]) != len(body)
  ):
    raise errors.GoldenError("A text array's table does not fit its bytes.")
  found = np.empty(count, object)
  for index in range(count):
    found[index] = body[int(offsets[index]) : int(offsets[index + 1])]
  return found.reshape(shape)


def _as_stored(array: np.ndarray) -> np.ndarray:
  """The array as contiguous little-endian bytes; a view where it can be."""
  if _is_text(array):
    return np.frombuffer(_text_to_bytes(array), np.uint8)
  if array.dtype.byteorder == ">":
    array = array.astype(array.dtype.newbyteorder("<"))
  return np.ascontiguousarray(array)


def stored_bytes(array: np.ndarray) -> memoryview:
  """The bytes that stand for an array in a file; a view where it can be."""
  return _as_stored(array).reshape(-1).view(np.uint8).data


def dtype_name(array: np.ndarray) -> str:
  """The name of an array's dtype in a file; `text` for every kind of text."""
  if _is_text(array):
    return _TEXT
  return _BFLOAT16 if array.dtype == _BITS else str(array.dtype.name)


def write_tensors(
  path: str,
  arrays: Mapping[str, np.ndarray],
  *,
  sync: bool = True,
  feed: Optional[Feed] = None,
) -> int:
  """Writes arrays into a safetensors file.

  Args:
    path: the file; replaced if it is there.
    arrays: any NumPy arrays by key, of any shape.
    sync: wait until the disk has it.
    feed: is given all bytes of the file in order, in a thread beside the
      writing; such as the `update` of a checksum.

  Returns:
    The file's size in bytes.
  """
  header: Dict[str, object] = {}
  special: Dict[str, Dict[str, object]] = {}
  stored: List[np.ndarray] = []
  offset = 0
  for key in sorted(arrays):
    array = np.asarray(arrays[key])
    if _is_text(array):
      array, text_shape = _as_stored(array), array.shape
      special[key] = {"dtype": _TEXT, "shape": list(text_shape)}
    name = _FORMAT_NAMES.get(array.dtype.name)
    shape = list(array.shape)
    if name is None:
      special[key] = {"dtype": dtype_name(array), "shape": shape}
      name, shape = "U8", [array.nbytes]
    header[key] = {
      "dtype": name,
      "shape": shape,
      "data_offsets": [offset, offset + array.nbytes],
    }
    offset += array.nbytes
    stored.append(array)
  header["__metadata__"] = {_SPECIAL: json.dumps(special, sort_keys=True)}
  text = json.dumps(header, sort_keys=True).encode()
  text += b" " * (-len(text) % 8)
  # Whoever has mapped what is there keeps it; truncating it would kill them.
  with contextlib.suppress(FileNotFoundError):
    os.unlink(path)
  with open(path, "xb", buffering=0) as file:
    with _writer(file, feed) as write:
      write(memoryview(struct.pack("<Q", len(text)) + text))
      for array in stored:
        # One at a time: where it is no view it is a copy.
        write(stored_bytes(array))
    if sync:
      os.fsync(file.fileno())
  return 8 + len(text) + offset


@contextlib.contextmanager
def _writer(
  file: io.RawIOBase, feed: Optional[Feed]
) -> Iterator[Callable[[memoryview], None]]:
  """What writes bytes, and beside it feeds them to whoever wants them."""
  with futures.ThreadPoolExecutor(1) as pool:

    def write(found: memoryview) -> None:
      for start in range(0, found.nbytes, _BLOCK):
        block = found[start : start + _BLOCK]
        fed = None if feed is None else pool.submit(feed, block)
        written = 0
        while written < block.nbytes:
          written += file.write(block[written:]) or 0
        if fed is not None:
          fed.result()

    yield write


def map_tensors(path: str) -> Dict[str, np.ndarray]:
  """Maps the arrays of a safetensors file; nothing is read until it is used.

  Args:
    path: a file that `write_tensors` or any safetensors writer wrote.

  Returns:
    Read-only arrays by key.

  Raises:
    GoldenError: the file is no valid safetensors file.
  """
  try:
    with safetensors.safe_open(path, framework="np") as opened:
      metadata = opened.metadata() or {}
    with open(path, "rb") as file:
      (length,) = struct.unpack("<Q", file.read(8))
      header = strict_json.loads(file.read(length))
  except (OSError, ValueError, struct.error, safetensors.SafetensorError) as e:
    raise errors.GoldenError(f"{path} is no valid safetensors file: {e}") from e
  header.pop("__metadata__", None)
  size = os.path.getsize(path) - 8 - length
  body = (
    np.memmap(path, np.uint8, "r", 8 + length, (size,))
    if size
    else np.empty(0, np.uint8)
  )
  try:
    special = strict_json.loads(metadata.get(_SPECIAL, "{}"))
    return {
      key: _view(body, entry, special.get(key)) for key, entry in header.items()
    }
  except _UNFIT as error:
    raise errors.GoldenError(
      f"{path} holds an array that cannot be viewed: {error}"
    ) from error


def _view(
  body: np.ndarray, entry: Dict[str, Any], special: Optional[Dict[str, Any]]
) -> np.ndarray:
  start, end = entry["data_offsets"]
  part = body[start:end]
  shape = tuple(entry["shape"])
  if special is None:
    dtype = _dtype(_NUMPY_NAMES.get(str(entry["dtype"]), str(entry["dtype"])))
    return part.view(dtype).reshape(shape)
  shape = tuple(special["shape"])
  if any(type(size) is not int or size < 0 for size in shape):
    raise ValueError(f"its shape is {list(shape)}")
  if special["dtype"] == _TEXT:
    return _text_from_bytes(part, shape)
  return part.view(_dtype(str(special["dtype"]))).reshape(shape)


def _dtype(name: str) -> np.dtype:
  if name in ("BF16", _BFLOAT16):
    return _bfloat16()
  if name in _VIEWED and not name.startswith("complex"):
    try:
      import ml_dtypes
    except ImportError as error:
      raise ValueError(f"its dtype {name} needs ml_dtypes") from error
    return np.dtype(getattr(ml_dtypes, name))
  if name not in _FORMAT_NAMES and name not in _VIEWED:
    raise ValueError(f"its dtype {name!r} is not known")
  return np.dtype(name)


def _bfloat16() -> np.dtype:
  try:
    import ml_dtypes  # Comes with TensorFlow from 2.12 on.
  except ImportError:
    pass
  else:
    return np.dtype(ml_dtypes.bfloat16)
  tensorflow = sys.modules.get("tensorflow")
  if tensorflow is not None:
    return np.dtype(tensorflow.bfloat16.as_numpy_dtype)
  return _BITS
