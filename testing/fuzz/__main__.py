"""Gives parity inputs that strangers or broken disks may have written.

    python -m testing.fuzz --inputs 100000
    python -m testing.fuzz --inputs 2000 --seed 7 --only bundles

Hypothesis draws edits of goldens, forged goldens, case files, records as JSON
and checkpoints (`edits.py`), and each is read in this process. What must hold:
only errors of parity's own, in a sentence; no effect but reading, no memory
beyond a bound, no hang (`guard.py`); and no verdict `pass` for what is not the
same, by an oracle of its own (`bundles.py`).

The inputs are shared out evenly over the targets. The status is 1 where one
broke a rule; the smallest such input is printed.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import sys
import tempfile
import time
from typing import Sequence

from testing.fuzz import campaign
from testing.fuzz import guard


def main(arguments: Sequence[str]) -> int:
  """The program; returns its exit status."""
  parser = argparse.ArgumentParser(
    prog="python -m testing.fuzz",
    description=__doc__,
    formatter_class=argparse.RawDescriptionHelpFormatter,
  )
  parser.add_argument("--inputs", type=int, default=100_000, help="in all")
  parser.add_argument("--seed", type=int, default=1, help="of the first round")
  parser.add_argument(
    "--only", default="", help="targets with this in the name"
  )
  chosen = parser.parse_args(arguments)
  os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
  # A death in C is told with the line that asked for it.
  faulthandler.enable()
  kinds = [k for k in campaign.TARGETS if chosen.only in k.name]
  began = time.monotonic()
  total, broken = 0, 0
  with tempfile.TemporaryDirectory() as folder:
    for number, kind in enumerate(kinds):
      share = (chosen.inputs + number) // len(kinds)
      target = campaign.made(kind, folder)
      target.warm_up()
      with guard.bounded_memory():
        tally = campaign.run(target, inputs=share, seed=chosen.seed)
      ways = ", ".join(f"{n} {way}" for way, n in tally.outcomes.most_common())
      print(
        f"{tally.name}: {tally.inputs} inputs, {tally.seconds:.0f} s: {ways}",
        flush=True,
      )
      if tally.broken:
        print(tally.broken, flush=True)
        broken += 1
      total += tally.inputs
  print(
    f"{total} inputs, {broken} of {len(kinds)} targets with one that broke a"
    f" rule; {time.monotonic() - began:.0f} s"
  )
  return 1 if broken else 0


if __name__ == "__main__":
  sys.exit(main(sys.argv[1:]))
