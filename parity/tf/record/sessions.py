"""Which session does a request get? A fresh one, or the one before it.

1. A session's first run of a graph is the expensive one, so the last session
   serves the next request as well, if nothing random has run in it and its
   variables are not large.
2. The constant mode of the aligned randomness is the same graph with other
   seeds, in a session of its own.
3. Without graph optimisation every rewrite is off.
"""

from __future__ import annotations

import contextlib
from typing import Any, Iterator, Optional

import tensorflow.compat.v1 as tf1

from parity.records import request as request_lib
from parity.tf import random_ops
from parity.tf.record import aside
from parity.tf.record import graph as graph_lib
from parity.tf.record import loop_draws


def make_session(graph: Any, *, rewrites: bool) -> Any:
  """A session; without `rewrites` every graph optimisation is off."""
  config = tf1.ConfigProto()
  if not rewrites:
    options = config.graph_options
    options.rewrite_options.disable_meta_optimizer = True
    options.optimizer_options.opt_level = -1
  return tf1.Session(graph=graph, config=config)


class Sessions:
  """Lends sessions, and keeps the last one while no random op has run in it.

  A session's first run of a graph is the expensive one, and its random ops
  advance at every run. So a session serves a second request only if nothing
  random ran in the first: all variables were put in, and every random op of the
  graph belongs to an initialiser.

  Attributes:
    has_drawn: whether initialisers ran in the session that is lent.
    is_kept: whether the session that is lent served a request before.
  """

  def __init__(self) -> None:
    self.has_drawn = False
    self.is_kept = False
    self._kept: Optional[Any] = None
    self._graph: Optional[Any] = None

  @contextlib.contextmanager
  def session_for(
    self,
    built: graph_lib.BuiltGraph,
    request: request_lib.Request,
    *,
    rewrites: bool,
    told: Optional[loop_draws.LoopDraws] = None,
  ) -> Iterator[Any]:
    """A session whose random ops have not run; `told` hears of its loops."""
    if request.random == "constant" and built.random_ops:
      # Seeds that change under a session would make it fail.
      self.close()
      with random_ops.constant_seeds(built.graph, seed=request.seed) as graph:
        yield from self._lent(
          built, graph, rewrites=rewrites, reusable=False, told=told
        )
    else:
      # One that is kept holds its variables beside those of the next.
      size = aside.size_of(variable.record for variable in built.variables)
      reusable = rewrites and told is None and size <= aside.LARGE
      yield from self._lent(
        built, built.graph, rewrites=rewrites, reusable=reusable, told=told
      )

  def _lent(
    self,
    built: graph_lib.BuiltGraph,
    graph: Any,
    *,
    rewrites: bool,
    reusable: bool,
    told: Optional[loop_draws.LoopDraws],
  ) -> Iterator[Any]:
    session = self._take(built) if reusable else None
    self.is_kept = session is not None
    if session is None:
      if told is not None:
        graph = told.copy_of(graph.as_graph_def(add_shapes=True))
      session = make_session(graph, rewrites=rewrites)
    self.has_drawn = True
    is_over = False
    try:
      with session.as_default():
        yield session
      is_over = True
    finally:
      is_forward_random = any(op.variable is None for op in built.random_ops)
      if is_over and reusable and not (self.has_drawn or is_forward_random):
        self.close()
        self._kept, self._graph = session, built.graph
      else:
        session.close()

  def _take(self, built: graph_lib.BuiltGraph) -> Optional[Any]:
    if self._graph is not built.graph:
      return None
    session, self._kept, self._graph = self._kept, None, None
    return session

  def close(self) -> None:
    """Closes the session that is kept."""
    if self._kept is not None:
      self._kept.close()
    self._kept, self._graph = None, None
