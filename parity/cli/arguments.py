"""What did the user type, and which word did they mean?

An `argparse` whose mistakes are `errors.UsageError`: one sentence, with the
nearest flag, command or name where one was mistyped. It never prints and never
ends the process for a mistake.
"""

from __future__ import annotations

import argparse
import dataclasses
import math
import sys
from typing import Any, Dict, List, NoReturn, Optional, Sequence, Tuple

from parity import errors
from parity.records import options as options_lib


class Parser(argparse.ArgumentParser):
  """A parser that knows its flags and raises `errors.UsageError`."""

  def __init__(self, **settings: Any) -> None:
    self.flags: List[str] = []
    settings.setdefault("allow_abbrev", False)
    settings.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
    super().__init__(**settings)

  def add_argument(self, *names: str, **settings: Any) -> argparse.Action:
    """As argparse does, remembering the flags."""
    self.flags.extend(name for name in names if name.startswith("--"))
    return super().add_argument(*names, **settings)

  def parse_known_args(  # type: ignore[override]
    self,
    args: Optional[Sequence[str]] = None,
    namespace: Optional[argparse.Namespace] = None,
  ) -> Tuple[argparse.Namespace, List[str]]:
    """As argparse does; `-vv` is `-v -v`, which Python 3.7 does not know."""
    spelled: List[str] = []
    for word in sys.argv[1:] if args is None else args:
      is_several = word.startswith("-vv") and set(word[1:]) == {"v"}
      spelled += ["-v"] * (len(word) - 1) if is_several else [word]
    return super().parse_known_args(spelled, namespace)

  def error(self, message: str) -> NoReturn:
    """Raises instead of printing and exiting."""
    raise errors.UsageError(f"{message}; see `{self.prog} --help`.")


def nearest(word: str, names: Sequence[str]) -> Optional[str]:
  """The name that was probably meant, None where none is near.

  >>> nearest("random_trainin", ["random_training", "gradients"])
  'random_training'
  """
  import difflib

  found = difflib.get_close_matches(word, names, n=1, cutoff=0.5)
  return found[0] if found else None


def unknown_name(kind: str, word: str, names: Sequence[str]) -> str:
  """A sentence about a name that does not exist, with the nearest that does.

  >>> unknown_name("flag", "--stric", ["--strict", "--seed"])
  "There is no flag '--stric'; did you mean '--strict'?"
  >>> unknown_name("check", "x", ["gradients", "optimizer"])
  "There is no check 'x'; there are: gradients, optimizer."
  """
  near = nearest(word, names)
  text = f"There is no {kind} {word!r}; "
  if near is not None:
    return text + f"did you mean {near!r}?"
  return text + f"there are: {', '.join(names)}."


def check_names(texts: Sequence[str], known: Sequence[str]) -> Tuple[str, ...]:
  """Reads comma-separated names of checks, in the contract's order.

  Args:
    texts: what each `--steps` was given.
    known: the names there are, in order.

  Raises:
    errors.UsageError: a name that does not exist, or none at all.
  """
  words = [word.strip() for text in texts for word in text.split(",")]
  words = [word for word in words if word]
  for word in words:
    if word not in known:
      raise errors.UsageError(unknown_name("check", word, known))
  if texts and not words:
    raise errors.UsageError(
      f"--steps names no check; there are: {', '.join(known)}."
    )
  return tuple(name for name in known if name in words)


def seed(text: str) -> int:
  """Reads a seed: a whole number that NumPy and TensorFlow both take."""
  try:
    value = int(text)
  except ValueError:
    value = -1
  if not 0 <= value < 2**31:
    raise argparse.ArgumentTypeError(
      f"a seed is a whole number from 0 to {2**31 - 1}, found {text!r}"
    )
  return value


def positive_seconds(text: str) -> float:
  """Reads a duration in seconds, more than 0."""
  try:
    value = float(text)
  except ValueError:
    value = math.nan
  if not 0 < value < math.inf:
    raise argparse.ArgumentTypeError(
      f"a number of seconds above 0 is needed, found {text!r}"
    )
  return value


def add_steps(parser: Parser) -> None:
  """Adds the flag that chooses checks."""
  parser.add_argument(
    "--steps",
    action="append",
    default=[],
    metavar="A,B",
    help="run only these checks",
  )


def add_seed(parser: Parser) -> None:
  """Adds the flag that replaces the seed."""
  parser.add_argument(
    "--seed", type=seed, metavar="N", help="replace the case's seed"
  )


def add_running(parser: Parser) -> None:
  """Adds the flags that say how sides run."""
  parser.add_argument(
    "--no-isolate",
    action="store_true",
    help="run in this process, for a debugger",
  )
  add_numerics(parser)


def add_numerics(parser: Parser) -> None:
  """Adds the flags that say how a process of a side runs."""
  parser.add_argument(
    "--timeout",
    type=positive_seconds,
    metavar="S",
    help="seconds that one run of one side may take",
  )
  parser.add_argument(
    "--numerics",
    choices=("default", "strict"),
    default="default",
    help="strict: oneDNN off, TF32 off, deterministic ops, one thread",
  )


def add_cell(parser: Parser) -> None:
  """Adds the flag that says in which cell to run."""
  parser.add_argument(
    "--cell",
    metavar="NAME[=PYTHON]",
    help="run in this cell, or in an interpreter of your own under that name",
  )


def in_cells(
  options: options_lib.Options,
  *,
  tf1: Optional[str] = None,
  tf2: Optional[str] = None,
) -> options_lib.Options:
  """The options with sides in other cells.

  Args:
    options: how to run.
    tf1: the tf1 side's cell, as it was typed; None for this interpreter.
    tf2: the tf2 side's.

  Raises:
    errors.UsageError: there is no such cell, or --no-isolate was given.
    errors.EnvironmentProblem: it is not installed, or is no interpreter.
  """
  if tf1 is None and tf2 is None:
    return options
  if not options.isolate:
    raise errors.UsageError(
      "--no-isolate runs in this process, so it cannot be another cell's."
    )
  from parity import cells
  from parity.environments import places

  table = cells.load_table()
  chosen: Dict[str, Any] = {}
  for side, text in (("tf1", tf1), ("tf2", tf2)):
    if text is not None:
      place = places.resolve(text, table=table)
      chosen[f"{side}_python"] = place.python
      chosen[f"{side}_cell"] = place.name
  return dataclasses.replace(options, **chosen)


def add_loudness(parser: Parser) -> None:
  """Adds the flags that say how much is printed."""
  loudness = parser.add_mutually_exclusive_group()
  loudness.add_argument(
    "-q",
    "--quiet",
    action="store_true",
    help="only the verdict and one line a finding; no progress",
  )
  loudness.add_argument(
    "-v",
    "--verbose",
    action="count",
    default=0,
    help="all findings with their details; twice: every compared pair",
  )
  parser.flags += ["--quiet", "--verbose"]
