"""Tests of `parity show` and `parity diff`: whole, without TensorFlow."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile

from absl.testing import absltest
import numpy as np

from parity.checks import registry
from parity.cli import main
from parity.golden import bundle
from parity.records import facts as facts_lib
from testing import fakes

_ROOT = os.path.dirname(
  os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
)


def make_golden(side="tf1", *, output=(1.0, 2.0), **changes):
  """A golden that answers every check's Request of one side."""
  facts = facts_lib.CaseFacts(name="my_model")
  requests = []
  for check in registry.CHECKS:
    if check.skip(facts) is None:
      plan = check.plan(facts, 42)
      requests.append(plan.tf1 if side == "tf1" else plan.tf2)
  recordings = [
    fakes.make_recording(
      side,
      request=request,
      outputs=(fakes.make_output("logits", np.float32(output)),),
      **changes,
    )
    for request in dict.fromkeys(requests)
    if request is not None
  ]
  return fakes.make_golden(*recordings, case=facts)


class CommandTestCase(absltest.TestCase):
  """Goldens in a folder, and the command line."""

  def setUp(self):
    super().setUp()
    self.folder = tempfile.mkdtemp(dir=absltest.TEST_TMPDIR.value)
    self.addCleanup(shutil.rmtree, self.folder)

  def _store(self, name, golden):
    path = os.path.join(self.folder, name)
    bundle.write_golden(path, golden)
    return path

  def _run(self, *argv):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
      status = main.main(argv)
    return status, out.getvalue(), err.getvalue()


class DiffTest(CommandTestCase):
  def test_two_sides_that_agree_pass(self):
    left = self._store("a", make_golden("tf1"))
    right = self._store("b", make_golden("tf2"))
    status, out, err = self._run("diff", left, right)
    self.assertEqual((status, err), (0, ""))
    self.assertIn("random_training         pass", out)
    self.assertIn("recorded in the same place", out)

  def test_the_same_side_twice_is_held_against_itself(self):
    for side in ("tf1", "tf2"):
      left = self._store(f"{side}-a", make_golden(side))
      right = self._store(f"{side}-b", make_golden(side, output=(1.0, 2.1)))
      self.assertEqual(self._run("diff", left, left)[0], 0)
      status, out, _ = self._run("diff", left, right)
      self.assertEqual(status, 1)
      self.assertIn("output logits", out)

  def test_another_tolerance_judges_again(self):
    left = self._store("a", make_golden("tf1"))
    right = self._store("b", make_golden("tf2", output=(1.0, 2.001)))
    self.assertEqual(self._run("diff", left, right)[0], 1)
    self.assertEqual(self._run("diff", left, right, "--atol", "0.01")[0], 0)
    self.assertEqual(self._run("diff", left, right, "--rtol", "0.01")[0], 0)
    status = self._run("diff", left, right, "--rtol", "0", "--atol", "1e-4")[0]
    self.assertEqual(status, 1)

  def test_json_holds_every_pair_and_what_differs_between_the_places(self):
    other = fakes.make_identity(versions={"tensorflow": "1.15.5"})
    left = self._store("a", make_golden("tf1", identity=other))
    right = self._store("b", make_golden("tf2"))
    path = os.path.join(self.folder, "out.json")
    self._run("diff", left, right, "--json", path, "--steps", "random_training")
    with open(path, encoding="utf-8") as file:
      written = json.load(file)
    self.assertEqual(written["verdict"], "pass")
    self.assertLen(written["checks"], 1)
    names = {pair["name"] for pair in written["checks"][0]["comparisons"]}
    self.assertContainsSubset({"logits", "net/fc/kernel"}, names)
    self.assertIn("TensorFlow 1.15.5 -> 2.21.0", " ".join(written["notes"]))

  def test_goldens_of_other_cases_are_refused(self):
    left = self._store("a", make_golden("tf1"))
    case = facts_lib.CaseFacts(name="another")
    right = self._store("b", fakes.make_golden(case=case))
    status, _, err = self._run("diff", left, right)
    self.assertEqual(status, 2)
    self.assertIn("another case: my_model is held against another", err)

  def test_goldens_of_other_seeds_are_refused(self):
    request = fakes.make_request(seed=7)
    left = self._store("a", make_golden("tf1"))
    right = self._store(
      "b", fakes.make_golden(fakes.make_recording(request=request))
    )
    status, _, err = self._run("diff", left, right)
    self.assertEqual(status, 2)
    self.assertIn("with seed 42", err)

  def test_what_a_golden_does_not_hold_is_an_error_and_no_verdict(self):
    recording = make_golden("tf1").recordings[1]
    left = self._store("a", fakes.make_golden(recording))
    right = self._store("b", make_golden("tf2"))
    status, out, _ = self._run("diff", left, right)
    self.assertEqual(status, 2)
    # Where lines break depends on how long the golden's path is.
    self.assertIn("holds no recording of: tf1 graph", " ".join(out.split()))

  def test_a_damaged_golden_is_an_error_in_the_json_too(self):
    left = self._store("a", make_golden())
    os.unlink(os.path.join(left, "tensors.safetensors"))
    path = os.path.join(self.folder, "out.json")
    status, _, err = self._run("diff", left, left, "--json", path)
    self.assertEqual(status, 2)
    self.assertIn("has no tensors.safetensors", err)
    with open(path, encoding="utf-8") as file:
      self.assertEqual(json.load(file)["verdict"], "error")

  def test_a_limit_must_be_a_number(self):
    for text in ("-1", "inf", "x"):
      status, _, err = self._run("diff", "a", "b", f"--atol={text}")
      self.assertEqual(status, 2)
      self.assertIn("a limit is a finite number", err)


class ShowTest(CommandTestCase):
  def test_a_golden_is_shown_with_where_it_was_recorded(self):
    status, out, _ = self._run("show", self._store("a", make_golden()))
    self.assertEqual(status, 0)
    for text in ("my_model", "side      tf1", "TensorFlow 2.21.0", "seed"):
      self.assertIn(text, out)
    self.assertIn("graph, initial weights, training: 1 variable, 1 output", out)
    self.assertNotIn("net/fc/kernel", out)

  def test_verbose_shows_every_tensor(self):
    _, out, _ = self._run("show", self._store("a", make_golden()), "-v")
    self.assertIn("variable net/fc/kernel [4, 3] float32 trainable", out)
    self.assertIn("output   logits [2] float32 1 to 2", out)

  def test_what_is_no_golden_is_refused(self):
    status, _, err = self._run("show", self.folder)
    self.assertEqual(status, 2)
    self.assertIn("is no golden: it has no manifest.json", err)

  def test_neither_command_imports_tensorflow(self):
    path = self._store("a", make_golden())
    program = (
      "import sys\n"
      "from parity.cli import main\n"
      f"status = main.main(['show', {path!r}])\n"
      f"status += main.main(['diff', {path!r}, {path!r}])\n"
      "names = [n for n in sys.modules if n.split('.')[0] == 'tensorflow']\n"
      "print(status, names)"
    )
    answer = subprocess.run(
      [sys.executable, "-c", program],
      cwd=_ROOT,
      stdin=subprocess.DEVNULL,
      stdout=subprocess.PIPE,
      check=True,
    )
    self.assertEqual(answer.stdout.decode().splitlines()[-1], "0 []")


if __name__ == "__main__":
  absltest.main()
