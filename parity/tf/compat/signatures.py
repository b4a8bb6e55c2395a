"""How do TensorFlow and Keras 2 learn the arguments of a function?

They ask `inspect` for each variable and each layer that is made. It makes a
Signature first, and takes that apart again; what it says of a plain function
stands in the function's code.
"""

from __future__ import annotations

import contextlib
import inspect
import sys
import types
from typing import Any, Iterator

from parity.tf.compat import patching

# Each has the name `_getfullargspec` for the function of `inspect`.
_ASKING = (
  "keras.src.utils.tf_inspect",
  "tensorflow.python.util.tf_inspect",
  "tensorflow_core.python.util.tf_inspect",
  "tf_keras.src.utils.tf_inspect",
)


@contextlib.contextmanager
def read_from_code() -> Iterator[None]:
  """A plain function's arguments are read from its code (since 1.15).

  Yields:
    Nothing.
  """
  with contextlib.ExitStack() as stack:
    for name in _ASKING:
      module = sys.modules.get(name)
      asked = getattr(module, "_getfullargspec", None)
      if asked is inspect.getfullargspec:
        stack.enter_context(
          patching.attribute_replaced(module, "_getfullargspec", argspec)
        )
    yield


def argspec(function: Any) -> inspect.FullArgSpec:
  """What `inspect.getfullargspec` says of a callable, sooner.

  Args:
    function: any callable; but for a plain function, or a method of one,
      `inspect` is asked.

  Raises:
    TypeError: its arguments cannot be known.
  """
  plain = function
  if type(plain) is types.MethodType:
    plain = plain.__func__
  # What stands in its dict may be a signature of another.
  if type(plain) is not types.FunctionType or plain.__dict__:
    return inspect.getfullargspec(function)
  code = plain.__code__
  names, count = code.co_varnames, code.co_argcount
  end = count + code.co_kwonlyargcount
  kwonly = list(names[count:end])
  varargs = varkw = None
  if code.co_flags & inspect.CO_VARARGS:
    varargs = names[end]
    end += 1
  if code.co_flags & inspect.CO_VARKEYWORDS:
    varkw = names[end]
    end += 1
  known = plain.__annotations__
  if known:
    shown = {*names[:end], "return"}
    known = {name: known[name] for name in known if name in shown}
  return inspect.FullArgSpec(
    args=list(names[:count]),
    varargs=varargs,
    varkw=varkw,
    defaults=plain.__defaults__ or None,
    kwonlyargs=kwonly,
    kwonlydefaults=dict(plain.__kwdefaults__ or {}) or None,
    annotations=dict(known),
  )
