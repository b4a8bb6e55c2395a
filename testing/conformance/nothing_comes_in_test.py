"""Does parity look for the network, or tell what the environment holds? Never.

One run of each command, by the command line and with its real workers, where
every socket is refused and the environment holds secrets; then all that the
commands wrote is searched. The twins, cases that do look for the network, from
Python and from C, and one that tells a secret itself, are seen.
"""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import tempfile

from absl.testing import absltest
from absl.testing import parameterized

from testing.conformance import case_files
from testing.conformance import sockets_blocked

# The tf2 side needs TensorFlow 2.
CELLS_SINCE = "tf2.8"

_ROOT = os.path.dirname(
  os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
)
_SECRETS = {
  "AWS_SECRET_ACCESS_KEY": "mark-of-a-key-5f1c",
  "MY_TOKEN": "mark-of-a-token-77ab",
  "TF_API_PASSWORD": "mark-of-a-password-90de",
  "PARITY_SECRET": "mark-of-a-secret-3b42",
}
_FAILING = """\
def tf2():
  import small_model
  net = small_model.tf2()
  return lambda inputs, training: {"y": 1.5 * net(inputs, training)["y"]}
"""
_REACHING = """\
def reach():
  import socket
  try:
    socket.create_connection(("192.0.2.1", 80), 1.0)
  except OSError:
    pass
  try:
    # Of a family that the filter of the kernel lets be.
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).connect((0, 81))
  except OSError:
    pass

def tf1(inputs, training):
  import small_model
  reach()
  return small_model.tf1(inputs, training)

def tf2():
  import small_model
  reach()
  return small_model.tf2()
"""
_FILES = {
  "passing.py": case_files.with_model(""),
  "failing.py": case_files.with_model(_FAILING),
  "raising.py": case_files.with_model("def tf2():\n  raise ValueError('no')\n"),
  "dying.py": case_files.with_model(
    "def tf1(inputs, training):\n  import os\n  os.abort()\n"
  ),
  "reaching.py": case_files.with_model(_REACHING),
  "reaching_in_c.py": case_files.with_model(
    "def tf1(inputs, training):\n"
    "  import ctypes\n"
    "  ctypes.CDLL(None).socket(2, 1, 0)\n"
  ),
  "telling.py": case_files.with_model(
    "def tf2():\n  import os\n  raise ValueError(os.environ['MY_TOKEN'])\n"
  ),
}
_FORMS = ("json", "html", "junit", "markdown")


class Run:
  """Commands in a folder of their own, and all that they wrote."""

  def __init__(self, folder: str) -> None:
    self.cases = folder
    self.blocked = tempfile.mkdtemp(dir=absltest.TEST_TMPDIR.value)
    self.outputs = tempfile.mkdtemp(dir=absltest.TEST_TMPDIR.value)
    self.statuses: dict = {}

  def __call__(self, command: str, *names: str, flags: tuple = ()) -> None:
    """Runs a command on cases; what it prints is an output too."""
    label = f"{command}-{names[0]}"
    done = subprocess.run(
      [sys.executable, "-m", "parity", command]
      + [os.path.join(self.cases, f"{name}.py") for name in names]
      + list(flags),
      cwd=_ROOT,
      env={**os.environ, **_SECRETS, **sockets_blocked.variables(self.blocked)},
      stdin=subprocess.DEVNULL,
      capture_output=True,
      check=False,
    )
    self.statuses[label] = done.returncode
    path = pathlib.Path(self.outputs, f"{label}.printed")
    path.write_bytes(done.stdout + done.stderr)

  def reports(self, label: str) -> tuple:
    """Flags for a report in each form."""
    return tuple(
      part
      for form in _FORMS
      for part in (f"--{form}", os.path.join(self.outputs, f"{label}.{form}"))
    )

  def holding(self, text: str) -> list:
    """The names of outputs that hold a text."""
    return sorted(
      path.relative_to(self.outputs).as_posix()
      for path in pathlib.Path(self.outputs).rglob("*")
      if path.is_file() and text.encode() in path.read_bytes()
    )


class NothingComesInTest(parameterized.TestCase):
  @classmethod
  def setUpClass(cls):
    super().setUpClass()
    with case_files.folder_of(_FILES) as folder:
      run = cls.plain = Run(folder)
      golden = os.path.join(run.outputs, "golden")
      run(
        "check",
        *("passing", "failing", "raising", "dying"),
        flags=(*run.reports("check"), "-vv", "--annotations"),
      )
      run("record", "passing", flags=("--side", "tf1", "--out", golden))
      run(
        "verify", "passing", flags=("--golden", golden, *run.reports("verify"))
      )
      twin = cls.twin = Run(folder)
      twin(
        "check",
        *("reaching", "reaching_in_c", "telling"),
        flags=twin.reports("check"),
      )

  def test_every_command_did_its_work(self):
    # The case that dies makes the status of the first.
    self.assertEqual(
      self.plain.statuses,
      {"check-passing": 3, "record-passing": 0, "verify-passing": 0},
    )
    written = set(os.listdir(self.plain.outputs))
    for name in ("check", "verify"):
      self.assertContainsSubset({f"{name}.{form}" for form in _FORMS}, written)
    self.assertNotEmpty(os.listdir(os.path.join(self.plain.outputs, "golden")))
    found = self.plain.holding("failed")
    self.assertIn("check-passing.printed", found)

  def test_no_socket_was_asked_for(self):
    self.assertEmpty(sockets_blocked.marks(self.plain.blocked))

  def test_a_case_that_asks_for_one_is_seen_on_both_sides(self):
    marks = sockets_blocked.marks(self.twin.blocked)
    self.assertLen({line.split()[0] for line in marks}, 2)
    for words in ("create_connection", "connect ((0, 81)"):
      self.assertTrue([line for line in marks if words in line], marks)

  def test_one_that_asks_in_c_ends_its_process(self):
    if not sockets_blocked.has_filter(self.twin.blocked):
      self.skipTest("this kernel takes no seccomp filter")
    self.assertIn("check.json", self.twin.holding("was killed by SIGSYS"))
    self.assertEmpty(self.plain.holding("SIGSYS"))

  @parameterized.parameters(*_SECRETS)
  def test_no_output_holds_a_secret_of_the_environment(self, name):
    self.assertEmpty(self.plain.holding(_SECRETS[name]))

  def test_a_secret_that_the_case_itself_tells_is_seen(self):
    found = self.twin.holding(_SECRETS["MY_TOKEN"])
    self.assertEqual(
      found,
      ["check-reaching.printed", *(f"check.{form}" for form in sorted(_FORMS))],
    )
    self.assertEmpty(self.twin.holding(_SECRETS["PARITY_SECRET"]))


if __name__ == "__main__":
  absltest.main()
