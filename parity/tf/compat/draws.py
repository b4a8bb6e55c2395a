"""How can the result of a random op be replaced, before anyone uses it?

TensorFlow's Python calls each random op through a generated function of a
private module. Inside the scope here those functions run the op as ever, and
hand its result to a replacer first. Only what draws plain uniform, normal,
truncated normal or whole numbers is in: there an op's result does not depend on
anything but its parameters, so that another op's numbers can stand for them.
"""

from __future__ import annotations

import contextlib
import importlib
from typing import Any, Callable, Dict, Iterator, Optional

from parity.tf.compat import patching

# Kind of numbers by generated function, since 1.15 as far as they exist.
_KINDS: Dict[str, str] = {
  "random_standard_normal": "normal",
  "random_uniform": "uniform",
  "random_uniform_int": "integer",
  "stateful_standard_normal_v2": "normal",
  "stateful_truncated_normal": "truncated normal",
  "stateful_uniform": "uniform",
  "stateful_uniform_int": "integer",
  "stateless_random_normal": "normal",
  "stateless_random_normal_v2": "normal",
  "stateless_random_uniform": "uniform",
  "stateless_random_uniform_int": "integer",
  "stateless_random_uniform_int_v2": "integer",
  "stateless_random_uniform_v2": "uniform",
  "stateless_truncated_normal": "truncated normal",
  "stateless_truncated_normal_v2": "truncated normal",
  "truncated_normal": "truncated normal",
}
_MODULES = (
  "gen_random_ops",
  "gen_stateful_random_ops",
  "gen_stateless_random_ops",
  "gen_stateless_random_ops_v2",
)

Replacer = Callable[[str, Any], Any]


def kind_of(op_type: str) -> Optional[str]:
  """What kind of numbers an op type draws, None where none can stand for them.

  >>> kind_of("RandomUniform"), kind_of("StatelessRandomUniformV2")
  ('uniform', 'uniform')
  >>> kind_of("RandomShuffle") is None
  True
  """
  return {_op_type(name): kind for name, kind in _KINDS.items()}.get(op_type)


def _op_type(function: str) -> str:
  return "".join(part.capitalize() for part in function.split("_"))


@contextlib.contextmanager
def results_replaced(replacer: Replacer) -> Iterator[None]:
  """Hands each random op's result to a replacer inside the scope.

  Args:
    replacer: is given the op's type and its result, and gives what the caller
      gets instead.

  Yields:
    Nothing.
  """
  with contextlib.ExitStack() as stack:
    for name in _MODULES:
      try:
        module = importlib.import_module(f"tensorflow.python.ops.{name}")
      except ImportError:  # Not in this TensorFlow.
        continue
      for function in _KINDS:
        if hasattr(module, function):
          replaced = _replaced(getattr(module, function), function, replacer)
          stack.enter_context(
            patching.attribute_replaced(module, function, replaced)
          )
    yield


def _replaced(
  function: Callable[..., Any], name: str, replacer: Replacer
) -> Callable[..., Any]:
  def call(*args: Any, **kwargs: Any) -> Any:
    return replacer(_op_type(name), function(*args, **kwargs))

  return call
