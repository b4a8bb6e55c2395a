"""How many representable numbers lie between two floating-point numbers?

A distance in units in the last place does not depend on the size of a number,
so one figure says for a whole tensor whether rounding may explain it.

1. The bits of a float, read as sign and magnitude, are monotone in its value:
   -0 and +0 become 0, the next number above becomes 1, the next below -1.
2. The distance is the difference of these integers. It fits in an unsigned
   integer of the float's own width, so nothing overflows and nothing widens.

All of this is exact. bfloat16 may come as the extension type (any library's)
or as a uint16 view of its bits; NumPy itself has no such type.

Source: B. Dawson, "Comparing Floating Point Numbers, 2012 Edition".
"""

from __future__ import annotations

from typing import Tuple

import numpy as np

BINS = 65
"""Bins of a histogram: 0, then [2^k, 2^(k+1)) for k from 0 to 63."""

_SIGNED = {1: np.int8, 2: np.int16, 4: np.int32, 8: np.int64}
_UNSIGNED = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}

# Below this distance it is faster to count by threshold than by exponent.
_NEAR = 128
_POWERS = tuple(np.uint8(1 << bit) for bit in range(7))


def is_bfloat16(dtype: np.dtype) -> bool:
  """Whether this is bfloat16 of ml_dtypes, of TensorFlow, or of JAX.

  Or its bits as they are read from a file where none of them is there.
  """
  return dtype.name == "bfloat16" or dtype.names == ("bfloat16",)


def is_supported(dtype: np.dtype) -> bool:
  """Whether numbers of this type have a distance in units in the last place."""
  if dtype.kind == "f":
    return dtype.itemsize in (2, 4, 8)
  return is_bfloat16(dtype)


def signed_bits(array: np.ndarray) -> np.ndarray:
  """The bits of a float array as signed integers of its width; a view.

  Args:
    array: contiguous, native byte order; a uint16 array holds bfloat16 bits.

  Raises:
    TypeError: the type has no such bits, such as an integer or longdouble.
  """
  if not (is_supported(array.dtype) or array.dtype == np.uint16):
    raise TypeError(
      "Units in the last place need float16, bfloat16, float32 or float64, "
      f"found {array.dtype}."
    )
  return _viewed(array, _SIGNED[array.dtype.itemsize])


def bit_distance(reference: np.ndarray, other: np.ndarray) -> np.ndarray:
  """Distance of two arrays of `signed_bits`, as unsigned of the same width."""
  unsigned = _UNSIGNED[reference.dtype.itemsize]
  if reference.size and np.bitwise_xor(reference, other).min() < 0:
    left, right = _ordered(reference), _ordered(other)
    # Modulo the type's range, which an unsigned difference cannot leave.
    distance = np.maximum(left, right) - np.minimum(left, right)
    return _viewed(distance, unsigned)
  # Of equal sign, the magnitudes differ as the bits do; it cannot overflow.
  distance = np.subtract(reference, other)
  np.absolute(distance, out=distance)
  return _viewed(distance, unsigned)


def near_limit(dtype: np.dtype) -> float:
  """The relative difference below which `near_distance` holds."""
  digits = 7 if is_bfloat16(dtype) else np.finfo(dtype).nmant
  # A unit in the last place is at least 2 ** -(digits + 2) of the number that
  # it belongs to, or of one just above; 64 of them leave room for rounding.
  return float(2.0 ** (4 - digits))


def near_distance(
  reference: np.ndarray, other: np.ndarray, *, scratch: np.ndarray
) -> np.ndarray:
  """As `bit_distance`, in bytes, of numbers that are nearly equal.

  Args:
    reference: `signed_bits`.
    other: the same, each nearer to its reference than by `near_limit`, and 0
      where its reference is 0.
    scratch: memory, at least as large as one of them.
  """
  # So near, signs are equal but of zeros, whose bits differ in the sign alone,
  # which the last byte leaves out; and the distance is less than 128.
  apart = scratch.view(reference.dtype)[: reference.size]
  distance = np.subtract(reference, other, out=apart).astype(np.int8)
  np.absolute(distance, out=distance)
  return _viewed(distance, np.uint8)


