"""Tests of parity.golden.tensors: every dtype comes back, nothing else does."""

from __future__ import annotations

import json
import os
import struct

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from parity import errors
from parity.golden import tensors

_BITS = np.dtype([("bfloat16", "<u2")])


def write_raw(path, header, body=b""):
  """A safetensors file with any header."""
  text = json.dumps(header).encode() if isinstance(header, dict) else header
  with open(path, "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + body)


class RoundTripTest(parameterized.TestCase):
  def setUp(self):
    super().setUp()
    self.path = os.path.join(self.create_tempdir().full_path, "t.safetensors")

  def _back(self, array):
    tensors.write_tensors(self.path, {"x": array, "other": np.arange(3)})
    return tensors.map_tensors(self.path)["x"]

  @parameterized.parameters(
    *("float16", "float32", "float64", "bool", "int8", "int16", "int32"),
    *("int64", "uint8", "uint16", "uint32", "uint64", "complex64"),
  )
  def test_numbers_come_back_bit_for_bit(self, dtype):
    array = np.array([[0, 1, 2], [3, 4, 5]]).astype(dtype)
    found = self._back(array)
    self.assertEqual((found.dtype, found.shape), (array.dtype, (2, 3)))
    self.assertEqual(found.tobytes(), array.tobytes())

  @parameterized.parameters(((),), ((0,),), ((3, 0, 2),), ((1, 1),))
  def test_any_shape_comes_back(self, shape):
    found = self._back(np.ones(shape, np.float32))
    self.assertEqual(found.shape, shape)
    self.assertTrue(np.all(found == 1))

  def test_numbers_that_are_not_finite_come_back(self):
    array = np.array([np.nan, np.inf, -np.inf, -0.0], np.float16)
    self.assertEqual(self._back(array).tobytes(), array.tobytes())

  def test_bfloat16_comes_back_whether_a_library_knows_it_or_not(self):
    bits = np.array([0x3F80, 0x7FC0, 0x0001], "<u2")
    found = self._back(bits.view(_BITS))
    self.assertIn("bfloat16", (found.dtype.name, *(found.dtype.names or ())))
    self.assertEqual(found.tobytes(), bits.tobytes())
    again = self._back(found)
    self.assertEqual(
      (again.dtype, again.tobytes()), (found.dtype, bits.tobytes())
    )

  @parameterized.parameters(
    (np.array([["a", "\u00e9"], ["", "x\0y"]]),),
    (np.array([b"\xff\x00", b""], object),),
    (np.array("one"),),
    (np.zeros([0, 2], "U1"),),
  )
  def test_text_comes_back_as_bytes(self, array):
    found = self._back(array)
    self.assertEqual(found.shape, array.shape)
    for had, has in zip(array.reshape(-1), found.reshape(-1)):
      self.assertEqual(has, had if isinstance(had, bytes) else had.encode())

  def test_other_layouts_and_byte_orders_come_back_by_value(self):
    array = np.arange(12, dtype=">i4").reshape(3, 4).T
    np.testing.assert_array_equal(self._back(array), array)

  def test_the_same_arrays_are_the_same_bytes(self):
    arrays = {"b": np.ones(2), "a": np.zeros(3)}
    tensors.write_tensors(self.path, arrays)
    with open(self.path, "rb") as file:
      first = file.read()
    tensors.write_tensors(self.path, dict(reversed(list(arrays.items()))))
    with open(self.path, "rb") as file:
      self.assertEqual(file.read(), first)

  def test_arrays_are_mapped_not_read(self):
    found = self._back(np.ones(1000))
    self.assertIsInstance(found, np.memmap)
    self.assertFalse(found.flags.writeable)


class DamageTest(parameterized.TestCase):
  def setUp(self):
    super().setUp()
    self.path = os.path.join(self.create_tempdir().full_path, "t.safetensors")

  def _assert_refused(self):
    with self.assertRaises(errors.GoldenError):
      tensors.map_tensors(self.path)

  @parameterized.named_parameters(
    ("terabytes", [1 << 40], [0, 4 << 40], "F32", b"\0" * 8),
    ("more_than_there_is", [4], [0, 16], "F32", b"\0" * 8),
    ("a_shape_that_does_not_fit", [3], [0, 8], "F32", b"\0" * 8),
    ("a_start_after_the_end", [2], [8, 0], "F32", b"\0" * 8),
    ("a_negative_size", [-2], [0, 8], "F32", b"\0" * 8),
    ("an_unknown_dtype", [2], [0, 8], "OBJECT", b"\0" * 8),
    ("bytes_that_belong_to_nothing", [1], [0, 4], "F32", b"\0" * 8),
  )
  def test_a_header_that_lies_is_refused(self, shape, offsets, dtype, body):
    entry = {"dtype": dtype, "shape": shape, "data_offsets": offsets}
    write_raw(self.path, {"x": entry}, body)
    self._assert_refused()

  def test_a_header_longer_than_its_file_is_refused(self):
    with open(self.path, "wb") as file:
      file.write(struct.pack("<Q", 1 << 62) + b"{}")
    self._assert_refused()

  @parameterized.named_parameters(
    ("an_object", "object", [1]),
    ("a_pickle", "O", [1]),
    ("a_structure", "V8", [1]),
    ("no_text", 7, [1]),
    ("text_of_terabytes", "text", [1 << 40]),
    ("text_whose_size_wraps", "text", [1 << 32, 1 << 32]),
    ("text_of_negative_size", "text", [-5]),
    ("a_size_that_does_not_fit", "complex64", [5]),
    ("a_shape_of_words", "complex64", ["x"]),
  )
  def test_metadata_that_lies_is_refused(self, dtype, shape):
    special = json.dumps({"x": {"dtype": dtype, "shape": shape}})
    entry = {"dtype": "U8", "shape": [8], "data_offsets": [0, 8]}
    header = {"x": entry, "__metadata__": {"parity": special}}
    write_raw(self.path, header, b"\xff" * 8)
    self._assert_refused()

  @parameterized.parameters(b"", b"\0", b"not json", b"[]", b'{"x": 3}')
  def test_what_is_no_header_is_refused(self, text):
    write_raw(self.path, text)
    self._assert_refused()

  def test_a_file_of_another_writer_is_read(self):
    entry = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
    write_raw(self.path, {"x": entry}, struct.pack("<2f", 1.5, -2))
    self.assertEqual(tensors.map_tensors(self.path)["x"].tolist(), [1.5, -2])


if __name__ == "__main__":
  absltest.main()
