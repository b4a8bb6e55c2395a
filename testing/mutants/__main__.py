"""Breaks parity in many ways, and counts which of them the suite notices.

    python -m testing.mutants --count 200 --seed 1
    python -m testing.mutants --count 20 --only parity/compare/ulp.py
    python -m testing.mutants --count 200 --seed 1 --list

Mutations of `parity/checks`, `parity/compare` and `parity/explain` are drawn
evenly over the modules (chosen.py, mutations.py). Each is tried in a copy of
the tree: by the test beside the module, by the other tests that import it, and
then by cases of the benchmark (trials.py). Mutations that nobody could notice
are listed with the reason (equivalents.py) and are left out of the share.

First all of that runs without a mutation: what fails already would notice
everything. The closing lines count; the status is 1 where less than 95 % were
noticed, and 2 where the tests fail by themselves. With
`--json` each trial is written as well.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import sys
import tempfile
import time
from typing import Dict, Iterable, List, Sequence

from testing.mutants import chosen
from testing.mutants import equivalents
from testing.mutants import trials

ROOT = pathlib.Path(os.path.abspath(__file__)).parent.parent.parent
BAR = 0.95
# Ports that are right, and one bug or two of each check.
CASES = (
  "a_churn_mlp",
  "a_nce_lm",
  "b_leaf_cnn",
  "b_scene_tagger",
  "a_bow_tagger",
  "a_cifar_net",
  "a_mobile_head",
  "a_ptb_lm",
  "a_retrieval_tower",
  "a_session_encoder",
  "a_text_mlp",
  "b_bird_classifier",
  "b_click_mlp",
  "b_fraud_score",
  "b_pressure_alarm",
  "b_token_tagger",
)


def line_of(trial: trials.Trial) -> str:
  """A trial in one line."""
  by = f" by {trial.killer}" if trial.killer else ""
  return f"{trial.outcome:<10} {trial.mutation}{by} ({trial.seconds:.1f} s)"


def to_json(trial: trials.Trial) -> Dict[str, object]:
  """A trial as JSON."""
  mutation = trial.mutation
  return {
    "path": mutation.path,
    "function": mutation.function,
    "line": mutation.line,
    "kind": mutation.kind,
    "before": mutation.before,
    "after": mutation.after,
    "outcome": trial.outcome,
    "stage": trial.stage,
    "killer": trial.killer,
    "reason": equivalents.reason_for(mutation),
    "seconds": round(trial.seconds, 1),
  }


def share_noticed(tried: Sequence[trials.Trial]) -> float:
  """Noticed of those that could be noticed; nothing tried is nothing."""
  noticed = sum(trial.outcome != trials.SURVIVED for trial in tried)
  return noticed / len(tried) if tried else 0.0


def summary_of(tried: Sequence[trials.Trial], *, equivalent: int) -> List[str]:
  """The survivors and the sums, in lines."""
  lines = [str(t.mutation) for t in tried if t.outcome == trials.SURVIVED]
  if lines:
    lines = ["Survivors:", *lines]
  for stage in ("beside", "package", "importing", "benchmark"):
    count = sum(trial.stage == stage for trial in tried)
    lines.append(f"noticed at stage {stage}: {count}")
  outcomes = [trial.outcome for trial in tried]
  lines.append(
    f"{len(tried) + equivalent} mutants: {equivalent} equivalent,"
    f" {outcomes.count(trials.KILLED)} killed,"
    f" {outcomes.count(trials.TIMEOUT)} stopped for their time,"
    f" {outcomes.count(trials.SURVIVED)} survived:"
    f" {share_noticed(tried):.1%} noticed"
  )
  return lines


def baseline_problem(
  tree: trials.Tree, paths: Iterable[str], *, has_cases: bool
) -> str:
  """What fails without any mutation, and would kill them all; "" if nothing."""
  tests = sorted({test for path in paths for test in tree.tests_of(path)})
  wrong = tree.run_tests(tests) if tests else ""
  return wrong or (tree.run_cases() if has_cases else "")


def main(arguments: Sequence[str]) -> int:
  """The program; returns its exit status."""
  parser = argparse.ArgumentParser(
    prog="python -m testing.mutants",
    description=__doc__,
    formatter_class=argparse.RawDescriptionHelpFormatter,
  )
  parser.add_argument("--count", type=int, default=200, help="how many")
  parser.add_argument("--seed", type=int, default=1, help="of the draw")
  parser.add_argument("--only", nargs="*", default=[], help="files or folders")
  parser.add_argument("--list", action="store_true", help="try none")
  parser.add_argument("--cases", nargs="*", default=list(CASES))
  parser.add_argument("--json", help="file for the trials")
  given = parser.parse_args(arguments)
  drawn = chosen.draw(ROOT, count=given.count, seed=given.seed, only=given.only)
  if given.list:
    print("\n".join(str(mutation) for mutation in drawn))
    return 0
  began = time.monotonic()
  tried: List[trials.Trial] = []
  rows: List[Dict[str, object]] = []
  with tempfile.TemporaryDirectory() as folder:
    tree = trials.Tree(ROOT, pathlib.Path(folder), cases=given.cases)
    paths = {mutation.path for mutation in drawn}
    wrong = baseline_problem(tree, paths, has_cases=bool(given.cases))
    if wrong:
      print(f"Without any mutation this fails already: {wrong}.")
      return 2
    for mutation in drawn:
      if equivalents.reason_for(mutation):
        trial = trials.Trial(mutation, "equivalent")
      else:
        trial = tree.trial(mutation)
        tried.append(trial)
      rows.append(to_json(trial))
      print(line_of(trial), flush=True)
      if given.json:
        text = json.dumps(rows, indent=1) + "\n"
        pathlib.Path(given.json).write_text(text, encoding="utf-8")
  for line in summary_of(tried, equivalent=len(drawn) - len(tried)):
    print(line)
  print(f"{time.monotonic() - began:.0f} s")
  return 0 if share_noticed(tried) >= BAR else 1


if __name__ == "__main__":
  sys.exit(main(sys.argv[1:]))
