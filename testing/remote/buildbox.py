"""Where do actions run elsewhere? On BuildBox, a server of Bazel's protocol.

One process keeps what is uploaded, and runs actions on this machine in folders
of its own. It asks for clients of version 2.1 of the protocol at least; Bazel 7
is one of 2.0, of which all that it uses is the same. So a proxy stands before
it that passes everything on as it is, and lowers that one number.
"""

from __future__ import annotations

from concurrent import futures
import contextlib
import pathlib
import socket
import subprocess
from typing import Any, Iterator, Optional, Tuple

import grpc

from testing.remote import debian

CAPABILITIES = "/build.bazel.remote.execution.v2.Capabilities/GetCapabilities"
# Behind a message in protobuf's encoding: low_api_version.minor = 0.
SINCE_2_0 = b"\x22\x02\x10\x00"
_OPTIONS = (
  ("grpc.max_receive_message_length", -1),
  ("grpc.max_send_message_length", -1),
)
_SECONDS = 30.0
_CALLS = 64
_YEAR = 365 * 24 * 3600.0


def find(folder: pathlib.Path) -> Optional[pathlib.Path]:
  """The root of BuildBox, unpacked into a folder; None if it cannot be had."""
  return debian.unpack("buildbox", folder, suite="unstable")


@contextlib.contextmanager
def serving(
  root: pathlib.Path, folder: pathlib.Path, *, jobs: int
) -> Iterator[str]:
  """Runs BuildBox and the proxy; the address for `--remote_executor`.

  Args:
    root: BuildBox.
    folder: for what it keeps, and its log.
    jobs: how many actions run at once.
  """
  folder.mkdir(parents=True)
  runner = debian.write_program(root, "buildbox-run-hosttools")
  address = f"127.0.0.1:{_free_port()}"
  command = [
    *debian.command(root, "buildbox-casd"),
    f"--bind={address}",
    f"--buildbox-run={runner}",
    f"--jobs={jobs}",
    "--quota-high=10G",
    str(folder / "kept"),
  ]
  with (folder / "log").open("w") as log:
    process = subprocess.Popen(command, stdout=log, stderr=log)
  try:
    with grpc.insecure_channel(address, options=_OPTIONS) as channel:
      _wait(process, channel, folder / "log")
      with proxy(channel) as port:
        yield f"grpc://127.0.0.1:{port}"
  finally:
    process.terminate()
    process.wait()


def _free_port() -> int:
  with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    return int(free.getsockname()[1])


def _wait(
  process: subprocess.Popen[bytes], channel: grpc.Channel, log: pathlib.Path
) -> None:
  """Returns when the server answers."""
  try:
    grpc.channel_ready_future(channel).result(timeout=_SECONDS)
  except grpc.FutureTimeoutError:
    told = log.read_text(errors="replace")[-2000:]
    raise RuntimeError(
      f"BuildBox does not answer (status {process.poll()}):\n{told}"
    ) from None


@contextlib.contextmanager
def proxy(channel: grpc.Channel) -> Iterator[int]:
  """Passes calls on to a channel; the port on which to call."""
  server = grpc.server(futures.ThreadPoolExecutor(_CALLS), options=_OPTIONS)
  server.add_generic_rpc_handlers((_Forwarding(channel),))
  port = server.add_insecure_port("127.0.0.1:0")
  server.start()
  try:
    yield port
  finally:
    server.stop(grace=None).wait()


class _Forwarding(grpc.GenericRpcHandler):  # type: ignore[misc]
  """Passes any call's bytes on; all kinds of calls are alike on the wire."""

  def __init__(self, channel: grpc.Channel) -> None:
    self._channel = channel

  def service(self, handler_call_details: Any) -> Any:
    """What answers a call."""
    method = handler_call_details.method
    metadata = _kept(handler_call_details.invocation_metadata)

    def answer(requests: Iterator[bytes], context: Any) -> Iterator[bytes]:
      left = context.time_remaining()
      call = self._channel.stream_stream(method)(
        requests,
        # A call that may take for ever has hundreds of years left.
        timeout=left if left is not None and left < _YEAR else None,
        metadata=metadata,
      )
      context.add_callback(call.cancel)
      try:
        for message in call:
          yield message + (SINCE_2_0 if method == CAPABILITIES else b"")
        context.set_trailing_metadata(_kept(call.trailing_metadata()))
      except grpc.RpcError:
        context.set_trailing_metadata(_kept(call.trailing_metadata()))
        context.abort(call.code(), call.details())

    return grpc.stream_stream_rpc_method_handler(answer)


def _kept(metadata: Any) -> Tuple[Tuple[str, Any], ...]:
  """Metadata but what each connection says for itself."""
  return tuple(
    (key, value)
    for key, value in metadata or ()
    if not key.startswith(("grpc-", "user-agent"))
    or key == "grpc-status-details-bin"
  )
