"""Tests of `parity checkpoint`: what is printed, and the exit status."""

from __future__ import annotations

import ast
import contextlib
import io

from absl.testing import absltest

from parity import errors
from parity.cli import main
from parity.cli import services as services_lib
from parity.records import checkpoint as checkpoint_lib
from testing import fakes

_LISTING = checkpoint_lib.Listing(
  "trained/model.ckpt-7",
  (
    checkpoint_lib.Entry("net/w", (2, 3), "float32", "weight"),
    checkpoint_lib.Entry(
      "train/net/w/Adam", (2, 3), "float32", "slot", "net/w", "Adam"
    ),
    checkpoint_lib.Entry("global_step", (), "int64", "counter"),
  ),
  is_order_known=True,
)


def _proposal(variable, entry, certainty="likely", turning=""):
  return checkpoint_lib.Proposal(
    variable, entry, certainty, "same shape", (2, 3), (2, 3), turning
  )


def _mapping(**changes):
  fields = {
    "found": {"net/b": "net/b"},
    "unfit": (),
    "proposals": (),
    "without_entry": (),
    "without_variable": (),
    **changes,
  }
  return checkpoint_lib.Mapping(case="net", listing=_LISTING, **fields)


def _run(*arguments, mapping=None, error=None):
  def read(path, *, options):
    del path, options
    return _LISTING

  def propose(path, target, *, options):
    del path, target, options
    if error is not None:
      raise error
    return mapping

  services = services_lib.Services(read_checkpoint=read, map_checkpoint=propose)
  out, err = io.StringIO(), io.StringIO()
  with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
    status = main.main(["checkpoint", *arguments], services=services)
  return status, out.getvalue(), err.getvalue()


def _rename_in(text):
  """The dict that is to be pasted, read as Python."""
  call = ast.parse(f"f({text[text.index('rename=') :]})", mode="eval").body
  return ast.literal_eval(call.keywords[0].value)


class ListTest(absltest.TestCase):
  def test_a_line_a_variable_with_what_belongs_to_it(self):
    status, out, _ = _run("ls", "trained/model.ckpt-7")
    self.assertEqual(status, 0)
    self.assertIn("1 variable, 1 slot, 1 counter, in the order of", out)
    self.assertIn("net/w        [2, 3]  float32  slot Adam in train", out)
    self.assertNotIn("train/net/w/Adam", out)

  def test_a_case_is_refused(self):
    status, _, err = _run("ls", "model.ckpt", "net_parity.py")
    self.assertEqual(status, 2)
    self.assertIn("takes one checkpoint and no case", err)

  def test_another_action_is_refused(self):
    self.assertEqual(_run("lst", "model.ckpt")[0], 2)


class MapTest(absltest.TestCase):
  def test_the_dict_to_paste_is_python_with_what_is_renamed_already(self):
    mapping = _mapping(
      found={"a/b": "net/b", "c": "c"},
      proposals=(_proposal("w", "net/w"), _proposal("it's", "u", "certain")),
    )
    status, out, _ = _run("map", "m.ckpt", "c.py", mapping=mapping)
    self.assertEqual(status, 0)
    self.assertEqual(
      _rename_in(out), {"a/b": "net/b", "w": "net/w", "it's": "u"}
    )
    self.assertIn("w is likely net/w (same shape)", out)
    self.assertIn("'w': 'net/w',  # likely", out)

  def test_nothing_to_rename_is_said(self):
    status, out, _ = _run("map", "m.ckpt", "c.py", mapping=_mapping())
    self.assertEqual(status, 0)
    self.assertIn("Nothing is to be renamed", out)

  def test_what_fits_nowhere_is_1(self):
    mapping = _mapping(without_entry=(fakes.make_variable("lost"),))
    status, out, _ = _run("map", "m.ckpt", "c.py", mapping=mapping)
    self.assertEqual(status, 1)
    self.assertIn("lost float32 [4, 3]", out)
    self.assertNotIn("Nothing is to be renamed", out)

  def test_a_turned_kernel_is_1_and_said(self):
    mapping = _mapping(proposals=(_proposal("k", "w", turning="transposed"),))
    status, out, _ = _run("map", "m.ckpt", "c.py", mapping=mapping)
    self.assertEqual(status, 1)
    self.assertIn("transposed", out)
    self.assertEqual(_rename_in(out), {"k": "w"})

  def test_without_a_case_it_says_what_is_needed(self):
    status, _, err = _run("map", "m.ckpt")
    self.assertEqual(status, 2)
    self.assertIn("needs a case beside the checkpoint", err)

  def test_an_error_has_its_status(self):
    error = errors.CaseError("There is no checkpoint m.ckpt.")
    status, _, err = _run("map", "m.ckpt", "c.py", error=error)
    self.assertEqual((status, err), (2, f"parity: {error}\n"))


if __name__ == "__main__":
  absltest.main()
