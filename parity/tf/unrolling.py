"""What does every op of a trace give, those in TF1.x's loops included?

A session lets nobody fetch what is computed inside a loop or a branch, but the
trace holds the ops: Enter, Merge, Switch, NextIteration, Exit and what stands
between. They are run here one after the other, round by round, and what ran is
written down as if the graph had been unrolled.

1. Ops outside of loops run in their order; a Switch makes one of its results
   dead, what depends on it does not run, and a Merge passes on what is alive.
2. A loop runs when its first Exit is met. Each op in it gives new tensors in
   each round; the tensors that leave it keep their numbers. What an op needs
   runs before it, wherever it stands in the trace.
3. A TensorArray is a list of tensors, a stack as well: reading, writing and
   gathering only passes tensors on.
4. A loop that holds an op that cannot be run, such as one that draws, stays as
   it was recorded, and the trace says that it is not exact.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Callable, Dict, List, Optional, Sequence, Set, Tuple

import numpy as np

from parity.records import trace as trace_lib
from parity.tf import tensor_lists

Compute = Callable[
  [trace_lib.OpRecord, Sequence[Any]], Optional[Sequence[np.ndarray]]
]
Path = Tuple[str, ...]

_ENTER = ("Enter", "RefEnter")
_EXIT = ("Exit", "RefExit")
_MERGE = ("Merge", "RefMerge")
_NEXT = ("NextIteration", "RefNextIteration")
_SWITCH = ("Switch", "RefSwitch")
_PASSING = ("Identity", "RefIdentity", "LoopCond", "StopGradient")
_DEAD = -1
_MOST_ROUNDS = 10_000
_MOST_OPS = 60_000


def is_needed(trace: trace_lib.Trace) -> bool:
  """Whether a trace holds loops or branches of TF1.x's control flow."""
  return any(op.op_type in (*_EXIT, *_MERGE) for op in trace.ops)


def frames_of(trace: trace_lib.Trace) -> List[Path]:
  """The loops around each op, outermost first; an Enter is inside already.

  What enters a loop may stand behind the op that it was made for, so the ops
  are gone through until nothing is new.
  """
  of_tensor: Dict[int, Path] = {}
  around_loop: Dict[str, Path] = {}
  found: List[Path] = []
  before: Optional[List[Path]] = None
  while found != before:
    before, found = found, []
    for op in trace.ops:
      around = max(
        (of_tensor.get(t, ()) for t in op.inputs), key=len, default=()
      )
      if op.op_type in _ENTER:
        name = str(op.attributes.get("frame_name"))
        around = max(around, around_loop.get(name, ()), key=len)
        around_loop[name] = around
        around = (*around, name)
      after = around[:-1] if op.op_type in _EXIT else around
      of_tensor.update(dict.fromkeys(op.outputs, after))
      found.append(around)
  return found


class _Stuck(Exception):
  """A loop holds what cannot be run."""


class _Round:
  """One round of a loop: what it has computed, and what it carries on.

  Attributes:
    path: the loop, and those around it.
    outer: the round of the loop around it; None at the top.
    is_first: whether it is the loop's first.
    carried: what the round before carries on, by the trace's number.
    numbers: its tensors by the number that the trace gives them.
    ran: the ops that ran, or are running.
    loops: the inner loops that ran.
    carried_on: what it carries on to the next.
    results: what leaves the loop, if this round is the last.
    is_running: whether there is a next round.
  """

  def __init__(
    self,
    path: Path,
    outer: Optional[_Round],
    *,
    is_first: bool,
    carried: Dict[int, int],
  ) -> None:
    self.path = path
    self.outer = outer
    self.is_first = is_first
    self.carried = carried
    self.numbers: Dict[int, int] = {}
    self.ran: Set[int] = set()
    self.loops: Set[Path] = set()
    self.carried_on: Dict[int, int] = {}
    self.results: List[Tuple[trace_lib.OpRecord, int]] = []
    self.is_running = False