def ulp_distance(reference: np.ndarray, other: np.ndarray) -> np.ndarray:
  """Units in the last place between two float arrays of one type and shape.

  >>> ulp_distance(np.float32([1, 0.0]), np.float32([1.0000001, -0.0])).tolist()
  [1, 0]

  Args:
    reference: float16, bfloat16, float32 or float64; uint16 for bfloat16 bits.
    other: of the same type and shape.

  Returns:
    uint64 of the same shape. NaN is 0 from NaN, and 2**64 - 1 from a number.

  Raises:
    TypeError: the types differ, or have no units in the last place.
    ValueError: the shapes differ.
  """
  if reference.dtype.name != other.dtype.name:
    raise TypeError(
      "Units in the last place need one type on both sides, found "
      f"{reference.dtype} and {other.dtype}."
    )
  if reference.shape != other.shape:
    raise ValueError(
      "Units in the last place need one shape on both sides, found "
      f"{reference.shape} and {other.shape}."
    )
  left = signed_bits(_native(reference))
  right = signed_bits(_native(other))
  distance = bit_distance(left, right).astype(np.uint64)
  left_nan = _is_nan(left, reference.dtype)
  right_nan = _is_nan(right, other.dtype)
  distance[left_nan & right_nan] = 0
  distance[left_nan ^ right_nan] = np.iinfo(np.uint64).max
  return distance.reshape(reference.shape)


def histogram(distances: np.ndarray) -> np.ndarray:
  """Counts the distances 0, 1, 2-3, 4-7 and so on.

  >>> histogram(np.array([0, 1, 1, 2, 3, 9], np.uint64))[:5].tolist()
  [1, 2, 2, 0, 1]

  Args:
    distances: one axis, unsigned.

  Returns:
    int64 of shape (BINS,).
  """
  counts = np.zeros(BINS, np.int64)
  if not distances.size:
    return counts
  most = int(distances.max())
  far = 0
  if most >= _NEAR:
    is_far = distances >= distances.dtype.type(_NEAR)
    far = int(np.count_nonzero(is_far))
    if far > distances.size // 8:
      return _histogram_by_exponent(distances)
    counts += _histogram_by_exponent(distances[is_far])
    distances = np.minimum(distances, distances.dtype.type(_NEAR))
  # Bytes compare several times faster than words.
  near = distances.astype(np.uint8, copy=False)
  bits = min(most, _NEAR - 1).bit_length()
  at_least = near.size
  for bit in range(bits):
    reached = int(np.count_nonzero(near >= _POWERS[bit]))
    counts[bit] = at_least - reached
    at_least = reached
  counts[bits] = at_least - far
  return counts


def trimmed(counts: np.ndarray) -> Tuple[int, ...]:
  """A histogram without its empty upper bins.

  >>> trimmed(np.array([3, 0, 1, 0, 0]))
  (3, 0, 1)
  """
  used = np.flatnonzero(counts)
  end = int(used[-1]) + 1 if used.size else 0
  return tuple(int(count) for count in counts[:end])


def _ordered(bits: np.ndarray) -> np.ndarray:
  """Integers in the order of the floats: the magnitude, or minus it."""
  width = 8 * bits.dtype.itemsize
  sign = bits >> bits.dtype.type(width - 1)
  magnitude = bits & np.iinfo(bits.dtype).max
  magnitude ^= sign
  magnitude -= sign
  return magnitude


def _histogram_by_exponent(distances: np.ndarray) -> np.ndarray:
  """Reads the bin off the exponent of the distance, made a float."""
  one = distances.dtype.type(1)
  # Without the second highest bit no conversion can round up to a power of 2.
  leading = distances & ~(distances >> one)
  exponents = leading.astype(np.float32).view(np.int32) >> 23
  exponents -= 126
  np.maximum(exponents, 0, out=exponents)
  return np.bincount(exponents, minlength=BINS).astype(np.int64)


def _native(array: np.ndarray) -> np.ndarray:
  """One axis, contiguous, in native byte order."""
  flat = np.ascontiguousarray(array).reshape(-1)
  if array.dtype.kind == "f" and not array.dtype.isnative:
    flat = flat.astype(array.dtype.newbyteorder("="))
  return flat


def _viewed(array: np.ndarray, dtype: type) -> np.ndarray:
  """The same memory as another type of the same width."""
  view: np.ndarray = array.view(dtype)
  return view


def _is_nan(bits: np.ndarray, dtype: np.dtype) -> np.ndarray:
  """Where the bits are those of a NaN: a magnitude above infinity's."""
  magnitude = np.bitwise_and(bits, np.iinfo(bits.dtype).max)
  if dtype.kind == "f":
    infinity = np.array([np.inf], dtype.newbyteorder("=")).view(bits.dtype)[0]
  else:
    infinity = bits.dtype.type(0x7F80)
  is_nan: np.ndarray = magnitude > infinity
  return is_nan
