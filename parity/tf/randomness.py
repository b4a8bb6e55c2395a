"""Do both sides draw the same random numbers, and which ops do not?

A stateful random op draws from the stream of its two seeds, and TensorFlow
picks the op seed by what else the graph holds. `DeterministicRandomTestTool`,
the guide's own, gives the seeds itself, so that a graph in a session and eager
code that draw in the same order draw the same numbers. It is here for every
TensorFlow from 1.15 on, and goes further:

1. Keras 2's own generators draw from the stateful ops too while it is active.
2. It records every random op in order (`observed`), and names those that never
   asked for a seed (`escaped`): Keras 3's, `tf.random.Generator`'s, stateless
   ones whose seed is not the user's own constant or input.
3. Ops that Keras 2 makes only to learn a functional model's shapes, and the
   first of the two traces of a function that creates variables, take no seeds
   from those that run.
4. Over several steps (`begin_step`) eager code goes on with the streams as a
   graph does at its next `session.run`; what can't be aligned is refused by
   name.

Certain: the seeds, the streams, the refusals. Heuristic: that a stateless op is
the user's own where the user's line, not Keras, calls it.
"""

from __future__ import annotations

import contextlib
from typing import Any, Iterator, List, Optional, Set, Tuple
import warnings

from parity import errors
from parity.records import recording as recording_lib
from parity.tf import random_draws
from parity.tf import random_ops
from parity.tf import random_steps
from parity.tf import random_traces
from parity.tf import sources
from parity.tf.compat import execution
from parity.tf.compat import keras as compat_keras
from parity.tf.compat import seeds
from parity.tf.compat import variables as compat_variables

random_ops_of_graph = random_ops.random_ops_of_graph

_MODES = ("constant", "num_random_ops")
_ON_ESCAPE = ("warn", "raise", "ignore")


class AlignmentWarning(UserWarning):
  """Random ops escaped the alignment; the message names them."""


