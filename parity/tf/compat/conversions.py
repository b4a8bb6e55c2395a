"""What does AutoGraph convert, and what does it keep of it?

1. It keeps the copy of a function by the function's code, and Python takes code
   of two files for one where all but the file is equal: the lines of the second
   would be told as the first's. So the copies of a user's code are forgotten
   between two cases; those of libraries stay, whose files are always the same.
2. TensorFlow 2.15 and 2.16 convert `tf_keras`: they know Keras by the names
   `tensorflow` and `keras` only, and leave those alone; 2.21 leaves `tf_keras`
   alone too. Converting it takes ten seconds and more, and changes nothing that
   a layer computes.
"""

from __future__ import annotations

import contextlib
import types
from typing import Callable, Iterator

from tensorflow.python.autograph.core import config
from tensorflow.python.autograph.impl import api
from tensorflow.python.autograph.impl import conversion

from parity.tf.compat import patching


def forget(is_users: Callable[[str], bool]) -> None:
  """Drops AutoGraph's copies of the user's functions (since 1.15).

  Args:
    is_users: whether a file is the user's own.
  """
  transpiler = getattr(api, "_TRANSPILER", None)
  # TensorFlow 1.15 keeps them beside the conversion itself.
  holder = conversion._CACHE if transpiler is None else transpiler._cache
  for key in list(holder._cache):
    if isinstance(key, types.CodeType) and is_users(key.co_filename):
      holder._cache.pop(key, None)


@contextlib.contextmanager
def keras_left_alone() -> Iterator[None]:
  """AutoGraph converts no `tf_keras`, as in 2.21 (since 1.15).

  Yields:
    Nothing.
  """
  rules = config.CONVERSION_RULES
  if any(rule.matches("tf_keras") for rule in rules):
    yield
    return
  added = (config.DoNotConvert("tf_keras"), *rules)
  with patching.attribute_replaced(config, "CONVERSION_RULES", added):
    yield
