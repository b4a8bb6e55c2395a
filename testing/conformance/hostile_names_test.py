"""Does a name steer what shows it? Markup, escapes and line breaks stay text.

Names of a case, its file, inputs, outputs and a variable hold markup of HTML,
Markdown and XML, what steers a terminal, and commands to GitHub's runner. They
go through the real commands into every form of a report and a golden. The twin
shows that what is looked for would be seen.
"""

from __future__ import annotations

import html.parser
import json
import os
import re
import subprocess
import sys
import tempfile
from typing import List
import unicodedata
import xml.etree.ElementTree as ElementTree

from absl.testing import absltest
from absl.testing import parameterized

from testing.conformance import case_files

# The tf2 side needs TensorFlow 2.
CELLS_SINCE = "tf2.8"

_ROOT = os.path.dirname(
  os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
)
_MARK = (
  "<parity-hostile onparity=1>\"'&</script><![CDATA[]]>"
  "\x1b[31mred\x1b]0;title\x07\x9b2J\u202e\x00\x08\r\n"
  "::error ::hostile\n##[error]hostile\n"
  "| `*_[a](javascript:b) --> {{ 1 }} ${x}"
)
_NAMES = f"""\
MARK = {_MARK!r}

def inputs(rng):
  return {{"x": rng.normal(size=(2, 4)).astype(np.float32), MARK: np.ones(2)}}

def tf1(inputs, training):
  import small_model
  return {{MARK: small_model.tf1(inputs, training)["y"], "y": inputs["x"]}}

class Port:
  def __init__(self):
    import small_model
    import tensorflow as tf
    self.net = small_model.tf2()
    try:
      self.own = tf.Variable(1.0, name=MARK)
    except ValueError:  # What comes after 2.21 refuses such a name itself.
      self.own = tf.Variable(1.0)

  def __call__(self, inputs, training):
    y = self.net(inputs, training)["y"]
    return {{MARK: 1.5 * y, "y" + MARK: inputs["x"]}}

CASE = parity.Case(
  inputs=inputs, tf1=tf1, tf2=Port, name="case" + MARK, tags=[MARK])
"""
_RAISING = f"""\
def tf2():
  raise ValueError({_MARK!r})
"""
_FILES = {
  "na<parity-hostile onparity=2>&'me.py": case_files.with_model(_NAMES),
  "raising.py": case_files.with_model(_RAISING),
}
_FORMS = ("json", "html", "junit", "markdown")


class _Elements(html.parser.HTMLParser):
  """Every element and attribute of a page."""

  def __init__(self, text: str) -> None:
    super().__init__()
    self.tags: List[str] = []
    self.attributes: List[str] = []
    self.feed(text)

  def handle_starttag(self, tag, attrs):
    self.tags.append(tag)
    self.attributes += [name for name, _ in attrs]


def _is_steered(text: str) -> bool:
  """Whether printed text holds more than letters, tabs and line breaks."""
  return any(
    unicodedata.category(c) in ("Cc", "Cf") and c not in "\t\n" for c in text
  ) or bool(re.search(r"^\s*::|##\[", text, re.MULTILINE))


