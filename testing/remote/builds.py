"""Where did the results of a `bazel test` come from? Its build events say."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Mapping, Sequence

from testing import bazel_results
from testing import suite

# Words of Bazel's for what runs nothing.
_FREE = ("total", "internal", "remote cache hit", "disk cache hit")
_HIT = "remote cache hit"


@dataclasses.dataclass(frozen=True)
class Build:
  """What became of one build.

  Attributes:
    totals: its test methods.
    tests: of each test action, by label and shard: `ran`, `remote cache`,
      `remote` (run elsewhere) or `local cache`.
    actions: how many actions each of Bazel's runners did.
  """

  totals: suite.Totals
  tests: Mapping[str, str]
  actions: Mapping[str, int]

  @property
  def hits(self) -> int:
    """How many actions came from the remote cache."""
    return self.actions.get(_HIT, 0)

  @property
  def ran(self) -> Dict[str, int]:
    """What ran, in this build, wherever: actions by runner."""
    return {
      name: count
      for name, count in self.actions.items()
      if name not in _FREE and count
    }

  def __str__(self) -> str:
    ran = ", ".join(f"{count} {name}" for name, count in self.ran.items())
    return (
      f"{self.totals}; {len(self.tests)} tests; actions: {self.hits} from the"
      f" cache, run: {ran or 'none'}"
    )

  def tests_from(self, origin: str) -> List[str]:
    """The tests whose results came from there."""
    return sorted(t for t, found in self.tests.items() if found == origin)


def build_of(events: Sequence[Dict[str, Any]]) -> Build:
  """Reads the build events of one `bazel test`."""
  tests: Dict[str, str] = {}
  actions: Dict[str, int] = {}
  for event in events:
    if "testResult" in event:
      key = event["id"]["testResult"]
      name = f"{key['label']} {key.get('shard', 1)}"
      tests[name] = _origin(event["testResult"])
    elif "buildMetrics" in event:
      summary = event["buildMetrics"].get("actionSummary", {})
      for runner in summary.get("runnerCount", ()):
        actions[runner["name"]] = int(runner.get("count", 0))
  return Build(bazel_results.totals_of(events), tests, actions)


def _origin(result: Mapping[str, Any]) -> str:
  how = result.get("executionInfo", {})
  if how.get("cachedRemotely"):
    return "remote cache"
  if result.get("cachedLocally"):
    return "local cache"
  return "remote" if how.get("strategy") == "remote" else "ran"
