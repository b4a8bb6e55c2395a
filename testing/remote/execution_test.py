"""Tests of the proof of remote execution: its judgement, and its proxy."""

from __future__ import annotations

from concurrent import futures

from absl.testing import absltest
from absl.testing import parameterized
import grpc

from testing import suite
from testing.remote import buildbox
from testing.remote import builds
from testing.remote import execution

_TWO = suite.Totals(passed=2)
_TESTS = {"//a:t 1": "remote", "//b:t 1": "remote"}
_GOOD = builds.Build(_TWO, _TESTS, {"total": 5, "internal": 3, "remote": 2})


class JudgementTest(parameterized.TestCase):
  def test_all_elsewhere_is_silent(self):
    self.assertEmpty(execution.problems_of(_GOOD, 2))

  @parameterized.named_parameters(
    (
      "action_ran_here",
      builds.Build(_TWO, _TESTS, {"remote": 2, "linux-sandbox": 1}),
      "1 actions were done by `linux-sandbox`",
    ),
    (
      "test_ran_here",
      builds.Build(_TWO, {**_TESTS, "//b:t 1": "ran"}, _GOOD.actions),
      "1 of 2 tests ran on the server",
    ),
    (
      "test_failed",
      builds.Build(suite.Totals(passed=1, failed=1), _TESTS, _GOOD.actions),
      "1 failed",
    ),
  )
  def test_fault_is_found(self, build, told):
    self.assertIn(told, "\n".join(execution.problems_of(build, 2)))


class _Server(grpc.GenericRpcHandler):
  """Gives back what it is sent, and refuses what is empty."""

  def service(self, _handler_call_details):
    def answer(requests, context):
      for request in requests:
        if not request:
          context.abort(grpc.StatusCode.NOT_FOUND, "no such thing")
        yield request

    return grpc.stream_stream_rpc_method_handler(answer)


class ProxyTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    server = grpc.server(futures.ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers((_Server(),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    self.addCleanup(lambda: server.stop(grace=None).wait())
    behind = self.enter_context(grpc.insecure_channel(f"127.0.0.1:{port}"))
    port = self.enter_context(buildbox.proxy(behind))
    self.channel = self.enter_context(
      grpc.insecure_channel(f"127.0.0.1:{port}")
    )

  def test_bytes_are_passed_on_as_they_are(self):
    call = self.channel.stream_stream("/some.Service/Stream")
    self.assertEqual(list(call(iter([b"a", b"bc"]))), [b"a", b"bc"])
    self.assertEqual(
      self.channel.unary_unary("/some.Service/Unary")(b"a", timeout=10.0), b"a"
    )

  def test_capabilities_say_that_2_0_is_enough(self):
    call = self.channel.unary_unary(buildbox.CAPABILITIES)
    self.assertEqual(call(b"a"), b"a" + buildbox.SINCE_2_0)

  def test_errors_are_passed_on(self):
    with self.assertRaises(grpc.RpcError) as raised:
      self.channel.unary_unary("/some.Service/Unary")(b"")
    self.assertEqual(raised.exception.code(), grpc.StatusCode.NOT_FOUND)
    self.assertEqual(raised.exception.details(), "no such thing")


if __name__ == "__main__":
  absltest.main()
