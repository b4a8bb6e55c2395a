"""Case files: is a mistake in one always a sentence of the user's own line?

The text of a case file is edited and loaded as a side's process loads it. What
comes of it is a case, whose facts arrive at the driver as they were sent, or a
sentence. (A case file is a program: what it does on purpose, it may do. The
edits have no words that do something.)
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, Dict, List

from hypothesis import strategies

from parity import case as case_lib
from parity import errors
from parity.records import codec
from parity.records import facts as facts_lib
from testing.fuzz import edits as edits_lib
from testing.fuzz import target

_SEEDS = (
  """\
import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 4)).astype(np.float32)}


CASE = parity.Case(
  name="net",
  inputs=inputs,
  tf1="net:forward",
  tf2=lambda: lambda inputs, training: inputs["x"],
  seed=7,
  tolerance={"*": parity.Tolerance(rtol=1e-6, atol=np.float64(1e-5))},
  rename={"net/kernel": "fc/weights"},
  steps=["variables_match", "gradients"],
  loss=lambda outputs, inputs: outputs,
  functional=False,
  train_steps=2,
  tags=("small", "gpu"),
)
""",
  """\
import parity
CASE = parity.Case(inputs={"x": [1.0]}, tf1=lambda i, training: i,
  tolerance=parity.Tolerance(1e-3, 0), checkpoint="model.ckpt-3",
  rename=lambda name: name)
OTHER = CASE
""",
)
_WORDS = tuple(
  word.encode("utf-8", "surrogatepass")
  for word in (
    *("None", "True", "-1", "0", "1e400", "1j", "''", "b'x'", "[]", "{}", "()"),
    *("lambda: 0", "lambda *a: a", "float('nan')", "np.float32(3)", "10**400"),
    *("np.array([1, 2])", "np.str_('x')", "'\\ud800'", "'a:b:c'", "parity"),
    *("tolerance=", "steps=", "seed=", "rename=", "tf1=", "tf2=", "name="),
    *("iter([])", "object()", "raise SystemExit(4)\n", "raise\n", "CASE"),
    *(
      "import parity.nothing\n",
      "1/0\n",
      "@",
      "((((" * 60,
      "\n  ",
      "\t",
      '"""',
    ),
    *("# -*- coding: latin-1 -*-\n", "# coding: nothing\n", "\x00", "\ufeff"),
    *("\ud800", "\u00e9", "del CASE\n", "CASE = 3\n", "class CASE: pass\n"),
    *("-" * 4000 + "1", "x." * 3000 + "x", "assert CASE is None\n"),
  )
)


_FIELDS = (
  *("name", "inputs", "tf1", "tf2", "seed", "tolerance", "rename", "loss"),
  *("checkpoint", "functional", "steps", "tags", "train_steps"),
  *("tf1_optimizer", "tf2_optimizer", "tolerence", "__class__"),
)
# Most are right for some field, and wrong for the others.
_EXPRESSIONS = (
  *("None", "True", "3", "-1", "2.5", "10**400", "1 << 40", "'net'", "''"),
  *("b'net'", "'\\ud800'", "'<script>'", "'net:forward'", "'a:b:c'", "{}"),
  *("[]", "()", "['gradients']", "('gradient',)", "{'net/kernel': 'fc/w'}"),
  *("{'net/kernel': 3}", "{3: 'fc/w'}", "lambda *unused: None", "iter('a')"),
  *("lambda name: name", "lambda name: 1 / 0", "object()", "parity.Case"),
  *("parity.Tolerance()", "parity.Tolerance(1e-3, 0)", "{'*': 1e-3}"),
  *("parity.Tolerance(np.float64(1e-6))", "parity.Tolerance(np.nan)"),
  *("{'*': parity.Tolerance()}", "{3: parity.Tolerance()}", "np.int64(3)"),
  *("np.float32(3)", "np.bool_(True)", "np.str_('gpu')", "np.array('a')"),
  *("np.array(['gradients'])", "np.arange(3)", "[np.str_('gpu')]", "{1, 2}"),
  *("parity.Tolerance(10**400)", "parity.Tolerance('1')", "float('inf')"),
)


def _assembled(fields: Dict[str, str]) -> str:
  """A case file with these fields."""
  given = {"inputs": "{'x': [1.0]}", "tf1": "lambda i, training: i", **fields}
  body = ", ".join(f"{name}={text}" for name, text in given.items())
  return f"import numpy as np\nimport parity\nCASE = parity.Case({body})\n"


class CaseFile(target.Target):
  """The text of a case file."""

  name = "case files"
  runs_code = True

  def inputs(self) -> strategies.SearchStrategy[Any]:
    """A seed with edits of its text, or any values in any fields."""
    fields = strategies.dictionaries(
      strategies.sampled_from(_FIELDS),
      strategies.sampled_from(_EXPRESSIONS),
      max_size=4,
    )
    return strategies.one_of(
      strategies.tuples(
        strategies.sampled_from(_SEEDS), edits_lib.byte_edits(_WORDS)
      ),
      strategies.tuples(fields.map(_assembled), strategies.just([])),
    )

  def write(self, drawn: Any) -> str:
    """Writes the case file."""
    seed, edits = drawn
    path = os.path.join(self.folder, "net_parity.py")
    target.write_file(path, edits_lib.edited_bytes(seed.encode(), edits))
    return path

  def read(self, written: Any) -> str:
    """A case whose facts arrive, or a sentence with status 2."""
    from parity.tf import usercode

    before = list(sys.modules)
    try:
      with target.told(errors.CaseError) as outcome:
        case = usercode.call("The case file", case_lib.load_case, written)
        _assert_facts_arrive(case, written)
        usercode.call("rename", case.tf1_name, "net/kernel")
      return "refused" if outcome else "a case"
    finally:
      _forget(before)

  def warm_up(self) -> None:
    """Loads the seeds, and one that does not parse."""
    cut: List[edits_lib.Edit] = [edits_lib.Edit("cut", (40, 0))]
    for seed in _SEEDS:
      found = self.read(self.write((seed, [])))
      assert found == "a case", found
      self.read(self.write((seed, cut)))


def _assert_facts_arrive(case: case_lib.Case, path: str) -> None:
  facts = case_lib.facts_of(case, path=path)
  plain = codec.to_plain(facts)
  assert not plain.arrays, plain.arrays
  tree = json.loads(json.dumps(plain.tree, allow_nan=False))
  arrived = codec.from_plain(facts_lib.CaseFacts, tree, {})
  assert arrived == facts, f"{facts} arrives as {arrived}"


def _forget(before: List[str]) -> None:
  """Leaves no module of a case file behind."""
  for name in set(sys.modules).difference(before):
    if name.startswith("parity_case_"):
      del sys.modules[name]