class HostileNamesTest(parameterized.TestCase):
  @classmethod
  def setUpClass(cls):
    super().setUpClass()
    cls.printed = {}
    cls.folder = tempfile.mkdtemp(dir=absltest.TEST_TMPDIR.value)
    golden = os.path.join(cls.folder, "golden")
    with case_files.folder_of(_FILES) as folder:
      first, second = (os.path.join(folder, name) for name in _FILES)
      forms = [f"--{form}={os.path.join(cls.folder, form)}" for form in _FORMS]
      cls._run("check", first, second, "-vv", *forms)
      cls._run("list", first, command=("check", "--list"))
      cls._run("record", first, "--side=tf1", f"--out={golden}")
      cls._run("show", golden, "-v")
      cls._run("verify", first, f"--golden={golden}", "-q", "--annotations")

  @classmethod
  def _run(cls, label, *arguments, command=()):
    done = subprocess.run(
      [sys.executable, "-m", "parity", *(command or (label,)), *arguments],
      cwd=_ROOT,
      stdin=subprocess.DEVNULL,
      capture_output=True,
      check=False,
    )
    cls.printed[label] = (done.returncode, done.stdout.decode("utf-8"))
    cls.printed[f"{label}, errors"] = (0, done.stderr.decode("utf-8"))

  def _read(self, form):
    path = os.path.join(self.folder, form)
    with open(path, encoding="utf-8", newline="") as file:
      return file.read()

  def test_every_command_did_its_work(self):
    statuses = {name: status for name, (status, _) in self.printed.items()}
    self.assertEqual(
      (statuses["check"], statuses["list"], statuses["record"]), (2, 0, 0)
    )
    self.assertEqual((statuses["show"], statuses["verify"]), (0, 1))
    for name in ("check", "list", "show", "verify", "check, errors"):
      self.assertIn("parity-hostile", self.printed[name][1], name)

  @parameterized.parameters(
    *("check", "check, errors", "list", "record", "record, errors", "show"),
    *("show, errors", "verify, errors"),
  )
  def test_what_is_printed_steers_no_terminal_and_no_runner(self, name):
    self.assertFalse(_is_steered(self.printed[name][1]), self.printed[name])

  def test_annotations_are_the_only_commands_to_a_runner(self):
    text = self.printed["verify"][1]
    commands = [line for line in text.splitlines() if re.match(r"\s*::", line)]
    self.assertNotEmpty(commands)
    for line in commands:
      self.assertRegex(line, r"^::(error|notice) (file=.*,)?title=")
    rest = [line for line in text.split("\n") if line not in commands]
    self.assertFalse(_is_steered("\n".join(rest)))
    self.assertNotIn("\x1b", text)

  @parameterized.parameters("\x1b[0m", "\u202e", "\r", "a\n ::set", "##[x]")
  def test_what_would_steer_is_seen(self, text):
    self.assertTrue(_is_steered(text))
    self.assertFalse(_is_steered("plain ::\n\ttext\n"))

  def test_html_takes_no_name_for_markup(self):
    page = self._read("html")
    found = _Elements(page)
    self.assertNotIn("parity-hostile", found.tags)
    self.assertNotIn("onparity", found.attributes)
    self.assertIn("&lt;parity-hostile onparity=1&gt;", page)
    self.assertGreater(len(found.tags), 50)
    # Data of the charts: a script that holds no end of a script.
    self.assertEqual(page.count("</script>"), found.tags.count("script"))

  def test_markup_would_be_seen(self):
    found = _Elements(f"<p>{_MARK}</p>")
    self.assertIn("parity-hostile", found.tags)
    self.assertIn("onparity", found.attributes)

  def test_junit_parses_and_holds_the_names(self):
    root = ElementTree.fromstring(self._read("junit"))
    names = [each.get("name") for each in root.iter("testsuite")]
    self.assertLen(names, 2)
    self.assertIn("<parity-hostile onparity=1>", names[0])
    self.assertNotIn("parity-hostile", [each.tag for each in root.iter()])

  def test_markdown_holds_no_markup(self):
    text = self._read("markdown")
    self.assertIn("&lt;parity-hostile", text)
    # In a span of code, nothing is markup.
    prose = re.sub(r"`[^`\n]*`", "", text.replace("\\`", ""))
    self.assertNotIn("<parity-hostile", prose)
    self.assertNotRegex(prose, r"[^\\]\]\(javascript")
    self.assertFalse(_is_steered(text))

  def test_json_holds_the_names_as_they_are(self):
    reports = json.loads(self._read("json"))["reports"]
    self.assertEqual([r["verdict"] for r in reports], ["fail", "error"])
    self.assertEqual(reports[0]["case"], "case" + _MARK)
    names = {
      pair["name"] for c in reports[0]["checks"] for pair in c["comparisons"]
    }
    self.assertIn(_MARK, names)


if __name__ == "__main__":
  absltest.main()
