"""Tests of the check variables_match: each difference, and its silent twin."""

from __future__ import annotations

from absl.testing import absltest
from absl.testing import parameterized

from parity.checks import variables_match
from testing import fakes


def _judge(tf1, tf2):
  evidence = fakes.make_evidence(
    fakes.make_recording("tf1", variables=tuple(tf1)),
    fakes.make_recording("tf2", variables=tuple(tf2)),
  )
  return variables_match.CHECK.judge(evidence)


def _variable(name="net/fc/kernel", **changes):
  return fakes.make_variable(name, **changes)


class VariablesMatchTest(parameterized.TestCase):
  def test_equal_inventories_pass_in_any_order(self):
    variables = [_variable("a", shape=(2,)), _variable("b", shape=(3,))]
    result = _judge(variables, variables[::-1])
    self.assertEqual((result.status, result.findings), ("pass", ()))
    self.assertEqual(result.summary, "2 variables on each side")

  def test_names_are_compared_after_the_renaming(self):
    result = _judge(
      [_variable("fc/weights")],
      [_variable("dense/kernel", tf1_name="fc/weights")],
    )
    self.assertEqual(result.status, "pass")

  def test_a_global_step_that_one_side_has_is_left_out_and_told(self):
    step = _variable(
      "net/global_step", shape=(), dtype="int64", trainable=False
    )
    kernel = _variable()
    for sides in (([step, kernel], [kernel]), ([kernel], [kernel, step])):
      result = _judge(*sides)
      self.assertEqual(result.status, "pass")
      self.assertLen(result.notes, 1)
      self.assertIn("net/global_step", result.notes[0])

  def test_a_global_step_of_both_sides_is_compared(self):
    step = _variable("global_step", shape=(), dtype="int64", trainable=False)
    other = _variable("global_step", shape=(), dtype="int32", trainable=False)
    self.assertEqual(_judge([step], [step]).notes, ())
    (finding,) = _judge([step], [other]).findings
    self.assertEqual(finding.cause, "variable_dtype")

  def test_another_counter_or_a_trained_scalar_is_missing(self):
    for name, changes in (
      ("net/seen", {"dtype": "int64", "trainable": False}),
      ("net/global_step", {"dtype": "float32", "trainable": True}),
    ):
      result = _judge([_variable(name, shape=(), **changes)], [])
      self.assertEqual(result.findings[0].cause, "variable_missing")

  def test_partitions_that_make_up_one_variable_are_one_finding(self):
    result = _judge(
      [
        _variable("emb/table/part_0", shape=(6, 4)),
        _variable("emb/table/part_1", shape=(5, 4)),
        _variable("emb/bias", shape=(4,)),
      ],
      [
        _variable("emb/table", shape=(11, 4)),
        _variable("emb/bias", shape=(4,)),
      ],
    )
    self.assertLen(result.findings, 1)
    self.assertEqual(result.findings[0].cause, "variable_missing")
    self.assertEqual(result.findings[0].where.variable, "emb/table")
    self.assertIn("2 partitions", result.findings[0].message)

  def test_partitions_that_do_not_make_it_up_stay_missing(self):
    result = _judge(
      [
        _variable("emb/table/part_0", shape=(6, 4)),
        _variable("emb/table/part_1", shape=(6, 4)),
      ],
      [_variable("emb/table", shape=(11, 4))],
    )
    self.assertEqual(
      [f.cause for f in result.findings],
      ["variable_missing", "variable_extra"],
    )

  @parameterized.parameters(
    ("variable_shape", {"shape": (3, 4)}, "shape (4, 3) on tf1, (3, 4) in the"),
    (
      "variable_dtype",
      {"dtype": "float64"},
      "dtype float32 on tf1, float64 in",
    ),
    (
      "variable_trainable",
      {"trainable": False},
      "trainable True on tf1, False",
    ),
  )
  def test_another_property_is_a_finding_of_its_own(
    self, cause, changes, words
  ):
    result = _judge(
      [_variable(source="tf1.py:1")], [_variable(source="tf2.py:2", **changes)]
    )
    self.assertEqual([f.cause for f in result.findings], [cause])
    finding = result.findings[0]
    self.assertIn(words, finding.message)
    self.assertEqual(finding.where.variable, "net/fc/kernel")
    self.assertEqual(finding.where.tf1.source, "tf1.py:1")
    self.assertEqual(finding.where.tf2.source, "tf2.py:2")

  def test_a_variable_of_tf1_alone_is_missing(self):
    result = _judge(
      [_variable("a"), _variable("b", shape=(7,))], [_variable("a")]
    )
    self.assertEqual([f.cause for f in result.findings], ["variable_missing"])
    self.assertIn("The port has no b", result.findings[0].message)

  def test_one_that_the_port_creates_and_does_not_track_is_told_so(self):
    result = _judge(
      [_variable("scale")],
      [_variable("scale", tracked=False, source="port.py:5")],
    )
    self.assertEqual([f.cause for f in result.findings], ["variable_missing"])
    self.assertIn("does not track scale", result.findings[0].message)
    self.assertEqual(result.findings[0].where.tf2.source, "port.py:5")

  def test_a_variable_of_the_port_alone_is_extra(self):
    result = _judge(
      [_variable("a")], [_variable("a"), _variable("b", shape=(7,))]
    )
    self.assertEqual([f.cause for f in result.findings], ["variable_extra"])
    self.assertEqual(result.findings[0].where.variable, "b")

  def test_an_untracked_variable_that_tf1_lacks_too_is_silent(self):
    counter = _variable("counter", shape=(), tracked=False)
    self.assertEqual(
      _judge([_variable()], [_variable(), counter]).status, "pass"
    )

  def test_what_later_calls_created_is_left_to_the_other_check(self):
    again = _variable("net/fc_1/kernel", call=2)
    self.assertEqual(_judge([_variable()], [_variable(), again]).status, "pass")

  def test_probable_partners_are_proposed_as_a_rename(self):
    result = _judge(
      [
        _variable("net/fc/kernel", shape=(4, 3)),
        _variable("other", shape=(5,)),
      ],
      [
        _variable("net/fc/weights", shape=(4, 3)),
        _variable("other", shape=(5,)),
      ],
    )
    finding = result.findings[0]
    self.assertEqual(finding.cause, "variable_renamed")
    self.assertIn("'net/fc/weights': 'net/fc/kernel'", finding.hint)
    self.assertLen(result.findings, 1)

  def test_a_stack_under_other_names_is_paired_with_the_dict_to_paste(self):
    result = _judge(
      [_variable(f"net/fc{i}/weights", shape=(4, 4)) for i in (1, 2)]
      + [_variable("net/out/w", shape=(4, 2))],
      [_variable(f"{n}/kernel", shape=(4, 4)) for n in ("dense", "dense_1")]
      + [_variable("out/w", shape=(4, 2))],
    )
    self.assertEqual([f.cause for f in result.findings], ["variable_renamed"])
    self.assertEqual(
      result.findings[0].details[:5],
      (
        "rename={",
        "  'dense/kernel': 'net/fc1/weights',  # likely",
        "  'dense_1/kernel': 'net/fc2/weights',  # likely",
        "  'out/w': 'net/out/w',",
        "}",
      ),
    )
    self.assertIn("is certain net/out/w", result.findings[0].details[-1])

  def test_a_hint_holds_three_renames_and_of_more_says_where_they_are(self):
    for count in (3, 4):
      shapes = [(size, 7) for size in range(2, 2 + count)]
      result = _judge(
        [_variable(f"net/fc{s[0]}/weights", shape=s) for s in shapes],
        [_variable(f"net/fc{s[0]}/kernel", shape=s) for s in shapes],
      )
      (finding,) = result.findings
      told = finding.hint.count("/weights'")
      self.assertEqual(told, 3 if count == 3 else 0)
      self.assertEqual("among the details (-v)" in finding.hint, count == 4)

  def test_one_that_was_renamed_and_transposed_is_told_so(self):
    result = _judge(
      [_variable("net/fc/weights", shape=(4, 3))],
      [_variable("fc/kernel", shape=(3, 4))],
    )
    self.assertEqual([f.cause for f in result.findings], ["variable_shape"])
    self.assertIn("is likely net/fc/weights", result.findings[0].message)
    self.assertIn("transposed", result.findings[0].message)

  def test_the_same_name_transposed_is_told_so(self):
    result = _judge([_variable(shape=(4, 3))], [_variable(shape=(3, 4))])
    self.assertIn("(3, 4) in the port, transposed", result.findings[0].message)
    result = _judge([_variable(shape=(4, 3))], [_variable(shape=(4, 2))])
    self.assertNotIn("transposed", result.findings[0].message)

  def test_what_is_only_possible_is_told_beside_what_is_missing(self):
    result = _judge(
      [_variable("a/q", shape=(4,))],
      [_variable("b/r", shape=(4,)), _variable("c/s", shape=(4,))],
    )
    self.assertEqual(
      [f.cause for f in result.findings], ["variable_missing", "variable_extra"]
    )
    self.assertIn("b/r is possibly a/q", result.findings[0].message)

  def test_a_name_that_one_side_has_twice_is_told_with_both_counts(self):
    result = _judge([_variable("w")], [_variable("w"), _variable("w")])
    self.assertEqual(result.status, "fail")
    told = " ".join(f.message for f in result.findings)
    self.assertIn("1 variables of the tf1 side and 2 of the port", told)


if __name__ == "__main__":
  absltest.main()
