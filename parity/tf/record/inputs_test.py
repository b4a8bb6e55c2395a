"""Tests of parity.tf.record.inputs."""

from __future__ import annotations

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from parity import case as case_lib
from parity import errors
from parity.tf.record import inputs


def _make(nest, seed=42):
  return inputs.make_inputs(case_lib.Case(inputs=nest, tf1=min), seed)


class MakeInputsTest(parameterized.TestCase):
  def test_a_callable_gets_a_stream_of_the_seed(self):
    def draw(rng):
      return {"x": rng.normal(size=3)}

    np.testing.assert_array_equal(_make(draw, 7)["x"], _make(draw, 7)["x"])
    self.assertFalse(np.array_equal(_make(draw, 7)["x"], _make(draw, 8)["x"]))

  def test_leaves_become_arrays_and_the_form_stays(self):
    found = _make({"x": (1.5, np.ones(2, np.int64)), "ok": True})
    self.assertEqual(found["x"][0].dtype, np.float64)
    self.assertEqual(found["x"][1].dtype, np.int64)
    self.assertEqual(found["ok"].dtype, np.bool_)

  def test_text_is_an_input(self):
    self.assertEqual(_make({"words": "one two"})["words"].shape, ())
    self.assertEqual(_make(np.array([b"a", b"bc"], object)).dtype, object)

  @parameterized.parameters(
    (lambda _: None,), (lambda _: {},), (lambda _: [[], ()],)
  )  # fmt: skip
  def test_no_array_at_all_is_refused(self, nest):
    with self.assertRaisesRegex(errors.CaseError, "`inputs` gave no array"):
      _make(nest)

  def test_what_is_no_array_is_refused_by_name(self):
    with self.assertRaisesRegex(errors.CaseError, "'x/0' is no array .* set"):
      _make({"x": [{1, 2}]})

  def test_paths_go_with_their_arrays(self):
    found = inputs.by_path(_make({"a": [1.0, 2.0]}))
    self.assertEqual({k: float(v) for k, v in found.items()},
                     {"a/0": 1.0, "a/1": 2.0})  # fmt: skip


class MoveTest(parameterized.TestCase):
  @parameterized.parameters("float16", "float32", "float64")
  def test_moves_every_number_by_one_ulp_up_or_down(self, dtype):
    array = np.linspace(0.5, 2, 64).astype(dtype)
    moved = inputs.move_one_ulp(array, np.random.RandomState(1))
    self.assertEqual(moved.dtype, array.dtype)
    up = moved == np.nextafter(array, np.array(np.inf, dtype))
    down = moved == np.nextafter(array, np.array(-np.inf, dtype))
    self.assertTrue(np.all(up | down))
    self.assertTrue(np.any(up))
    self.assertTrue(np.any(down))

  def test_zeros_and_what_is_not_finite_stay(self):
    array = np.array([0.0, np.nan, np.inf, -np.inf])
    moved = inputs.move_one_ulp(array, np.random.RandomState(1))
    np.testing.assert_array_equal(moved, array)

  def test_whole_numbers_stay(self):
    array = np.arange(3)
    rng = np.random.RandomState(1)
    self.assertIs(inputs.move_one_ulp(array, rng), array)


if __name__ == "__main__":
  absltest.main()
