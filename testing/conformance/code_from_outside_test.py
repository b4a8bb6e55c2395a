"""Can a golden, a checkpoint or a report of a stranger run code? No module can.

What may happen at run time is asked by `testing/fuzz`, which sees every open
file and every compiled text; this holds for what no input has reached.
"""

from __future__ import annotations

import os
import pathlib

from absl.testing import absltest
from absl.testing import parameterized

from testing.conformance import code_from_outside
from testing.conformance import import_rules

_ROOT = pathlib.Path(os.path.abspath(__file__)).parent.parent.parent


class SourcesTest(absltest.TestCase):
  def test_nothing_in_parity_runs_code_but_what_is_deliberate(self) -> None:
    sources = import_rules.read_sources(_ROOT, "parity")
    self.assertGreater(len(sources), 100)
    found = code_from_outside.places(sources)
    self.assertEmpty(found, "\n".join(map(str, found)))

  def test_every_deliberate_place_has_a_reason(self) -> None:
    for reason in code_from_outside.DELIBERATE.values():
      self.assertGreater(len(reason), 20)


class SeededTest(parameterized.TestCase):
  @parameterized.parameters(
    ("import pickle", "pickle"),
    ("import yaml as y", "yaml"),
    ("from marshal import loads", "marshal"),
    ("from os import system", "system"),
    ("def f():\n  import shelve", "shelve"),
    ("eval(text)", "eval"),
    ("exec(text, {})", "exec"),
    ("compile(text, 'x', 'exec')", "compile"),
    ("__import__(name)", "__import__"),
    ("builtins.eval(text)", "eval"),
    ("np.load(path)", "np.load"),
    ("numpy.load(path)", "numpy.load"),
    ("tf.saved_model.load(path)", "saved_model.load"),
    ("load(path, allow_pickle=True)", "allow_pickle="),
    ("load(path, allow_pickle=flag)", "allow_pickle="),
    ("subprocess.run(command, shell=True)", "shell="),
    ("os.system(command)", "system"),
    ("os.popen(command)", "popen"),
    ("importlib.import_module(name)", "import_module"),
    ("spec.loader.exec_module(module)", "exec_module"),
    ("tf.keras.models.load_model(path)", "load_model"),
  )
  def test_is_found(self, text: str, what: str) -> None:
    found = code_from_outside.places_in("parity.x", text)
    self.assertEqual([place.what for place in found], [what])

  @parameterized.parameters(
    "import json\njson.load(file)",
    "importlib.import_module('keras')",
    "re.compile(pattern)",
    "np.loadtxt",
    "side.load(target)",
    "subprocess.run(command, shell=False)",
    "load(path, allow_pickle=False)",
    "from parity.golden import tensors",
    "evaluate(text)",
    "'eval(text)'",
  )
  def test_what_is_harmless_is_not(self, text: str) -> None:
    self.assertEmpty(code_from_outside.places_in("parity.x", text))

  def test_a_deliberate_place_that_is_gone_is_told(self) -> None:
    found = code_from_outside.places({"parity.x": "eval(text)"})
    gone = len(code_from_outside.DELIBERATE)
    self.assertLen(found, 1 + gone)
    self.assertEqual(str(found[0]), "parity.x:1: eval")
    self.assertIn("not there any more", str(found[1]))


if __name__ == "__main__":
  absltest.main()
