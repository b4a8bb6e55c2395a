"""Tests of parity.tf.replay, on traces of a few ops."""

from __future__ import annotations

import dataclasses

from absl.testing import absltest
import numpy as np

from parity.records import trace as trace_lib
from parity.tf import replay


def _tensor(value, *, shape=None, dtype="float32", root=None):
  if value is not None:
    value = np.asarray(value, dtype)
    shape = value.shape
  return trace_lib.TensorRecord(
    shape=shape, dtype=dtype, value=value, root=root
  )


def _batch_norm(reserve_shape):
  """A trace of FusedBatchNormV3 in training mode and its moving mean."""
  x = np.arange(8).reshape(1, 2, 2, 2)
  ones, zeros = np.ones(2), np.zeros(2)
  tensors = [
    _tensor(x, root="input:x"),
    *[_tensor(v, root=f"variable:{i}") for i, v in enumerate([ones, zeros])],
    # While training it wants no estimates; 1.15 insists that they are empty.
    *[_tensor(np.zeros(0), root=f"constant:{i}") for i in range(2)],
    _tensor(x),
    *[_tensor(ones) for _ in range(4)],
    _tensor(np.zeros(reserve_shape)),
    _tensor(None, shape=(), dtype="resource"),
    _tensor(ones),
  ]
  ops = (
    trace_lib.OpRecord(
      name="bn",
      scope="",
      op_type="FusedBatchNormV3",
      inputs=(0, 1, 2, 3, 4),
      outputs=(5, 6, 7, 8, 9, 10),
      attributes={"T": "float32", "is_training": True, "epsilon": 0.001},
    ),
    trace_lib.OpRecord(
      name="assign",
      scope="",
      op_type="AssignVariableOp",
      inputs=(11, 6),
      outputs=(12,),
      attributes={"dtype": "float32"},
    ),
  )
  return trace_lib.Trace(ops=ops, tensors=tuple(tensors), outputs={"y": 5})


