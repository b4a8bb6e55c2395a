"""What is a target of fuzzing? Seeds, edits of them, and what must hold."""

from __future__ import annotations

import abc
import contextlib
import dataclasses
import importlib
import os
import pkgutil
from typing import Any, Dict, Iterator, Type

from hypothesis import strategies

from parity import errors
from parity import records
from parity.records import codec

_LONGEST_SENTENCE = 5000


class Target(abc.ABC):
  """One kind of input, and who reads it.

  Args:
    folder: a folder of its own, for inputs as files.
  """

  name = ""
  # Whether reading it runs Python of its folder.
  runs_code = False

  def __init__(self, folder: str) -> None:
    self.folder = folder

  @abc.abstractmethod
  def inputs(self) -> strategies.SearchStrategy[Any]:
    """What hypothesis draws inputs from."""

  @abc.abstractmethod
  def write(self, drawn: Any) -> Any:
    """Puts an input where it is read, before anybody watches."""

  @abc.abstractmethod
  def read(self, written: Any) -> str:
    """Reads an input, and asserts what must hold.

    Returns:
      What became of it, in a word.
    """

  @abc.abstractmethod
  def warm_up(self) -> None:
    """Reads good inputs, so that what is imported late is imported."""


@contextlib.contextmanager
def told(*classes: Type[Exception]) -> Iterator[Dict[str, str]]:
  """What is refused on purpose is told in a sentence; all else passes through.

  Args:
    *classes: of errors that may be raised.
  """
  outcome: Dict[str, str] = {}
  try:
    yield outcome
  except classes as error:
    _require_sentence(error)
    outcome["refused"] = type(error).__name__


def _require_sentence(error: BaseException) -> None:
  """Raises AssertionError where an error tells a user too little or much."""
  text = str(error)
  assert text, f"{type(error).__name__} says nothing"
  assert len(text) < _LONGEST_SENTENCE, f"says {len(text)} characters"
  for words in ("Traceback", "bug in parity"):
    assert words not in text, text
  if isinstance(error, errors.ParityError):
    assert error.exit_status in (2, 3), error.exit_status


def resolve_annotations() -> None:
  """Has `codec` look at all records now; Python compiles their annotations."""
  for module in pkgutil.iter_modules(records.__path__):
    if module.name.endswith("_test"):
      continue
    found = importlib.import_module(f"parity.records.{module.name}")
    for kind in vars(found).values():
      if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        with contextlib.suppress(ValueError):
          codec.from_plain(kind, {}, {})


def write_file(path: str, content: bytes) -> None:
  """Writes a new file: what is mapped from an old one of this name stays."""
  with contextlib.suppress(FileNotFoundError):
    os.unlink(path)
  with open(path, "xb") as file:
    file.write(content)
