"""Where could a file that somebody gave us run code? Asked of the sources.

1. Modules whose reading runs code (pickle, marshal and their like) may not be
   imported.
2. Calls that run text or code (`eval`, `exec`, `compile`, `__import__`, a
   shell, an import by a name that is not written there, a Keras model), and
   `load` of NumPy, which unpickles where it is asked to, and of YAML, are told.
3. `DELIBERATE` names what parity does on purpose, with the reason. What stands
   there and is not found any more is told too.

Certain is what a name says: a call through another variable is not seen.
"""

from __future__ import annotations

import ast
import dataclasses
from typing import Dict, List, Mapping, Tuple

# (module, what) and why it is right there.
DELIBERATE: Dict[Tuple[str, str], str] = {
  ("parity.__init__", "import_module"): (
    "loads parity's own modules when a public name is asked for"
  ),
  ("parity.case", "exec_module"): (
    "a case is a Python file, and the user names it to have it run"
  ),
  ("parity.case", "import_module"): (
    "a case may name its sides as module:attribute"
  ),
  ("parity.tf.compat.draws", "import_module"): (
    "TensorFlow's own modules, from a list of them that stands there"
  ),
  ("parity.tf.compat.variables", "import_module"): (
    "TensorFlow's and Keras's own modules, from a list that stands there"
  ),
  ("parity.tf.doctor", "import_module"): (
    "asks for the packages of a list that stands there"
  ),
  ("parity.tf.slim", "import_module"): (
    "TF-Slim's own modules and Keras's, from names that stand there"
  ),
}

_MODULES = frozenset(
  (
    "_pickle",
    "cloudpickle",
    "code",
    "codeop",
    "dill",
    "jsonpickle",
    "joblib",
    "marshal",
    "pickle",
    "runpy",
    "shelve",
    "yaml",
  )
)
_BUILTINS = frozenset(("__import__", "compile", "eval", "exec"))
_METHODS = frozenset(
  (
    "exec_module",
    "fromfile",
    "import_module",
    "load_model",
    "load_module",
    "model_from_config",
    "model_from_json",
    "popen",
    "run_module",
    "run_path",
    "system",
    "unsafe_load",
  )
)
# `load` of these, by the name that they are imported as.
_LOADERS = frozenset(("np", "numpy", "onp", "saved_model", "yaml"))


@dataclasses.dataclass(frozen=True)
class Place:
  """A line that may run code.

  Attributes:
    module: such as `parity.case`.
    line: where.
    what: the module that is imported, or the name that is called.
  """

  module: str
  line: int
  what: str

  def __str__(self) -> str:
    return f"{self.module}:{self.line}: {self.what}"


def places(sources: Mapping[str, str]) -> List[Place]:
  """Every such line that is not deliberate, and what is no longer there.

  Args:
    sources: text by module name, tests left out.
  """
  found = [
    place
    for module, text in sorted(sources.items())
    for place in places_in(module, text)
  ]
  known = {(place.module, place.what) for place in found}
  gone = [
    Place(module, 0, f"{what} is deliberate, and not there any more")
    for module, what in DELIBERATE
    if (module, what) not in known
  ]
  return [
    place for place in found if (place.module, place.what) not in DELIBERATE
  ] + gone


def places_in(module: str, text: str) -> List[Place]:
  """Every line of one module that may run code, the deliberate ones too."""
  return [
    Place(module, getattr(node, "lineno", 0), what)
    for node in ast.walk(ast.parse(text))
    for what in _of_node(node)
  ]


def _of_node(node: ast.AST) -> List[str]:
  if isinstance(node, ast.Import):
    return [a.name for a in node.names if a.name.split(".")[0] in _MODULES]
  if isinstance(node, ast.ImportFrom):
    name = node.module or ""
    found = [name] if name.split(".")[0] in _MODULES else []
    # `from os import system` hides the call behind a name.
    return found + [a.name for a in node.names if a.name in _METHODS]
  if isinstance(node, ast.Call):
    return _of_call(node)
  return []


def _of_call(node: ast.Call) -> List[str]:
  found = [f"{k.arg}=" for k in node.keywords if _is_dangerous(k)]
  called = node.func
  if isinstance(called, ast.Name) and called.id in _BUILTINS:
    return [called.id, *found]
  if not isinstance(called, ast.Attribute):
    return found
  if called.attr == "import_module" and _is_written_out(node):
    return found
  if called.attr in _METHODS:
    return [called.attr, *found]
  if called.attr == "load" and _last_name(called.value) in _LOADERS:
    return [f"{_last_name(called.value)}.load", *found]
  if _last_name(called.value) == "builtins" and called.attr in _BUILTINS:
    return [called.attr, *found]
  return found


def _is_dangerous(keyword: ast.keyword) -> bool:
  """Whether a keyword asks for a shell or for pickle, or may do so."""
  if keyword.arg == "enable_unsafe_deserialization":
    return True
  if keyword.arg not in ("shell", "allow_pickle"):
    return False
  # ast.Constant; on Python 3.7 ast.NameConstant, with the same attribute.
  return getattr(keyword.value, "value", None) is not False


def _is_written_out(node: ast.Call) -> bool:
  """Whether a call's first argument is a text."""
  # ast.Constant; on Python 3.7 ast.Str.
  first = node.args[0] if node.args else None
  value = getattr(first, "value", getattr(first, "s", None))
  return isinstance(value, str)


def _last_name(node: ast.AST) -> str:
  """`b` of `a.b`, `a` of `a`."""
  return str(getattr(node, "attr", getattr(node, "id", "")))