class ReplayTest(absltest.TestCase):
  def test_reserve_output_of_any_shape_is_no_gap(self):
    # oneDNN gives it the shape (0,), without oneDNN it is a scalar.
    for shape in ((0,), ()):
      found = replay.replay(_batch_norm(shape))
      self.assertTrue(found.complete, shape)
      self.assertEqual(found.tensors[5].value.dtype, np.float64)
      np.testing.assert_allclose(found.tensors[6].value, [3.0, 4.0])

  def test_reserve_output_of_any_shape_is_no_gap_in_its_own_dtype(self):
    for shape in ((0,), ()):
      found = replay.replay(_batch_norm(shape), wide=False)
      self.assertTrue(found.complete, (shape, found.notes))
      self.assertEqual(found.tensors[5].value.dtype, np.float32)
      np.testing.assert_allclose(found.tensors[6].value, [3.0, 4.0])

  def test_variable_that_is_overwritten_needs_no_value_before(self):
    found = replay.replay(_batch_norm(()))
    np.testing.assert_allclose(found.tensors[12].value, [3.0, 4.0])

  def test_kernel_that_gives_float32_whatever_it_gets_goes_on_in_float64(self):
    image = np.arange(8).reshape(1, 2, 2, 2)
    resize = trace_lib.OpRecord(
      name="resize",
      scope="",
      op_type="ResizeBilinear",
      inputs=(0, 1),
      outputs=(2,),
      attributes={
        "T": "float32",
        "align_corners": False,
        "half_pixel_centers": False,
      },
    )
    add = trace_lib.OpRecord(
      name="add",
      scope="",
      op_type="AddV2",
      inputs=(2, 0),
      outputs=(3,),
      attributes={"T": "float32"},
    )
    tensors = (
      _tensor(image, root="input:x"),
      _tensor([2, 2], dtype="int32", root="constant:size"),
      _tensor(image),
      _tensor(2 * image),
    )
    found = replay.replay(trace_lib.Trace(ops=(resize, add), tensors=tensors))
    self.assertTrue(found.complete, found.notes)
    self.assertEqual(found.tensors[3].value.dtype, np.float64)
    np.testing.assert_array_equal(found.tensors[3].value, 2.0 * image)

  def test_op_that_has_only_float32_is_run_in_it(self):
    image = np.arange(16).reshape(1, 4, 4, 1)
    boxes = [[0.0, 0.0, 1.0, 1.0]]
    crop = trace_lib.OpRecord(
      name="crop",
      scope="",
      op_type="CropAndResize",
      inputs=(0, 1, 2, 3),
      outputs=(4,),
      attributes={
        "T": "float32",
        "method": "bilinear",
        "extrapolation_value": 0.0,
      },
    )
    tensors = (
      _tensor(image, root="input:x"),
      _tensor(boxes, root="input:boxes"),
      _tensor([0], dtype="int32", root="constant:owner"),
      _tensor([2, 2], dtype="int32", root="constant:size"),
      _tensor(np.zeros([1, 2, 2, 1])),
    )
    found = replay.replay(trace_lib.Trace(ops=(crop,), tensors=tensors))
    self.assertTrue(found.complete, found.notes)
    np.testing.assert_array_equal(
      found.tensors[4].value, image[:, ::3, ::3].astype(np.float64)
    )

  def test_op_that_the_model_has_in_float64_is_not_run_in_less(self):
    op = trace_lib.OpRecord(
      name="lrn",
      scope="",
      op_type="LRN",
      inputs=(0,),
      outputs=(1,),
      attributes={"T": "float64"},
    )
    x = _tensor(np.ones([1, 1, 1, 2]), dtype="float64", root="input:x")
    trace = trace_lib.Trace((op,), (x, x), {"y": 1})
    self.assertFalse(replay.replay(trace).complete)

  def test_only_what_is_wanted_is_recorded_where_that_is_asked(self):
    trace = _batch_norm(())
    found = replay.replay(
      dataclasses.replace(trace, wanted=(6,), only_wanted=True)
    )
    np.testing.assert_allclose(found.tensors[6].value, [3.0, 4.0])
    self.assertEqual(found.tensors[5].value.dtype, np.float64)
    self.assertIs(found.tensors[12], trace.tensors[12])

  def test_digests_may_be_left_out(self):
    trace = _batch_norm(())
    whole = replay.replay(trace)
    found = replay.replay(dataclasses.replace(trace, digests=False))
    self.assertEqual({tensor.digest for tensor in found.tensors}, {""})
    self.assertTrue(found.complete)
    for left, right in zip(whole.tensors, found.tensors):
      np.testing.assert_array_equal(left.value, right.value)
      self.assertEqual(left.peak, right.peak)

  def test_op_that_cannot_be_run_is_told(self):
    trace = _batch_norm(())
    missing = trace_lib.OpRecord(
      name="gone",
      scope="",
      op_type="NoSuchOp",
      inputs=(0,),
      outputs=(5,),
      attributes={},
    )
    found = replay.replay(
      trace_lib.Trace(ops=(missing,), tensors=trace.tensors, outputs={"y": 5})
    )
    self.assertFalse(found.complete)
    self.assertNotEmpty(found.notes)

  def test_a_handle_is_no_result_and_no_reason_to_stop(self):
    tensors = (_tensor(None, shape=(), dtype="resource"), _tensor([1.0, 2.0]))
    op = trace_lib.OpRecord(
      name="mutex",
      scope="",
      op_type="MutexV2",
      inputs=(),
      outputs=(0,),
      attributes={"container": "", "shared_name": ""},
    )
    trace = trace_lib.Trace((op,), tensors, {"y": 1})
    found = replay.replay(trace)
    self.assertFalse(found.complete)
    np.testing.assert_array_equal(found.tensors[1].value, [1.0, 2.0])

  def test_complex_numbers_are_widened_too(self):
    tensors = [
      _tensor([1, 2j, 0, 1], dtype="complex64", root="input:x"),
      _tensor([0, 0, 0, 0], dtype="complex64"),
    ]
    op = trace_lib.OpRecord(
      name="fft",
      scope="",
      op_type="FFT",
      inputs=(0,),
      outputs=(1,),
      attributes={"Tcomplex": "complex64"},
    )
    found = replay.replay(trace_lib.Trace((op,), tuple(tensors), {"y": 1}))
    self.assertTrue(found.complete, found.notes)
    self.assertEqual(found.tensors[1].value.dtype, np.complex128)


if __name__ == "__main__":
  absltest.main()
