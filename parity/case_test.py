"""Tests of parity.case."""

from __future__ import annotations

import os
import sys
import tempfile

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from parity import case as case_lib
from parity import errors
from parity.records import codec
from parity.records import facts as facts_lib
from parity.records import tolerance as tolerance_lib


def _case(**changes):
  fields = {
    "inputs": {"x": [1.0]},
    "tf1": lambda inputs, unused_training: inputs,
    "tf2": lambda: lambda inputs, unused_training: inputs,
  }
  return case_lib.Case(**{**fields, **changes})


class FieldsTest(parameterized.TestCase):
  def test_three_fields_are_enough_and_the_others_have_the_documented_default(
    self,
  ):
    case = _case()
    self.assertEqual((case.seed, case.train_steps), (42, 3))
    self.assertEqual(case.tolerance, tolerance_lib.Tolerance(1e-6, 1e-5))
    self.assertIsNone(case.functional)

  @parameterized.parameters("tf1", "tf2")
  def test_one_side_may_be_missing(self, side):
    self.assertIsNone(getattr(_case(**{side: None}), side))

  @parameterized.named_parameters(
    ("no_inputs", {"inputs": None}, "needs `inputs`"),
    ("no_side", {"tf1": None, "tf2": None}, "needs `tf1`, `tf2`, or both"),
    ("a_side_that_is_no_callable", {"tf1": 3}, "'tf1' must be a callable"),
    ("a_side_without_attribute", {"tf2": "module"}, "'module:attribute'"),
    ("loss", {"loss": 0.5}, "'loss' must be callable"),
    ("optimizer", {"tf1_optimizer": "adam"}, "'tf1_optimizer' must be"),
    ("seed", {"seed": -1}, "'seed' must be a whole number of at least 0"),
    ("bool_seed", {"seed": True}, "found True"),
    ("train_steps", {"train_steps": 0}, "at least 1, found 0"),
    ("tolerance", {"tolerance": 1e-3}, "must be a parity.Tolerance"),
    ("tolerances", {"tolerance": {"*": 1e-3}}, "found 0.001"),
    ("rename", {"rename": "prefix"}, "'rename' must be a dict or a callable"),
    ("name", {"name": 3}, "'name' must be text, found 3"),
    ("checkpoint", {"checkpoint": 3}, "'checkpoint' must be a path prefix"),
    ("functional", {"functional": "no"}, "must be True or False"),
    ("steps_text", {"steps": "gradients"}, "list of words, found 'gradients'"),
    ("tags_text", {"tags": "gpu"}, "list of words, found 'gpu'"),
  )
  def test_a_wrong_field_is_named_with_what_was_found(self, changes, words):
    with self.assertRaises(errors.CaseError) as caught:
      _case(**changes)
    self.assertIn(words, str(caught.exception))

  def test_an_unknown_field_is_told_with_the_nearest_and_all_others(self):
    with self.assertRaisesRegex(
      errors.CaseError, "'tolerence'.*mean 'tolerance'.*tags"
    ):
      _case(tolerence=1)

  def test_an_unknown_check_is_told_with_the_nearest(self):
    with self.assertRaisesRegex(errors.CaseError, "mean 'variables_match'"):
      _case(steps=["variable_match"])

  @parameterized.named_parameters(
    ("tolerance_key", {"tolerance": {3: tolerance_lib.Tolerance()}}, "key 3"),
    ("tags_number", {"tags": 3}, "'tags' must be a list of words, found 3"),
    ("steps_once", {"steps": iter(["gradients"])}, "'steps' must be a list of"),
    ("seed_float", {"seed": np.float64(3)}, "'seed' must be a whole number"),
    ("seed_bool", {"seed": np.bool_(True)}, "found True"),
    ("steps_numbers", {"steps": np.arange(2)}, "'steps' must be a list of"),
    ("name_of_numpy", {"name": np.int64(3)}, "'name' must be text, found 3"),
  )
  def test_what_else_is_wrong_is_named_with_what_was_found(
    self, changes, words
  ):
    with self.assertRaises(errors.CaseError) as caught:
      _case(**changes)
    self.assertIn(words, str(caught.exception))

  def test_numbers_and_words_of_numpy_are_taken_as_plain_ones(self):
    case = _case(
      name=np.str_("net"),
      seed=np.int64(7),
      train_steps=np.uint8(2),
      functional=np.bool_(False),
      steps=np.array(["gradients", "variables_match"]),
      tags=[np.str_("gpu")],
      tolerance=tolerance_lib.Tolerance(np.float32(0.5), np.int64(1)),
    )
    facts = case_lib.facts_of(case)
    found = (
      facts.name,
      facts.seed,
      facts.train_steps,
      facts.functional,
      *facts.steps,
      *facts.tags,
      facts.tolerances.default.rtol,
      facts.tolerances.default.atol,
    )
    wanted = ("net", 7, 2, False, "gradients", "variables_match", "gpu", 0.5, 1)
    self.assertEqual(found, wanted)
    self.assertEqual([type(v) for v in found], [type(v) for v in wanted])
    plain = codec.to_plain(facts)
    self.assertEmpty(plain.arrays)
    self.assertEqual(
      codec.from_plain(facts_lib.CaseFacts, plain.tree, {}), facts
    )


