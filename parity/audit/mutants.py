"""What does a mutated port give? Only what depends on the change runs again.

A trial is a trace that holds, for each of several mutations, a copy of the ops
behind the mutated one, with the change made. It is run once in float64; nothing
in it is rounded that was not rounded without the change, so that every
difference is the mutation's. How many fit into a trial is a matter of memory.
"""

from __future__ import annotations

import dataclasses
from typing import Callable, Dict, Iterator, List, Optional, Sequence, Set

import numpy as np

from parity.audit import mutations as mutations_lib
from parity.records import trace as trace_lib

Replay = Callable[[trace_lib.Trace], trace_lib.Trace]

_MOST_BYTES = 96 << 20


@dataclasses.dataclass(frozen=True, eq=False)
class Mutant:
  """What a mutation comes to.

  Attributes:
    mutation: the change.
    outputs: value by name of each output that depends on it; None where it
      could not be run.
  """

  mutation: mutations_lib.Mutation
  outputs: Dict[str, Optional[np.ndarray]]


def run(
  base: trace_lib.Trace,
  proposed: Sequence[mutations_lib.Mutation],
  replay: Replay,
) -> Iterator[Mutant]:
  """Runs mutations, as many at once as memory allows.

  Args:
    base: the port's trace as it was run in float64.
    proposed: mutations of it.
    replay: runs the ops of a trace.

  Yields:
    One for each mutation, in order.
  """
  users = _users(base)
  trial, size = _Trial(base), 0
  waiting: List[mutations_lib.Mutation] = []
  for mutation in proposed:
    behind = _behind(base, mutation.number, users)
    cost = _bytes(base, behind)
    if waiting and size + cost > _MOST_BYTES:
      yield from trial.results(waiting, replay)
      trial, size, waiting = _Trial(base), 0, []
    trial.add(mutation, behind)
    waiting.append(mutation)
    size += cost
  if waiting:
    yield from trial.results(waiting, replay)


def needs(
  trace: trace_lib.Trace, proposed: Sequence[mutations_lib.Mutation]
) -> Set[int]:
  """The tensors whose values running the mutations takes."""
  users = _users(trace)
  found: Set[int] = set()
  for mutation in proposed:
    original = trace.ops[mutation.number]
    behind = [trace.ops[n] for n in _behind(trace, mutation.number, users)]
    made = {t for op in (original, *behind) for t in op.outputs}
    used = {t for op in (original, *behind) for t in op.inputs}
    found |= used - made
  return found


def _users(trace: trace_lib.Trace) -> Dict[int, List[int]]:
  """The ops that use each tensor."""
  found: Dict[int, List[int]] = {}
  for number, op in enumerate(trace.ops):
    for tensor in op.inputs:
      found.setdefault(tensor, []).append(number)
  return found


def _behind(
  trace: trace_lib.Trace, number: int, users: Dict[int, List[int]]
) -> List[int]:
  """The ops that depend on an op, in execution order, without it.

  A draw depends on no more than a shape, which no mutation changes.
  """
  found: Set[int] = set()
  stack = list(trace.ops[number].outputs)
  while stack:
    for user in users.get(stack.pop(), ()):
      if user not in found and not trace_lib.is_draw(trace.ops[user].op_type):
        found.add(user)
        stack.extend(trace.ops[user].outputs)
  return sorted(found)


def _bytes(trace: trace_lib.Trace, ops: Sequence[int]) -> int:
  """What the results of ops take, in float64."""
  return sum(
    8 * int(np.prod(trace.tensors[t].shape, dtype=np.int64))
    for number in ops
    for t in trace.ops[number].outputs
  )


class _Trial:
  """A trace with a copy of what depends on each of several mutations."""

  def __init__(self, base: trace_lib.Trace) -> None:
    self._base = base
    self._ops: List[trace_lib.OpRecord] = []
    self._tensors: List[trace_lib.TensorRecord] = []
    self._given: Dict[int, int] = {}
    self._made: List[Dict[int, int]] = []

  def add(
    self, mutation: mutations_lib.Mutation, behind: Sequence[int]
  ) -> None:
    """Adds what depends on a mutation."""
    made: Dict[int, int] = {}
    self._made.append(made)
    original = self._base.ops[mutation.number]
    if mutation.op is not None:
      self._copy(mutation.op, made, value=mutation.value)
    elif mutation.alias is not None:
      made[original.outputs[0]] = self._operand(mutation.alias, made)
    else:
      assert mutation.value is not None
      made[original.outputs[0]] = self._constant(mutation.value)
    for number in behind:
      self._copy(self._base.ops[number], made)

  def results(
    self, waiting: Sequence[mutations_lib.Mutation], replay: Replay
  ) -> Iterator[Mutant]:
    """Runs the trial."""
    wanted = {
      made[tensor]
      for made in self._made
      for tensor in self._base.outputs.values()
      if tensor in made
    }
    ran = replay(
      trace_lib.Trace(
        tuple(self._ops),
        tuple(self._tensors),
        wanted=tuple(sorted(wanted)),
        only_wanted=True,
      )
    )
    for mutation, made in zip(waiting, self._made):
      outputs = {
        name: ran.tensors[made[tensor]].value
        for name, tensor in self._base.outputs.items()
        if tensor in made
      }
      yield Mutant(mutation, outputs)

  def _copy(
    self,
    op: trace_lib.OpRecord,
    made: Dict[int, int],
    *,
    value: Optional[np.ndarray] = None,
  ) -> None:
    inputs = []
    for tensor in op.inputs:
      if tensor >= 0:
        inputs.append(self._operand(tensor, made))
      else:
        assert value is not None
        inputs.append(self._constant(value))
    for tensor in op.outputs:
      record = self._base.tensors[tensor]
      made[tensor] = self._new(trace_lib.TensorRecord((), record.dtype))
    outputs = tuple(made[tensor] for tensor in op.outputs)
    self._ops.append(
      dataclasses.replace(op, inputs=tuple(inputs), outputs=outputs)
    )

  def _operand(self, tensor: int, made: Dict[int, int]) -> int:
    if tensor in made:
      return made[tensor]
    if tensor not in self._given:
      self._given[tensor] = self._new(self._base.tensors[tensor])
    return self._given[tensor]

  def _constant(self, value: np.ndarray) -> int:
    return self._new(
      trace_lib.TensorRecord(
        tuple(value.shape),
        value.dtype.name,
        "audit",
        value=value,
        root="constant",
      )
    )

  def _new(self, record: trace_lib.TensorRecord) -> int:
    self._tensors.append(record)
    return len(self._tensors) - 1
