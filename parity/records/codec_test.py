"""Tests of parity.records.codec."""

from __future__ import annotations

import dataclasses
import json
import math

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from parity.records import codec
from parity.records import facts as facts_lib
from parity.records import recording as recording_lib
from parity.records import report as report_lib
from parity.records import request as request_lib
from parity.records import tolerance as tolerance_lib
from testing import fakes


def _round_trip(record):
  """The record as the other end of a pipe gets it."""
  plain = codec.to_plain(record)
  tree = json.loads(json.dumps(plain.tree, allow_nan=False))
  return codec.from_plain(type(record), tree, plain.arrays)


class RoundTripTest(parameterized.TestCase):
  @parameterized.parameters(
    fakes.make_request(training=True, weights_file="w.safetensors"),
    facts_lib.CaseFacts(
      name="net",
      tolerances=tolerance_lib.TolerancePolicy.from_spec(
        {"logits*": tolerance_lib.Tolerance(1e-3, 0)}
      ),
      functional=False,
      steps=("gradients",),
    ),
    fakes.make_identity(),
    fakes.make_report(fakes.make_check("gradients", "fail")),
  )
  def test_a_record_without_arrays_is_equal(self, record):
    self.assertEqual(_round_trip(record), record)

  def test_a_recording_keeps_its_arrays(self):
    recording = fakes.make_recording(
      losses=(recording_lib.LossRecord("l2", np.float32(0.25)),),
      loss=np.float64(3),
    )
    found = _round_trip(recording)
    self.assertEqual(found.request, recording.request)
    np.testing.assert_array_equal(
      found.variables[0].initial, recording.variables[0].initial
    )
    self.assertEqual(found.losses[0].value.dtype, np.float32)
    self.assertEqual(found.loss.dtype, np.float64)
    self.assertIsNone(found.checkpoint)

  def test_one_array_in_two_places_is_stored_once(self):
    variable = fakes.make_variable()
    self.assertIs(variable.initial, variable.final)
    self.assertLen(codec.to_plain(variable).arrays, 1)
    found = _round_trip(variable)
    self.assertIs(found.initial, found.final)

  def test_two_views_of_the_same_numbers_are_stored_once(self):
    whole = np.arange(6.0).reshape(2, 3)
    for other, count in ((whole[:], 1), (whole[:1], 2), (whole.T, 2)):
      plain = codec.to_plain(
        fakes.make_recording(inputs={"a": whole, "b": other})
      )
      inputs = [key for key in plain.arrays if key.startswith("/inputs/")]
      self.assertLen(inputs, count)
      found = codec.from_plain(
        recording_lib.Recording, plain.tree, plain.arrays
      )
      np.testing.assert_array_equal(found.inputs["b"], other)

  def test_numbers_that_no_array_holds_are_told_apart(self):
    inputs = {str(n): np.float32(n) for n in range(50)}
    found = _round_trip(fakes.make_recording(inputs=inputs)).inputs
    self.assertEqual({k: float(v) for k, v in found.items()}, inputs)

  def test_equal_arrays_that_are_two_are_stored_twice(self):
    variable = fakes.make_variable()
    variable = dataclasses.replace(variable, final=variable.initial.copy())
    self.assertLen(codec.to_plain(variable).arrays, 2)

  @parameterized.parameters(math.inf, -math.inf, math.nan, 1e-320)
  def test_any_float_survives(self, value):
    found = _round_trip(fakes.make_comparison(max_abs=value)).max_abs
    np.testing.assert_equal(found, value)

  def test_plain_values_of_any_type_survive(self):
    settings = {"rate": 0.1, "name": "adam", "nesterov": True, "none": None}
    record = recording_lib.OptimizerRecord("Adam", settings)
    self.assertEqual(_round_trip(record).settings, settings)

  def test_a_whole_number_may_stand_for_a_float(self):
    found = codec.from_plain(
      tolerance_lib.Tolerance, {"rtol": 0, "atol": 1}, {}
    )
    self.assertIs(type(found.atol), float)

  def test_fields_that_are_not_there_get_their_default(self):
    tree = {"side": "tf1", "mode": "graph"}
    self.assertEqual(
      codec.from_plain(request_lib.Request, tree, {}), fakes.make_request()
    )


class RefusalTest(parameterized.TestCase):
  def test_what_is_no_data_is_not_written(self):
    record = recording_lib.OptimizerRecord("Adam", {"rate": object()})
    with self.assertRaisesRegex(TypeError, "/settings/rate holds a object"):
      codec.to_plain(record)

  @parameterized.parameters(
    ({"side": "tf1", "mode": "graph", "colour": 1}, "no field 'colour'"),
    ({"side": "tf1"}, "mode"),
    ({"side": 1, "mode": "graph"}, "/side: expected str, found 1"),
    ({"side": "tf1", "mode": "graph", "seed": True}, "/seed: expected int"),
    ({"side": "tf1", "mode": "graph", "training": 1}, "/training: .*bool"),
    ({"side": "tf1", "mode": "graph", "seed": 1.5}, "/seed: expected int"),
    ([], "record: expected an object"),
  )
  def test_what_does_not_fit_a_record_is_named_with_its_place(
    self, tree, words
  ):
    with self.assertRaisesRegex(ValueError, words):
      codec.from_plain(request_lib.Request, tree, {})

  def test_what_is_no_float_is_named_with_its_place(self):
    for value in (
      10**400,
      {"$float": []},
      {"$float": "many"},
      {"$float": 10**400},
    ):
      with self.assertRaisesRegex(ValueError, "/rtol: expected a float"):
        codec.from_plain(tolerance_lib.Tolerance, {"rtol": value}, {})

  def test_a_whole_number_beyond_64_bits_is_no_array(self):
    tree = {"name": "l2", "value": 1 << 63}
    with self.assertRaisesRegex(ValueError, "/value: expected a number of 64"):
      codec.from_plain(recording_lib.LossRecord, tree, {})
    tree["value"] -= 1
    found = codec.from_plain(recording_lib.LossRecord, tree, {})
    self.assertEqual(found.value, (1 << 63) - 1)

  @parameterized.named_parameters(
    ("field", {"x" * 10**5: 1}),
    ("fields_of_a_dict", {"rtol": {"x" * 10**5: 1}}),
    ("value", {"rtol": "x" * 10**5}),
  )
  def test_what_is_long_is_told_in_short(self, tree):
    with self.assertRaises(ValueError) as caught:
      codec.from_plain(tolerance_lib.Tolerance, tree, {})
    self.assertLess(len(str(caught.exception)), 500)

  def test_an_array_that_is_not_there_is_named(self):
    plain = codec.to_plain(fakes.make_output())
    with self.assertRaisesRegex(ValueError, "/value: the array .* is missing"):
      codec.from_plain(recording_lib.OutputRecord, plain.tree, {})

  def test_a_list_of_another_length_is_named(self):
    tree = codec.to_plain(fakes.make_comparison()).tree
    tree["reference_nonfinite"] = [0, 0]
    with self.assertRaisesRegex(ValueError, "nonfinite: expected 3 items"):
      codec.from_plain(report_lib.Comparison, tree, {})


class ArrayKeysTest(absltest.TestCase):
  def test_are_those_that_a_tree_refers_to(self):
    plain = codec.to_plain(fakes.make_recording())
    self.assertEqual(set(codec.array_keys(plain.tree)), set(plain.arrays))
    self.assertNotEmpty(plain.arrays)


if __name__ == "__main__":
  absltest.main()
