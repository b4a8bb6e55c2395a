"""Which ops does the port run? Every eager op, seen by a callback.

TensorFlow (since 2.1) tells each op with its operands, attributes and results;
a `tf.function` inside the port is run eagerly meanwhile. Variables are roots:
what their initialisers computed is not followed. An assignment makes a new
value of its variable, which later reads give; the last one is the trace's
output `final:VARIABLE`.
"""

from __future__ import annotations

import contextlib
from typing import Any, Dict, Iterator, Mapping, Optional, Set, Tuple

import numpy as np
import tensorflow as tf2

from parity.records import request as request_lib
from parity.records import trace as trace_lib
from parity.tf import assigning
from parity.tf import sources
from parity.tf.compat import execution
from parity.tf.compat import keras as compat_keras
from parity.tf.compat import resources
from parity.tf.compat import variables
from parity.tf.record import tracing


class EagerTracer:
  """Collects a trace while its `watch` scope is open.

  Args:
    request: says which values are kept.
  """

  def __init__(self, request: request_lib.Request) -> None:
    self._builder = tracing.builder_for(request)
    self._versions = 0
    self._current: Dict[int, int] = {}
    self._handles: Dict[int, int] = {}
    self._unread: Set[int] = set()
    self._creating = 0
    self._updated: Dict[int, int] = {}
    self.phase = "forward"

  @contextlib.contextmanager
  def watch(self) -> Iterator[None]:
    """Sees every op inside."""
    before = tf2.config.functions_run_eagerly()
    tf2.config.run_functions_eagerly(True)
    try:
      with execution.ops_watched(self._on_op), variables.creations_observed(
        self._begin_creation, self._end_creation
      ):
        yield
    finally:
      tf2.config.run_functions_eagerly(before)

  def input(self, path: str, tensor: Any) -> None:
    """Makes a tensor a root: an input of the case."""
    self._builder.add(tensor._id, tensor.numpy(), root=f"input:{path}")

  def build(
    self,
    outputs: Mapping[str, Any],
    names: Mapping[int, str],
    initial: Mapping[str, np.ndarray],
  ) -> trace_lib.Trace:
    """The trace.

    Args:
      outputs: tensor by output path; one that no traced op made is added.
      names: tf1-side name by the id of a variable's handle.
      initial: value before the call by tf1-side variable name.
    """
    # TensorFlow's fast path reads a variable without telling; what it read is
    # known by its value.
    told = {names[handle] for handle in self._handles if handle in names}
    self._builder.root_by_value(initial, told=told)
    for handle, place in self._handles.items():
      name = names.get(handle)
      if name is not None and handle in self._unread and name in initial:
        self._builder.reveal(place, initial[name], f"variable:{name}")
      elif name is not None:
        self._builder.set_root(place, f"variable:{name}")
    found = {path: self._output(tensor) for path, tensor in outputs.items()}
    for handle, place in self._updated.items():
      if handle in names:
        found[f"final:{names[handle]}"] = place
    return self._builder.build(found)

  def _output(self, tensor: Any) -> int:
    """An output's number; its value is kept, however large."""
    place = self._operand(tensor)
    value = None if tensor.dtype == tf2.resource else _value(tensor)
    if value is not None:
      self._builder.show(place, value)
    return place

  def _begin_creation(self, *unused_args: Any) -> None:
    self._creating += 1

  def _end_creation(self, unused_variable: Any) -> None:
    self._creating -= 1

  def _on_op(self, event: execution.OpEvent) -> None:
    if event.graph is not None:
      return
    if self._creating:
      # A variable is a root: how its first value came to be is not followed.
      return
    if trace_lib.is_table(event.op_type):
      return
    inputs = tracing.data_operands(event.op_type, event.inputs)
    outputs = event.outputs
    if event.op_type == "ReadVariableOp":
      self._builder.alias(outputs[0]._id, self._variable(inputs[0]))
    elif event.op_type in assigning.FORMULAS:
      self._assign(event)
    else:
      operands = tuple(self._operand(tensor) for tensor in inputs)
      is_draw = trace_lib.is_draw(event.op_type)
      results = tuple(
        self._builder.add(tensor._id, self._seen(tensor), is_draw=is_draw)
        for tensor in outputs
      )
      self._record(event, operands, results)

  def _record(
    self,
    event: execution.OpEvent,
    operands: Tuple[int, ...],
    results: Tuple[int, ...],
  ) -> None:
    scope = resources.eager_scope_name().rstrip("/")
    name = "/".join(part for part in (scope, event.op_type) if part)
    self._builder.op(
      trace_lib.OpRecord(
        op_type=event.op_type,
        name=name,
        scope=scope,
        attributes=tracing.plain_attributes(
          event.op_type, list(event.attributes.items())
        ),
        inputs=operands,
        outputs=results,
        source=sources.user_source(),
        phase=self.phase,
        layer=compat_keras.layer_here(),
      )
    )

  def _seen(self, tensor: Any) -> Optional[np.ndarray]:
    return _value(tensor) if self._builder.needs_next() else None

  def _operand(self, tensor: Any) -> int:
    if tensor.dtype == tf2.resource:
      return self._variable(tensor)
    place = self._builder.number(tensor._id)
    if place is None:
      value = self._seen(tensor)
      place = self._builder.add(tensor._id, value, root="constant")
    return place

  def _variable(self, handle: Any) -> int:
    """The current value of a variable, read without being traced."""
    if handle._id not in self._current:
      value = resources.read_handle(handle)
      place = self._builder.add(
        ("variable", handle._id), value, root="resource"
      )
      self._current[handle._id] = place
      self._handles[handle._id] = place
    return self._current[handle._id]

  def _assign(self, event: execution.OpEvent) -> None:
    handle, *others = event.inputs
    operands = (
      self._before(handle),
      *(self._operand(tensor) for tensor in others),
    )
    self._versions += 1
    version = ("assigned", handle._id, self._versions)
    place = self._builder.add(version, resources.read_handle(handle))
    self._current[handle._id] = place
    self._updated[handle._id] = place
    self._record(event, operands, (place,))

  def _before(self, handle: Any) -> int:
    if handle._id in self._current:
      return self._current[handle._id]
    # Never read before this update: its former value cannot be read any more,
    # but the caller may know it.
    place = self._builder.add(("unread", handle._id), None, root="resource")
    self._handles[handle._id] = place
    self._unread.add(handle._id)
    return place


def _value(tensor: Any) -> Optional[np.ndarray]:
  if tensor.dtype in (tf2.resource, tf2.variant):
    return None
  return np.asarray(tensor.numpy())


def handle_names(tracked: Any) -> Dict[int, str]:
  """tf1-side name by the id of each variable's handle."""
  return {
    item.variable.handle._id: item.record.tf1_name
    for item in tracked
    if hasattr(item.variable, "handle")
  }