class DeterministicRandomTestTool:
  """Aligns the random ops of TF1.x graphs, eager code and functions.

  Modes: `constant` gives every op the same op seed; `num_random_ops` gives it
  the number of random ops before it, so that the order counts.

  >>> import tensorflow.compat.v1 as tf1
  >>> tool = DeterministicRandomTestTool(mode="num_random_ops")
  >>> with tool.scope(), tf1.Graph().as_default(), tf1.Session() as session:
  ...   value = session.run(tf1.random.uniform([3]))
  >>> tool.operation_seed
  1
  >>> [(op.op_type, op.op_seed) for op in tool.observed]
  [('RandomUniform', 0)]

  Attributes:
    operation_seed: the op seed that the next random op gets; may be set.
  """

  def __init__(
    self,
    seed: int = 42,
    mode: str = "constant",
    *,
    on_escape: str = "warn",
  ) -> None:
    """Initializes the tool.

    Args:
      seed: the graph seed of every random op.
      mode: `constant` or `num_random_ops`.
      on_escape: what the end of a scope does where random ops escaped: `warn`
        (an AlignmentWarning), `raise` (an AlignmentError) or `ignore`.

    Raises:
      ValueError: another mode or `on_escape`.
    """
    if mode not in _MODES:
      raise ValueError(
        f"Mode arg must be 'constant' or 'num_random_ops'. Got: {mode}"
      )
    if on_escape not in _ON_ESCAPE:
      raise ValueError(
        f"on_escape must be one of {', '.join(_ON_ESCAPE)}. Got: {on_escape}"
      )
    self._seed = seed
    self._mode = mode
    self._on_escape = on_escape
    self.operation_seed = 0
    self._used_seeds: Set[int] = set()
    self._draws: List[random_draws.Draw] = []
    self._pending: Optional[random_draws.Draw] = None
    self._making: List[Tuple[int, List[random_draws.Draw]]] = []
    self._lineage = random_draws.Lineage()
    self._steps = random_steps.Steps(seed, mode)
    self._traces = random_traces.Traces()

  @property
  def observed(self) -> Tuple[recording_lib.RandomOpRecord, ...]:
    """Every random op of the first step in order, those that escaped too."""
    random_draws.resolve_from_graphs(self._draws, self._seed)
    return tuple(draw.record(i) for i, draw in enumerate(self._draws))

  @property
  def escaped(self) -> Tuple[recording_lib.RandomOpRecord, ...]:
    """The random ops that got no seed from this tool, each line once."""
    found = {}
    for record in self.observed:
      if record.op_seed is None:
        key = (record.op_type, record.source, record.variable)
        found.setdefault(key, record)
    return tuple(found.values())

  @contextlib.contextmanager
  def scope(self) -> Iterator[None]:
    """Aligns the random ops that are made inside.

    Yields:
      Nothing.

    Raises:
      ValueError: an op seed would be used twice (mode `num_random_ops`).
      AlignmentError: a step's ops are not those of the first step; or, with
        `on_escape="raise"`, ops escaped.
    """
    seeds.set_seed(self._seed)
    before = len(self.escaped)
    with contextlib.ExitStack() as stack:
      stack.enter_context(seeds.seeds_replaced(self._take_seed))
      stack.enter_context(compat_keras.stateful_random_generators())
      stack.enter_context(
        # In a graph only random ops matter; eagerly also what becomes of them.
        execution.ops_watched(
          self._see,
          chosen=lambda op_type, is_eager: (
            is_eager or random_ops.kind_of(op_type) is not None
          ),
        )
      )
      stack.enter_context(
        compat_variables.creations_observed(
          self._begin_variable, self._end_variable
        )
      )
      yield
    # Only a body that did not raise comes here.
    self._steps.finish()
    self._report(self.escaped[before:])

  def begin_step(self) -> None:
    """Says that the next call is the next step, as the next `session.run` is.

    Call it before each step; before the first forward draw it does nothing. In
    the first step variables may be created. In each later step eager random ops
    get the op seeds of the first step's ops again, variable initialisers left
    out, and go on with their streams. A function that was traced in the first
    step goes on by itself. Graphs that a session runs need no steps.

    Raises:
      AlignmentError: the step before did not draw what the first one drew, or
        the streams can't go on.
    """
    self._steps.begin(self._draws)

  def restart(self) -> None:
    """Says that the next call is the first step again, with fresh streams.

    After a first call that made the variables, this gives the second call the
    numbers that a graph gives at its first `session.run` after the
    initialisers. A function may be traced anew.

    Raises:
      AlignmentError: the step before did not draw what the first one drew.
    """
    self._steps.restart(self._draws)

  def _take_seed(self, op_seed: Optional[int]) -> Tuple[int, int]:
    """Stands in for TensorFlow's get_seed; the asked seed does not count."""
    del op_seed
    self._pending = None
    place, graph = random_draws.place_now()
    source = sources.user_source()
    if self._steps.replays(place):
      if self._making:
        raise errors.AlignmentError(
          f"A variable is created at {source or 'unknown line'} after the first"
          " step; its initialiser has no partner. Create it in the first step."
        )
      draw = self._steps.next_draw(place, source)
    else:
      draw = self._first_draw(place, graph, source)
    if self._mode == "constant":
      seeds.set_seed(int(draw.op_seed or 0))
      self._steps.advance(draw, place)
    self._pending = draw
    return seeds.usable(self._seed, int(draw.op_seed or 0))

  def _first_draw(
    self, place: str, graph: Optional[Any], source: Optional[str]
  ) -> random_draws.Draw:
    """A draw of the first step."""
    if place == random_draws.FUNCTION and not self._making:
      repeated = self._traces.repeated(self._draws, graph, source)
      if repeated is not None:
        return repeated
    if place == random_draws.SCRATCH:
      # What never runs takes no seed from what does.
      return random_draws.Draw(self.operation_seed, place, source, graph)
    draw = random_draws.Draw(self._next_seed(), place, source, graph)
    self._draws.append(draw)
    if not self._making:
      self._steps.note_forward(place)
    return draw

  def _next_seed(self) -> int:
    op_seed = self.operation_seed
    if self._mode == "constant":
      return op_seed
    if op_seed in self._used_seeds:
      raise ValueError(
        "This `DeterministicRandomTestTool` object is trying to re-use the "
        f"already-used operation seed {op_seed}. It cannot guarantee random "
        "numbers will match between eager and sessions when an operation seed "
        "is reused. You most likely set `operation_seed` explicitly but used a "
        "value that caused the naturally-incrementing operation seed sequences "
        "to overlap with an already-used seed."
      )
    self._used_seeds.add(op_seed)
    self.operation_seed += 1
    return op_seed

  def _see(self, event: execution.OpEvent) -> None:
    """Looks at an op that has run or was put into a graph."""
    kind = random_ops.kind_of(event.op_type)
    draw = None
    if kind == random_ops.STATEFUL:
      draw = self._bind(event)
    place = random_draws.place_in(event.graph)
    if place == random_draws.SCRATCH:
      return
    if draw is None and kind is not None and self._is_escaped(kind, event):
      draw = random_draws.Draw(None, place, sources.user_source(), event.graph)
      draw.see(event)
      draw.scope = compat_variables.current_scope_name().rstrip("/")
      self._draws.append(draw)
    if event.graph is None:
      self._lineage.follow(event, draw)

  def _bind(self, event: execution.OpEvent) -> Optional[random_draws.Draw]:
    """Finds the draw whose seed this op carries."""
    draw = self._pending
    if draw is None or random_draws.seeds_of(event) != seeds.usable(
      self._seed, int(draw.op_seed or 0)
    ):
      return None
    self._pending = None
    if draw.event is None:
      draw.see(event)
      draw.scope = compat_variables.current_scope_name().rstrip("/")
    else:
      self._steps.check_same(draw, event)
    return draw

  def _is_escaped(self, kind: str, event: execution.OpEvent) -> bool:
    if kind == random_ops.STATEFUL:
      # Seeds that are neither ours nor zero were given by hand: they hold.
      is_unseeded = random_draws.seeds_of(event) == (0, 0)
      return is_unseeded and not random_ops.is_idle_event(
        event.op_type, event.attributes
      )
    if kind == random_ops.GENERATOR or random_ops.is_keras_calling():
      return True
    tensor = random_ops.seed_input(event.op_type, event.inputs)
    if tensor is None:
      return True
    if event.graph is None:
      return bool(self._lineage.of([tensor]))
    return random_ops.depends_on_state(tensor.op)

  def _begin_variable(self, cls: type, args: Any, kwargs: Any) -> None:
    del cls
    initial = kwargs.get("initial_value", kwargs.get("initializer"))
    if initial is None and args:
      initial = args[0]
    behind: List[random_draws.Draw] = []
    if initial is not None and not callable(initial):
      random_draws.resolve_from_graphs(self._draws, self._seed)
      behind = random_draws.draws_behind(initial, self._draws, self._lineage)
    self._making.append((len(self._draws), behind))
    self._traces.note_creation()

  def _end_variable(self, variable: Optional[Any]) -> None:
    start, behind = self._making.pop()
    if variable is None:
      return
    name = compat_variables.variable_name(variable)
    for draw in self._draws[start:] + behind:
      if draw.variable is None:
        draw.variable = name

  def _report(self, found: Tuple[recording_lib.RandomOpRecord, ...]) -> None:
    if not found or self._on_escape == "ignore":
      return
    lines = "".join(f"\n  {_describe(record)}" for record in found)
    message = (
      f"{len(found)} random op(s) escaped DeterministicRandomTestTool: they"
      " take no seed from TensorFlow's get_seed, so their numbers differ"
      f" between the sides:{lines}"
    )
    if self._on_escape == "raise":
      raise errors.AlignmentError(message)
    warnings.warn(message, AlignmentWarning, stacklevel=4)


def _describe(record: recording_lib.RandomOpRecord) -> str:
  words = [record.op_type]
  if record.name:
    words.append(f"in {record.name}")
  if record.variable:
    words.append(f"(initialises {record.variable})")
  words.append(f"at {record.source or 'unknown line'}")
  return " ".join(words)
