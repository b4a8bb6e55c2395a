"""Do the tests of several cells run unchanged on Bazel's distributed engine?

    python3 -m testing.remote.execution

1. Start a server that runs actions, BuildBox.
2. Run tests of three cells and a recording in a clone, whose Bazel uploads what
   they need. All run there; nothing runs beside it.

The server's worker is this machine, so it has the cells' environments; a farm
has them in its worker's image. The exit status is 0 where all passed there, 1
where they did not, 4 where no server can be had.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import sys
from typing import List

from parity.environments import builds as environments
from testing.remote import buildbox
from testing.remote import builds
from testing.remote import clones
from testing.remote import proof

_CELLS = ("tf1.15", "tf2.12", "tf2.21")
_TARGETS = (
  *(f"//testing/models:dense_dropout_parity_test_{cell}" for cell in _CELLS),
  # Recorded in TensorFlow 1.15, and held against it.
  "//testing/models:scaling_layer_parity_test_tf2.21",
  "//parity/compare:values_test_tf1.15",
  "//parity/compare:values_test_tf2.12",
  "//parity/compare:values_test",
)
_ELSEWHERE = ("remote", "remote cache hit")


def problems_of(build: builds.Build, targets: int) -> List[str]:
  """What is wrong with a build that was to run elsewhere."""
  found: List[str] = []
  if not build.totals.is_success:
    found.append(f"the tests came to {build.totals}")
  elsewhere = build.tests_from("remote")
  if len(elsewhere) != targets:
    found.append(f"{len(elsewhere)} of {targets} tests ran on the server")
  found += [
    f"{count} actions were done by `{runner}`, beside the server"
    for runner, count in build.ran.items()
    if runner not in _ELSEWHERE
  ]
  return found


def prove(root: pathlib.Path, work: pathlib.Path) -> List[str]:
  """What is not as it should be; nothing, where remote execution works."""
  jobs = os.cpu_count() or 1
  store = environments.store().resolve()
  with contextlib.ExitStack() as stack:
    server = buildbox.serving(root, work / "server", jobs=jobs)
    address = stack.enter_context(server)
    clone = stack.enter_context(clones.clone(work / "clone", work / "outputs"))
    build = clone.test(
      _TARGETS,
      (
        "--config=matrix",
        "--config=remote",
        f"--remote_executor={address}",
        # Where this worker has the cells.
        f"--action_env=PARITY_ENVIRONMENTS={store}",
        f"--test_env=PARITY_ENVIRONMENTS={store}",
        f"--jobs={jobs}",
      ),
    )
  print(f"on the server: {build}", flush=True)
  return problems_of(build, len(_TARGETS))


def main() -> int:
  """Proves it, and says what was seen."""
  return proof.run(
    "remote execution", "BuildBox", find=buildbox.find, prove=prove
  )


if __name__ == "__main__":
  sys.exit(main())
