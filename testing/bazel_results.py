"""What did `bazel test` come to, in test methods? Read from its build events.

    bazel test //... --build_event_json_file=EVENTS
    python3 -m testing.bazel_results EVENTS

1. Each shard's methods are counted from its XML, as testing/suite.py does; the
   last attempt counts. A shard that failed without a failing method, or left
   no XML, is one failure.
2. A target that its cell cannot run is one skipped, as the file is elsewhere.
3. A target that was to run and has no result, since it could not be built, is
   one failure: nothing passes silently.

Prints the totals; the exit status is 1 if anything failed or nothing ran.
"""

from __future__ import annotations

import json
import pathlib
import sys
from typing import Any, Dict, Iterable, Iterator, List, Sequence, Tuple
from urllib import parse

from testing import suite

_XML = "test.xml"
_GOOD = ("PASSED", "FLAKY")


def totals_of(events: Iterable[Dict[str, Any]]) -> suite.Totals:
  """The totals of one `bazel test`.

  Args:
    events: its build events, one a line of the file.
  """
  shards: Dict[Tuple[str, int, int], suite.Totals] = {}
  skipped: List[str] = []
  failed: List[str] = []
  for event in events:
    named = event.get("id", {})
    if "testResult" in named and "testResult" in event:
      key = named["testResult"]
      place = (key["label"], key.get("run", 0), key.get("shard", 0))
      shards[place] = _shard(event["testResult"])
    elif "aborted" in event:
      label = _label(named)
      is_skipped = event["aborted"].get("reason") == "SKIPPED"
      if label:
        (skipped if is_skipped else failed).append(label)
  ran = {label for label, _, _ in shards}
  return sum(shards.values(), suite.Totals()) + suite.Totals(
    failed=len(set(failed) - ran), skipped=len(set(skipped) - ran)
  )


def _label(named: Dict[str, Any]) -> str:
  """The target that an event is about; empty if it is about none."""
  for kind in ("targetCompleted", "targetSummary", "testSummary"):
    if kind in named:
      return str(named[kind].get("label", ""))
  return ""


def _shard(result: Dict[str, Any]) -> suite.Totals:
  """The methods of one shard."""
  totals = suite.Totals()
  for output in result.get("testActionOutput", ()):
    if output.get("name") == _XML:
      path = parse.unquote(parse.urlparse(output.get("uri", "")).path)
      totals += suite.totals_from_xml(path) or suite.Totals()
  if result.get("status") not in _GOOD and not totals.failed:
    totals += suite.Totals(failed=1)
  return totals


def _read(path: pathlib.Path) -> Iterator[Dict[str, Any]]:
  text = path.read_text(encoding="utf-8")
  return map(json.loads, filter(None, text.splitlines()))


def main(argv: Sequence[str]) -> int:
  """Prints the totals of a file of build events."""
  path = pathlib.Path(argv[1])
  # Bazel that did not start left no file, and said why.
  totals = totals_of(_read(path)) if path.is_file() else suite.Totals(failed=1)
  print(totals)
  return 0 if totals.is_success else 1


if __name__ == "__main__":
  sys.exit(main(sys.argv))
