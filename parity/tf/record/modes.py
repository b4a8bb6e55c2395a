"""How is a port called? Eagerly, in a tf.function, in a functional model.

TF1.x's dynamic_rnn gives the variables that it makes inside of a graph a
caching device, a function of the op. Under the shim, Keras calls the port in a
graph to embed it, but makes variables eagerly, and TensorFlow refuses that.
Such a port must be called once before (`must_be_called_first`).
"""

from __future__ import annotations

from typing import Any, Callable

import tensorflow as tf2

from parity import errors
from parity.records import request as request_lib
from parity.tf import nests
from parity.tf import ports
from parity.tf import usercode


def caller(
  port: Callable[..., Any], request: request_lib.Request, fed: Any
) -> Callable[[Any], Any]:
  """The port as a function of its inputs, in the mode asked for."""
  if request.mode == "eager":
    return lambda nest: port(nest, training=request.training)
  if request.mode == "function":
    return tf2.function(  # type: ignore[no-any-return]
      lambda nest: port(nest, training=request.training)
    )
  if request.mode == "functional":
    return _functional_model(port, request, fed)
  raise errors.UsageError(f"The tf2 side has no mode {request.mode!r}.")


def is_plain(request: request_lib.Request) -> bool:
  """Whether the first of this request's calls is what a plain one would be."""
  return (
    request.mode == "eager"
    and not request.training
    and not request.trace
    and not request.gradients
    and not request.train_steps
    and not request.perturb
    and not request.draws
    and request.draws_file is None
  )


class _Kind:
  """Stands for an array or tensor in a nest; its repr is dtype and shape."""

  def __init__(self, value: Any) -> None:
    dtype = getattr(value.dtype, "name", value.dtype)
    self._text = f"{dtype} {list(value.shape)}"

  def __repr__(self) -> str:
    return self._text


def words(request: request_lib.Request, fed: Any) -> str:
  """How the port is called, with the nest that the case's `inputs` gave.

  >>> plain = request_lib.Request(side="tf2", training=True)
  >>> words(plain, {"x": tf2.zeros([2, 3])})
  "port({'x': float32 [2, 3]}, training=True)"
  """
  shown = nests.map_leaves(lambda _, leaf: _Kind(leaf), fed)
  return f"port({shown!r}, training={request.training})"


_NO_DEVICE_FUNCTION = "tf.device does not support functions when eager"


def must_be_called_first(
  request: request_lib.Request, error: errors.CaseCodeError
) -> bool:
  """Whether a port can be embedded only when it has its variables."""
  return request.mode == "functional" and _NO_DEVICE_FUNCTION in str(error)


def _functional_model(
  port: Callable[..., Any], request: request_lib.Request, fed: Any
) -> Callable[[Any], Any]:
  if not ports.is_keras_layer(port):
    raise errors.CaseError(
      "The functional mode needs a port that is a Keras layer or model, found"
      f" {type(port).__name__}; set functional=False in the case."
    )
  keras = ports.keras_of(port)

  def symbolic(path: str, tensor: Any) -> Any:
    if not tensor.shape.rank:
      raise errors.CaseError(
        f"Input {path!r} is a scalar; a functional model needs a batch axis on"
        " each input; set functional=False in the case."
      )
    shape = tensor.shape.as_list()
    return keras.Input(shape[1:], batch_size=shape[0], dtype=tensor.dtype)

  nest = nests.map_leaves(symbolic, fed)
  outputs = usercode.call(
    "the port inside a functional model",
    lambda: port(nest, training=request.training),
  )
  model = usercode.call(
    "the functional model", lambda: keras.Model(nest, outputs)
  )
  return lambda inputs: model(inputs, training=request.training)
