"""Do the notebooks among the examples run, from the first cell to the last?

Each runs in a kernel of its own, with the interpreter of this test.
"""

from __future__ import annotations

import json
import os
import pathlib
import sys
from unittest import mock

from absl.testing import absltest
import nbclient
import nbformat

# What runs notebooks comes with the tools, which the default cell has.
CELLS_SINCE = "tf2.21"
CELLS_UNTIL = "tf2.21"

_ROOT = pathlib.Path(os.path.abspath(__file__)).parent.parent
_EXAMPLES = _ROOT / "examples"
_SECONDS_A_CELL = 300


class NotebooksTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    folder = self.create_tempdir().full_path
    kernel = pathlib.Path(folder, "kernels", "python3")
    kernel.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher"]
    (kernel / "kernel.json").write_text(
      json.dumps(
        {
          "argv": [*command, "-f", "{connection_file}"],
          "display_name": "this",
          "language": "python",
        }
      ),
      encoding="utf-8",
    )
    changes = {"JUPYTER_PATH": folder, "PYTHONPATH": os.pathsep.join(sys.path)}
    self.enter_context(mock.patch.dict(os.environ, changes))

  def _run(self, notebook):
    client = nbclient.NotebookClient(
      notebook,
      timeout=_SECONDS_A_CELL,
      kernel_name="python3",
      resources={"metadata": {"path": self.create_tempdir().full_path}},
    )
    client.execute()

  def test_every_notebook_runs(self):
    paths = sorted(_EXAMPLES.glob("*.ipynb"))
    self.assertNotEmpty(paths)
    for path in paths:
      with self.subTest(path.name):
        self._run(nbformat.read(str(path), as_version=4))

  def test_a_cell_that_raises_is_told(self):
    cell = nbformat.v4.new_code_cell("1 / 0")
    with self.assertRaisesRegex(
      nbclient.exceptions.CellExecutionError, "ZeroDivisionError"
    ):
      self._run(nbformat.v4.new_notebook(cells=[cell]))


if __name__ == "__main__":
  absltest.main()
