"""How are numbers of this type compared, and what is the type called?

Each dtype belongs to one family; `blocks` has one way of measuring for each.

- `float`: float16, bfloat16, float32, float64, and the 8-bit floats and small
  integers of extension types, by exact widening.
- `wide`: complex numbers and longdouble, in their widest own type.
- `integer`: exact differences, whatever the width.
- `equality`: bool, text, bytes, objects, dates and structured types, between
  whose elements there is no distance.
"""

from __future__ import annotations

import numpy as np

from parity.compare import ulp

FLOAT = "float"
WIDE = "wide"
INTEGER = "integer"
EQUALITY = "equality"


def is_extension(dtype: np.dtype) -> bool:
  """Whether a library outside NumPy made this a numeric type."""
  numeric = dtype.name.startswith(("bfloat", "float", "int", "uint"))
  return dtype.isbuiltin == 2 and numeric


def family_of(dtype: np.dtype) -> str:
  """The family of a dtype.

  >>> family_of(np.dtype(np.float16)), family_of(np.dtype("U3"))
  ('float', 'equality')
  """
  if ulp.is_supported(dtype) or is_extension(dtype):
    return FLOAT
  if dtype.kind in "cf":
    return WIDE
  if dtype.kind in "iu":
    return INTEGER
  return EQUALITY


def type_name(array: np.ndarray) -> str:
  """The name of an array's type, without byte order and length of text.

  An object array whose elements are all text, or all bytes, is called by their
  type: which of the two forms an array has depends on who made it.

  >>> type_name(np.array(["a"])), type_name(np.zeros(1, ">f4"))
  ('str', 'float32')
  """
  kind = array.dtype.kind
  if kind == "U":
    return "str"
  if kind == "S":
    return "bytes"
  if kind == "O" and array.size:
    for element_type in (bytes, str):
      if all(isinstance(element, element_type) for element in array.flat):
        return element_type.__name__
  return "bfloat16" if ulp.is_bfloat16(array.dtype) else str(array.dtype.name)


def numbers_of(array: np.ndarray) -> np.ndarray:
  """An array in a form that `blocks` can slice: bfloat16 as its bits."""
  if ulp.is_bfloat16(array.dtype):
    return array.view(np.uint16)
  return array


def readable(array: np.ndarray) -> np.ndarray:
  """The array, in a form whose elements are numbers; exact.

  That is the array itself, but for bfloat16 where no library makes one.
  """
  if array.dtype.names == ("bfloat16",):
    return widen_bfloat16(array["bfloat16"])
  return array


def widen_bfloat16(bits: np.ndarray) -> np.ndarray:
  """float32 of bfloat16 bits, which are its upper half; exact."""
  wide = bits.astype(np.uint32)
  wide <<= np.uint32(16)
  return wide.view(np.float32)
