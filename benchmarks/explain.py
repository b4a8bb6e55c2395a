"""How does explaining grow with a network's depth and width?

    python -m benchmarks.explain

explains a failing `parity check` of chains of convolutions (the network of
`explain_memory`), deeper and deeper, then wider and wider, and prints seconds:
of the check with its explanation, less those of two recordings that any check
makes, and per layer or per pixel. What is left of either column must not grow
from the first row to the last: then the cost is linear. The largest of three
networks is at least eight times the smallest.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from benchmarks import explain_memory

_ROOT = pathlib.Path(__file__).resolve().parent.parent
_CHANNELS = 16


@dataclasses.dataclass(frozen=True)
class Explained:
  """What a check with its explanation took.

  Attributes:
    check: seconds of the check, its recordings and explanation.
    recorded: of these, of the longer of the two plain recordings.
    causes: what was found.
  """

  check: float
  recorded: float
  causes: str


def explain(size: int, layers: int) -> Explained:
  """Runs `parity check` on a chain with one bug in its middle."""
  with tempfile.TemporaryDirectory() as folder:
    case = os.path.join(folder, "chain_parity.py")
    report = os.path.join(folder, "report.json")
    text = explain_memory.CASE.format(
      size=size, layers=layers, channels=_CHANNELS
    )
    pathlib.Path(case).write_text(text)
    seconds = []
    for twist in (text, text.replace("0.3 if", "0.2 if")):
      pathlib.Path(case).write_text(twist)
      subprocess.run(
        [sys.executable, "-m", "parity", "check", case, "--json", report, "-q"],
        cwd=_ROOT,
        stdout=subprocess.DEVNULL,
        check=False,
      )
      found = json.loads(pathlib.Path(report).read_text())
      seconds.append(sum(check["seconds"] for check in found["checks"]))
      if not seconds[1:]:
        causes = [f["cause"] for c in found["checks"] for f in c["findings"]]
  return Explained(seconds[0], seconds[1], ", ".join(causes) or "none")


def main() -> None:
  """Prints a row for each network."""
  parser = argparse.ArgumentParser(
    description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
  )
  parser.add_argument("--layers", type=int, nargs="+", default=[12, 36, 108])
  parser.add_argument("--sizes", type=int, nargs="+", default=[64, 128, 256])
  flags = parser.parse_args()
  networks = [(flags.sizes[0], layers) for layers in flags.layers]
  networks += [(size, flags.layers[0]) for size in flags.sizes[1:]]
  print("image  layers  explaining  per layer  per 1000 pixels  cause")
  for size, layers in networks:
    found = explain(size, layers)
    spent = found.check - found.recorded
    print(
      f"{size:5d}{layers:8d}{spent:10.1f} s{spent / layers:9.3f} s"
      f"{spent / size**2 * 1000:15.3f} s  {found.causes}",
      flush=True,
    )


if __name__ == "__main__":
  main()