class RenameTest(absltest.TestCase):
  def test_names_stay_without_a_rename(self):
    self.assertEqual(_case().tf1_name("net/kernel"), "net/kernel")

  def test_a_dict_renames_what_it_holds(self):
    case = _case(rename={"net/kernel": "fc/weights"})
    self.assertEqual(case.tf1_name("net/kernel"), "fc/weights")
    self.assertEqual(case.tf1_name("net/bias"), "net/bias")

  def test_a_callable_that_gives_no_name_is_told(self):
    case = _case(rename=lambda unused_name: None)
    with self.assertRaisesRegex(errors.CaseError, "None for 'net/bias'"):
      case.tf1_name("net/bias")

  def test_a_dict_that_gives_no_name_is_told(self):
    case = _case(rename={"net/bias": 3})
    with self.assertRaisesRegex(errors.CaseError, "3 for 'net/bias'"):
      case.tf1_name("net/bias")
    self.assertEqual(case.tf1_name("net/kernel"), "net/kernel")


class TargetTest(parameterized.TestCase):
  @parameterized.parameters(
    ("a.py", "a.py", "CASE", "a"),
    ("dir/a_parity.py:SMALL", "dir/a_parity.py", "SMALL", "a_parity:SMALL"),
    ("strange:name.py", "strange:name.py", "CASE", "strange:name"),
  )
  def test_is_split_at_a_name(self, text, path, attribute, name):
    target = case_lib.Target.from_text(text)
    self.assertEqual(
      (target.path, target.attribute, target.name), (path, attribute, name)
    )

  def test_a_file_that_exists_as_it_is_is_not_split(self):
    with tempfile.TemporaryDirectory() as folder:
      path = os.path.join(folder, "odd:NAME")
      open(path, "w").close()
      self.assertEqual(case_lib.Target.from_text(path).path, path)


class LoadTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    self.folder = self.enter_context(tempfile.TemporaryDirectory())
    self.addCleanup(sys.path.__setitem__, slice(None), list(sys.path))

  def _file(self, text, name="net_parity.py"):
    path = os.path.join(self.folder, name)
    with open(path, "w") as file:
      file.write("import parity\nfields = dict(inputs=1, tf1=min)\n" + text)
    return path

  def test_a_case_gets_the_name_of_its_file(self):
    path = self._file("CASE = parity.Case(**fields)\nB = parity.Case(**fields)")
    self.assertEqual(case_lib.load_case(path).name, "net_parity")
    self.assertEqual(case_lib.load_case(f"{path}:B").name, "net_parity:B")

  def test_a_name_of_its_own_stays(self):
    path = self._file("CASE = parity.Case(name='mine', **fields)")
    self.assertEqual(case_lib.load_case(path).name, "mine")

  def test_modules_beside_the_file_are_found(self):
    self._file("WIDTH = 7", name="beside_the_case.py")
    path = self._file(
      "import beside_the_case\nCASE = parity.Case(\n"
      "  seed=beside_the_case.WIDTH, **fields)"
    )
    self.assertEqual(case_lib.load_case(path).seed, 7)

  def test_a_file_is_imported_once(self):
    path = self._file("CASE = parity.Case(**fields)")
    self.assertIs(case_lib.import_file(path), case_lib.import_file(path))

  def test_a_file_that_raised_is_imported_anew(self):
    path = self._file("raise KeyError('no')")
    with self.assertRaises(KeyError):
      case_lib.load_case(path)
    self._file("CASE = parity.Case(seed=5, **fields)  # a longer file")
    self.assertEqual(case_lib.load_case(path).seed, 5)

  def test_a_mistake_in_a_case_is_told_with_its_line(self):
    path = self._file("CASE = parity.Case(seeds=5, **fields)")
    with self.assertRaises(errors.CaseError) as caught:
      case_lib.load_case(path)
    self.assertStartsWith(
      str(caught.exception), f"{path}:3: parity.Case has no"
    )

  def test_what_is_no_case_file_is_told(self):
    for text, words in (
      ("", "has no CASE. Write"),
      ("SMALL = parity.Case(**fields)", "It holds: SMALL."),
      ("CASE = 'a case'", "is no parity.Case, found str"),
      ("CASE = (", "net_parity.py:3: the case file does not parse"),
    ):
      path = self._file(text)
      with self.subTest(text), self.assertRaises(errors.CaseError) as caught:
        case_lib.load_case(path)
      self.assertIn(words, str(caught.exception))
      self._forget()

  def test_a_missing_file_is_told_with_the_nearest(self):
    self._file("")
    missing = os.path.join(self.folder, "net_parityy.py")
    with self.assertRaisesRegex(errors.CaseError, "mean 'net_parity.py'"):
      case_lib.load_case(missing)

  def test_a_folder_is_told(self):
    with self.assertRaisesRegex(errors.CaseError, "is a folder; name a case"):
      case_lib.load_case(self.folder)

  def _forget(self):
    for name in [n for n in sys.modules if n.startswith("parity_case_")]:
      del sys.modules[name]


class ResolveTest(absltest.TestCase):
  def test_a_callable_is_itself(self):
    self.assertIs(case_lib.resolve_side(_case(tf1=min), "tf1"), min)

  def test_text_is_imported(self):
    case = _case(tf1="os.path:join")
    self.assertIs(case_lib.resolve_side(case, "tf1"), os.path.join)

  def test_a_missing_module_or_attribute_is_told(self):
    for text, words in (
      ("lost_module:net", "no module 'lost_module'"),
      ("os.lost:net", "no module 'os.lost'"),
      ("os.path:joint", "has no 'joint'. Did you mean 'join'"),
    ):
      with self.subTest(text), self.assertRaises(errors.CaseError) as caught:
        case_lib.resolve_side(_case(tf1=text), "tf1")
      self.assertIn(words, str(caught.exception))


class FactsTest(absltest.TestCase):
  def test_say_what_a_case_has_and_call_nothing(self):
    def never(*unused_arguments):
      raise AssertionError("called")

    facts = case_lib.facts_of(
      _case(
        name="net",
        inputs=never,
        tf1=None,
        loss=never,
        steps=["gradients"],
        tags=("gpu",),
      ),
      path="net_parity.py",
    )
    self.assertEqual((facts.name, facts.path), ("net", "net_parity.py"))
    self.assertEqual((facts.has_tf1, facts.has_tf2), (False, True))
    self.assertEqual((facts.has_loss, facts.has_optimizers), (True, False))
    self.assertEqual((facts.steps, facts.tags), (("gradients",), ("gpu",)))

  def test_no_words_are_none(self):
    for words in (None, (), []):
      facts = case_lib.facts_of(_case(tags=words, steps=words))
      self.assertEqual((facts.tags, facts.steps), ((), ()))
    self.assertEqual(case_lib.facts_of(_case(tags=["gpu"])).tags, ("gpu",))

  def test_one_optimizer_alone_is_none(self):
    self.assertFalse(case_lib.facts_of(_case(tf1_optimizer=min)).has_optimizers)
    both = _case(tf1_optimizer=min, tf2_optimizer=min)
    self.assertTrue(case_lib.facts_of(both).has_optimizers)


if __name__ == "__main__":
  absltest.main()