class Machine(tensor_lists.Host):
  """Runs a trace.

  Attributes:
    values: by tensor number; None where nothing is known.
    inexact: tensors that keep their recorded values.
  """

  def __init__(self, trace: trace_lib.Trace, compute: Compute) -> None:
    self.values: Dict[int, Any] = {}
    self.inexact: Set[int] = set()
    self._trace = trace
    self._compute = compute
    self._frames = frames_of(trace)
    self._maker = {t: n for n, op in enumerate(trace.ops) for t in op.outputs}
    self._members: Dict[Path, List[int]] = {}
    for number, path in enumerate(self._frames):
      for depth in range(1, len(path) + 1):
        self._members.setdefault(path[:depth], []).append(number)
    self._dead: Set[int] = set()
    self._done: Set[int] = set()
    self._ran: Set[Path] = set()
    self._ops: List[trace_lib.OpRecord] = []
    self._new: List[trace_lib.TensorRecord] = []
    self._lists = tensor_lists.TensorLists(self)

  def run(self) -> trace_lib.Trace:
    """Runs everything; the trace has new ops and tensors, `values` the rest."""
    for number in range(len(self._trace.ops)):
      self._run_top(number)
    return dataclasses.replace(
      self._trace,
      ops=tuple(self._ops),
      tensors=(*self._trace.tensors, *self._new),
    )

  def value(self, tensor: int) -> Any:
    """A tensor's value; None where it is not known."""
    if tensor not in self.values:
      self.values[tensor] = self._trace.tensors[tensor].value
    return self.values[tensor]

  def add(
    self,
    op: trace_lib.OpRecord,
    inputs: Sequence[int],
    values: Sequence[Any],
    outputs: Sequence[int] = (),
  ) -> List[int]:
    """Writes an op down as run, and returns the numbers of its results."""
    numbers = list(outputs) or [self._number(op, i) for i in range(len(values))]
    self.values.update(zip(numbers, values))
    self._ops.append(
      dataclasses.replace(op, inputs=tuple(inputs), outputs=tuple(numbers))
    )
    return numbers

  def _number(self, op: trace_lib.OpRecord, position: int) -> int:
    dtype = self._trace.tensors[op.outputs[position]].dtype
    self._new.append(trace_lib.TensorRecord((), dtype))
    return len(self._trace.tensors) + len(self._new) - 1

  def _run_top(self, number: int) -> None:
    """Runs an op outside of loops, or the loop that an Exit leaves."""
    op, path = self._trace.ops[number], self._frames[number]
    if number in self._done or (path and op.op_type not in _EXIT):
      return
    if path:
      if len(path) == 1 and path not in self._ran:
        self._ran.add(path)
        self._run_loop_or_keep(path)
      return
    self._done.add(number)
    for tensor in op.inputs:
      self._ensure(tensor)
    if op.op_type in _MERGE:
      self._merge_top(op)
    elif self._dead & set(op.inputs):
      self._dead.update(op.outputs)
    elif op.op_type in _SWITCH and self.value(op.inputs[1]) is not None:
      self._switch_top(op)
    else:
      self._compute_top(op)

  def _ensure(self, tensor: int) -> None:
    """Runs what makes a tensor, where that stands later in the trace."""
    maker = self._maker.get(tensor)
    if maker is not None and maker not in self._done:
      self._run_top(maker)

  def _compute_top(self, op: trace_lib.OpRecord) -> None:
    results = self._lists.run(op, op.inputs, keep_numbers=True)
    if results is not None:
      return
    values = [self.value(tensor) for tensor in op.inputs]
    computed = self._compute(op, values)
    if computed is None:
      self._keep(op)
    else:
      self.add(op, op.inputs, computed, op.outputs)

  def _keep(self, op: trace_lib.OpRecord) -> None:
    """Keeps an op's recorded results."""
    self.inexact.update(op.outputs)
    self.add(op, op.inputs, [self.value(t) for t in op.outputs], op.outputs)

  def _switch_top(self, op: trace_lib.OpRecord) -> None:
    taken = int(bool(self.value(op.inputs[1])))
    self._dead.add(op.outputs[1 - taken])
    value = self.value(op.inputs[0])
    self.add(op, op.inputs, [value], [op.outputs[taken]])

  def _merge_top(self, op: trace_lib.OpRecord) -> None:
    live = [tensor for tensor in op.inputs if tensor not in self._dead]
    index = self.value(op.outputs[1]) if len(op.outputs) > 1 else None
    if len(live) != 1 and index is not None:
      live = [op.inputs[int(index)]]
    if not live:
      self._dead.update(op.outputs)
    elif len(live) == 1:
      self.add(op, live, [self.value(live[0])], op.outputs[:1])
    else:
      self._keep(op)

  def _run_loop_or_keep(self, path: Path) -> None:
    ops, new = len(self._ops), len(self._new)
    try:
      self._run_loop(path, None)
    except (_Stuck, RecursionError):
      del self._ops[ops:]
      for number in range(new, len(self._new)):
        self.values.pop(len(self._trace.tensors) + number, None)
      del self._new[new:]
      self._lists.forget()
      for number in self._members[path]:
        self._keep(self._trace.ops[number])

  def _run_loop(self, path: Path, outer: Optional[_Round]) -> None:
    """Runs a loop to its end, and gives its results to what is around it.

    The condition comes first: where it does not hold, only what leaves the loop
    runs, for some ops of the body hang on it by control edges alone.
    """
    own = [n for n in self._members[path] if self._frames[n] == path]
    tests = [n for n in own if self._trace.ops[n].op_type == "LoopCond"]
    exits = [n for n in own if self._trace.ops[n].op_type in _EXIT]
    carried: Dict[int, int] = {}
    for count in range(_MOST_ROUNDS):
      step = _Round(path, outer, is_first=count == 0, carried=carried)
      for number in tests:
        self._run_member(number, step)
      for number in self._members[path] if step.is_running else exits:
        self._run_member(number, step)
      carried = step.carried_on
      if not step.is_running:
        for op, tensor in step.results:
          self._leave(op, tensor, outer)
        return
      if len(self._ops) > _MOST_OPS:
        break
    raise _Stuck

  def _run_member(self, number: int, step: _Round) -> None:
    """Runs an op of a loop, or the inner loop that it leaves."""
    op, path = self._trace.ops[number], self._frames[number]
    if path == step.path:
      if number not in step.ran:
        step.ran.add(number)
        self._run_inside(op, step)
    elif (
      op.op_type in _EXIT and path[:-1] == step.path and path not in step.loops
    ):
      step.loops.add(path)
      self._run_loop(path, step)

  def _leave(
    self, op: trace_lib.OpRecord, tensor: int, outer: Optional[_Round]
  ) -> None:
    if outer is None:
      self.add(op, [tensor], [self.value(tensor)], op.outputs)
    else:
      outer.numbers[op.outputs[0]] = tensor

  def _resolve(self, tensor: int, step: Optional[_Round]) -> int:
    """The number that a tensor has in a round, whose op is run if need be."""
    maker = self._maker.get(tensor)
    path = () if maker is None else self._frames[maker]
    if maker is not None and self._trace.ops[maker].op_type in _EXIT:
      path = path[:-1]
    while step is not None and step.path != path:
      step = step.outer
    if step is not None and maker is not None:
      if tensor not in step.numbers:
        self._run_member(maker, step)
      if tensor not in step.numbers:
        raise _Stuck
      return step.numbers[tensor]
    if path:
      raise _Stuck
    self._ensure(tensor)
    return _DEAD if tensor in self._dead else tensor

  def _run_inside(self, op: trace_lib.OpRecord, step: _Round) -> None:
    """Runs an op of the innermost loop for one round."""
    numbers = step.numbers
    if op.op_type in _MERGE:
      numbers.update(dict.fromkeys(op.outputs, self._merged(op, step)))
      return
    if op.op_type in _ENTER:
      is_there = step.is_first or bool(op.attributes.get("is_constant"))
      numbers[op.outputs[0]] = (
        self._resolve(op.inputs[0], step.outer) if is_there else _DEAD
      )
      return
    inputs = [self._resolve(tensor, step) for tensor in op.inputs]
    if _DEAD in inputs:
      numbers.update(dict.fromkeys(op.outputs, _DEAD))
    elif op.op_type in _NEXT:
      step.carried_on[op.outputs[0]] = inputs[0]
      numbers[op.outputs[0]] = inputs[0]
    elif op.op_type in _EXIT:
      step.results.append((op, inputs[0]))
    elif op.op_type in _SWITCH:
      taken = int(self._truth(inputs[1]))
      numbers[op.outputs[taken]] = inputs[0]
      numbers[op.outputs[1 - taken]] = _DEAD
    elif op.op_type in _PASSING:
      numbers[op.outputs[0]] = inputs[0]
      if op.op_type == "LoopCond":
        step.is_running = self._truth(inputs[0])
    else:
      numbers.update(zip(op.outputs, self._computed(op, inputs)))

  def _truth(self, tensor: int) -> bool:
    value = self.value(tensor)
    if value is None:
      raise _Stuck
    return bool(value)

  def _merged(self, op: trace_lib.OpRecord, step: _Round) -> int:
    """What enters the loop, or comes back from the round before."""
    for tensor in op.inputs:
      maker = self._maker.get(tensor)
      if maker is not None and self._trace.ops[maker].op_type in _NEXT:
        if not step.is_first:
          return step.carried.get(tensor, _DEAD)
        entering = next(t for t in op.inputs if t != tensor)
        return self._resolve(entering, step)
    found = [self._resolve(tensor, step) for tensor in op.inputs]
    live = [tensor for tensor in found if tensor != _DEAD]
    if len(live) > 1:
      raise _Stuck
    return live[0] if live else _DEAD

  def _computed(
    self, op: trace_lib.OpRecord, inputs: Sequence[int]
  ) -> Sequence[int]:
    numbers = self._lists.run(op, inputs, keep_numbers=False)
    if numbers is not None:
      return numbers
    computed = self._compute(op, [self.value(tensor) for tensor in inputs])
    if computed is None:
      raise _Stuck
    return self.add(op, inputs, computed)
