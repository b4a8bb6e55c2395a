"""Why did nobody notice, and what would? Said from what the op was given.

Certain: each sentence rests on the values that the run recorded. A mutation
without any effect is told by what makes it so (a bias of zeros, an input
without a negative element, no element on the bound); one whose effect is
smaller than what is allowed, by the tolerance that would see it.
"""

from __future__ import annotations

from typing import Optional, Sequence

import numpy as np

from parity.audit import mutations as mutations_lib
from parity.records import audit as audit_lib
from parity.records import trace as trace_lib

_CHECKPOINT = (
  "compare with trained weights (`checkpoint`), or give it another initializer"
)


def for_missed(
  mutation: mutations_lib.Mutation,
  effects: Sequence[audit_lib.Effect],
  trace: trace_lib.Trace,
) -> str:
  """What a mutation that every check misses needs in order to be seen.

  Args:
    mutation: the change.
    effects: what it did to each check.
    trace: the run in which it was made.
  """
  largest = max(effects, key=lambda e: e.times_tolerance, default=None)
  if largest is not None and largest.times_tolerance > 0:
    return (
      f"It moves {largest.name} by {largest.times_tolerance:.2g} times what is"
      " allowed: a tolerance smaller by that factor would see it, and so would"
      " inputs of a larger range, or the op's own result as an output."
    )
  because = _because(mutation, trace)
  return because or (
    "It changes nothing: what this op is given does not tell the two apart."
    " Use inputs that are less regular, or trained weights (`checkpoint`)."
  )


def _because(
  mutation: mutations_lib.Mutation, trace: trace_lib.Trace
) -> Optional[str]:
  op = trace.ops[mutation.number]
  first = trace.tensors[op.inputs[0]].value if op.inputs else None
  if mutation.kind == "dropped_bias":
    return f"The bias is 0 here: {_CHECKPOINT}."
  if first is None or first.size == 0 or first.dtype.kind != "f":
    return None
  if mutation.kind == "other_activation":
    if op.op_type == "Relu6" and np.max(first) <= 6:
      return (
        f"No element is above 6 (the largest is {np.max(first):.3g}): use"
        " inputs of a larger range, or trained weights (`checkpoint`)."
      )
    if np.min(first) >= 0:
      return (
        "No element there is negative: use inputs, or weights, of both signs."
      )
  if mutation.kind == "shifted_bound":
    return "No element lies on the bound: add an input with one that does."
  if np.all(first == first.reshape(-1)[0]):
    return (
      f"Every element there is {first.reshape(-1)[0]:.3g}: use inputs, or"
      f" weights, that differ from one another."
    )
  return None
