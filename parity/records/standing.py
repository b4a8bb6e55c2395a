"""Which recorded results stand, in whatever dtype a trace is run again?

What is computed from text and integers alone has no rounding: a split, a hash,
a look-up of a table. Of text a trace keeps digests only, and the entries of a
table are nowhere in it, so that such ops cannot be run again; they need not be.

1. A root that is no float stands.
2. The result of an op on nothing but such tensors stands, if it was seen and is
   no float. What a table gives for such a key stands in any dtype: it is read,
   not computed.
"""

from __future__ import annotations

from typing import FrozenSet

from parity.records import trace as trace_lib

_FLOATS = ("float", "bfloat", "complex")


def standing(trace: trace_lib.Trace) -> FrozenSet[int]:
  """The tensors whose recorded values no rounding has touched."""
  made = {tensor for op in trace.ops for tensor in op.outputs}
  roots = {
    number
    for number, tensor in enumerate(trace.tensors)
    if number not in made and _is_seen(tensor)
  }
  found = {n for n in roots if not _is_float(trace.tensors[n])}
  for op in trace.ops:
    is_read = trace_lib.is_of_table(op.op_type)
    # A table gives its key's entry or the default, which may be any constant.
    computed = [t for t in op.inputs if not (is_read and t in roots)]
    if trace_lib.is_draw(op.op_type) or not found.issuperset(computed):
      continue
    found.update(
      number
      for number in op.outputs
      if _is_seen(trace.tensors[number])
      and (is_read or not _is_float(trace.tensors[number]))
    )
  return frozenset(found)


def _is_seen(tensor: trace_lib.TensorRecord) -> bool:
  return bool(tensor.digest)


def _is_float(tensor: trace_lib.TensorRecord) -> bool:
  return tensor.dtype.startswith(_FLOATS)
