"""How do eager random ops go on from step to step, as a graph's do?

At each `session.run` a graph's random op takes the next numbers of its stream.
Eager code makes its ops anew at each call, so:

1. The forward draws of the first step (those that initialise no variable) are
   the plan. In a later step the n-th eager draw gets the op seed of the n-th.
2. Where every draw has an op seed of its own (`num_random_ops`), TensorFlow
   finds the kernel again by it, and the stream goes on.
3. With one op seed for all (`constant`) each eager draw starts a stream anew,
   so the numbers of the steps before are drawn first, and dropped.
4. A function keeps its own kernels; they go on by themselves, unless its trace
   or its kernels are made anew: then the step is refused.
"""

from __future__ import annotations

from typing import Any, List, Optional

from parity import errors
from parity.tf import random_draws
from parity.tf.compat import execution
from parity.tf.compat import seeds


class Steps:
  """The plan of the first step, and how far the current step has come."""

  def __init__(self, seed: int, mode: str) -> None:
    self._seed = seed
    self._mode = mode
    self._step = 1
    self._eager: Optional[List[random_draws.Draw]] = None
    self._traced: List[random_draws.Draw] = []
    self._next_eager = 0
    self._next_traced = 0
    self._streams: Optional[Any] = None
    self._has_traced = False

  def replays(self, place: str) -> bool:
    """Whether a draw made now must be one of the first step's."""
    return self._eager is not None and place in (
      random_draws.EAGER,
      random_draws.FUNCTION,
    )

  def note_forward(self, place: str) -> None:
    """Notes a forward draw of the first step."""
    if place == random_draws.FUNCTION:
      self._has_traced = True
    if self._streams is None and self._holds_streams(place):
      self._streams = seeds.streams()

  def _holds_streams(self, place: str) -> bool:
    """Whether the place's streams are lost when streams start over."""
    if place == random_draws.FUNCTION:
      return True
    return place == random_draws.EAGER and self._mode == "num_random_ops"

  def begin(self, draws: List[random_draws.Draw]) -> None:
    """Goes on to the next step."""
    if not self._plan(draws):
      return
    self._check_complete(may_be_idle=False)
    if self._streams is not None and seeds.streams() is not self._streams:
      raise errors.AlignmentError(
        "Every random stream started over since the first step (tf.random."
        "set_seed was called, or eager random ops ran in mode 'constant' beside"
        " a tf.function that draws), so step"
        f" {self._step + 1} can't go on with them. Use mode 'num_random_ops',"
        " and set no seed inside the scope."
      )
    self._step += 1
    self._next_eager = self._next_traced = 0

  def restart(self, draws: List[random_draws.Draw]) -> None:
    """Goes back to the first step."""
    if not self._plan(draws):
      return
    self._check_complete(may_be_idle=True)
    self._step = 1
    self._next_eager = self._next_traced = 0
    seeds.set_seed(self._seed)
    if self._streams is not None:
      self._streams = seeds.streams()

  def finish(self) -> None:
    """Checks the last step."""
    if self._eager is not None:
      self._check_complete(may_be_idle=True)

  def _plan(self, draws: List[random_draws.Draw]) -> bool:
    """Makes the plan; False where nothing was drawn forward yet."""
    if self._eager is not None:
      return True
    forward = [d for d in draws if d.variable is None and d.op_seed is not None]
    eager = [d for d in forward if d.place == random_draws.EAGER]
    traced = [d for d in forward if d.place == random_draws.FUNCTION]
    if not eager and not traced:
      return False
    self._eager, self._traced = eager, traced
    self._has_traced = bool(traced)
    self._next_eager = len(eager)
    return True

  def _check_complete(self, *, may_be_idle: bool) -> None:
    plan = self._eager or []
    if may_be_idle and self._next_eager == 0:
      return
    if self._next_eager < len(plan):
      raise errors.AlignmentError(
        f"Step {self._step} drew {self._next_eager} random op(s), the first"
        f" step drew {len(plan)}; the first that is missing is"
        f" {plan[self._next_eager].describe()}."
      )

  def next_draw(self, place: str, source: Optional[str]) -> random_draws.Draw:
    """The first step's draw that a draw made now repeats."""
    if place == random_draws.FUNCTION:
      return self._next_traced_draw(source)
    plan = self._eager or []
    if self._next_eager >= len(plan):
      raise errors.AlignmentError(
        f"A random op at {source or 'unknown line'} has no partner: step"
        f" {self._step} has drawn all {len(plan)} op(s) of the first step."
      )
    draw = plan[self._next_eager]
    if draw.source != source:
      raise errors.AlignmentError(
        f"Random op {self._next_eager + 1} of step {self._step} is at"
        f" {source or 'unknown line'}; in the first step it was"
        f" {draw.describe()}."
      )
    if self._mode == "constant" and self._has_traced and self._step > 1:
      raise errors.AlignmentError(
        f"In mode 'constant' the eager random op at {source or 'unknown line'}"
        " would make the streams of the tf.function beside it start over in"
        f" step {self._step}. Use mode 'num_random_ops', or one function."
      )
    self._next_eager += 1
    return draw

  def _next_traced_draw(self, source: Optional[str]) -> random_draws.Draw:
    if self._step > 1:
      raise errors.AlignmentError(
        f"A tf.function was traced anew in step {self._step}: the stream of its"
        f" random op at {source or 'unknown line'} would start over. Trace it"
        " in the first step (create the variables, then restart())."
      )
    for place in range(self._next_traced, len(self._traced)):
      if self._traced[place].source == source:
        self._next_traced = place + 1
        return self._traced[place]
    raise errors.AlignmentError(
      f"A tf.function traced anew draws at {source or 'unknown line'}, which"
      " the first step did not, or not in this order."
    )

  def advance(self, draw: random_draws.Draw, place: str) -> None:
    """Takes a fresh eager stream to where the current step begins."""
    if place != random_draws.EAGER or self._step == 1:
      return
    if draw.event is None:
      raise errors.AlignmentError(
        f"{draw.describe()}: mode 'constant' can't be aligned beyond the first"
        " step on a TensorFlow before 2.1. Use mode 'num_random_ops'."
      )
    try:
      for _ in range(self._step - 1):
        execution.run_again(draw.event)
    except ValueError as error:
      raise errors.AlignmentError(
        f"{draw.describe()} can't be aligned in step {self._step}: {error}"
        " Use mode 'num_random_ops'."
      ) from error

  def check_same(
    self, draw: random_draws.Draw, event: execution.OpEvent
  ) -> None:
    """Raises where an op is not the draw whose seed it got."""
    if random_draws.signature_of(event) != draw.signature:
      op_type, shape, dtype = random_draws.signature_of(event)
      raise errors.AlignmentError(
        f"In step {self._step} a {op_type} of shape {shape} and dtype {dtype}"
        f" drew with the seed that the first step gave to {draw.describe()}."
      )
