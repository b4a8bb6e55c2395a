"""Does a second clone, at another path, get every result from a shared cache?

    python3 -m testing.remote.cache

1. Start a cache that is empty.
2. Run a few tests in a clone. All run here, and nothing that they were given
   names this clone, its outputs or this home: a place of this machine would
   be none elsewhere.
3. Run them in a second clone at another path. Nothing may run; each result,
   those of tests and of recordings alike, comes from the cache.

The exit status is 0 where that holds, 1 where it doesn't, 4 where no cache
server, or no Bazel, can be had.
"""

from __future__ import annotations

import os
import pathlib
import sys
from typing import List, Sequence

from testing.remote import builds
from testing.remote import clones
from testing.remote import nginx
from testing.remote import proof

_TARGETS = (
  "//parity/compare/...",
  # A recording in another cell, and what is held to it.
  "//testing/models:scaling_layer_parity_test",
)


def prove(program: str, work: pathlib.Path) -> List[str]:
  """What is not as it should be; nothing, where the cache works.

  Args:
    program: nginx.
    work: an empty folder.
  """
  log = work / "spawns.json"
  with nginx.serving(program, work / "server") as address:
    flags = ["--config=remote-cache", f"--remote_cache={address}"]
    with clones.clone(work / "one", work / "outputs") as clone:
      places = _places(clone)
      flagged = [*flags, f"--execution_log_json_file={log}"]
      first = clone.test(_TARGETS, flagged)
    elsewhere = work / "further" / "away"
    elsewhere.mkdir(parents=True)
    with clones.clone(elsewhere / "two", elsewhere / "outputs") as clone:
      second = clone.test(_TARGETS, flags)
  for name, build in (("first", first), ("second", second)):
    print(f"{name} clone: {build}", flush=True)
  told = log.read_text(encoding="utf-8")
  if '"commandArgs"' not in told:
    return ["Bazel's log of what it ran holds no command"]
  return problems_of(first, second, places_in(told, places))


def problems_of(
  first: builds.Build, second: builds.Build, places: Sequence[str]
) -> List[str]:
  """What is wrong with two builds, and the places that actions were told."""
  found = [f"an action of the first clone names {place}" for place in places]
  tests = first.tests_from("ran")
  if not tests:
    found.append("the first clone ran no test, so its results prove nothing")
  found += [
    f"{test} ran again in the second clone, or had no result"
    for test in sorted(set(tests) - set(second.tests_from("remote cache")))
  ]
  found += [
    f"{count} actions were done by `{runner}` in the second clone"
    for runner, count in second.ran.items()
  ]
  if second.totals != first.totals:
    found.append(
      f"the first came to {first.totals}; the second {second.totals}"
    )
  return found


def places_in(log: str, places: Sequence[str]) -> List[str]:
  """The places that are named in a log of what actions were given."""
  return [place for place in places if place in log]


def _places(clone: clones.Clone) -> List[str]:
  """What no action of a clone may name."""
  home = os.path.expanduser("~")
  return [str(clone.folder), str(clone.outputs), f"{home}/"]


def main() -> int:
  """Proves it, and says what was seen."""
  return proof.run("remote cache", "nginx", find=nginx.find, prove=prove)


if __name__ == "__main__":
  sys.exit(main())
