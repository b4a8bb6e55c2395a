"""Tests of parity.matrix.reference."""

from __future__ import annotations

import threading

from absl.testing import absltest

from parity import errors
from parity.matrix import reference
from parity.records import golden as golden_lib
from parity.sides import golden_side
from parity.sides import side as side_lib
from testing import fakes


class _Counting(side_lib.Side):
  """Recordings of one Request, and a count of what was asked."""

  def __init__(self):
    golden = fakes.make_golden()
    self._side = golden_side.GoldenSide(golden_lib.Bundle("goldens/x", golden))
    self.loads = []
    self.requests = []

  def load(self, target):
    self.loads.append(target)
    return self._side.load(target)

  def fulfil(self, request):
    self.requests.append((self.loads[-1], request))
    return self._side.fulfil(request)

  def replay(self, trace):
    return trace

  def release(self):
    raise AssertionError("others may still ask")

  def close(self):
    raise AssertionError("others may still ask")


class ReferenceTest(absltest.TestCase):
  def test_request_is_fulfilled_once_for_all_askers(self):
    side = _Counting()
    shared = reference.Reference(side)
    request = fakes.make_request()
    found = []

    def ask():
      view = shared.view()
      view.load("a.py")
      found.append(view.fulfil(request))
      view.release()
      view.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
      thread.start()
    for thread in threads:
      thread.join()
    self.assertLen(found, 4)
    self.assertEqual(side.requests, [("a.py", request)])
    self.assertEqual(side.loads, ["a.py"])

  def test_askers_at_different_cases_get_their_own(self):
    side = _Counting()
    shared = reference.Reference(side)
    one, two = shared.view(), shared.view()
    one.load("a.py")
    two.load("b.py")
    one.fulfil(fakes.make_request())
    two.fulfil(fakes.make_request())
    targets = [target for target, _ in side.requests]
    self.assertEqual(targets, ["a.py", "b.py"])

  def test_error_is_the_same_for_all(self):
    side = _Counting()
    shared = reference.Reference(side)
    for _ in range(2):
      view = shared.view()
      view.load("a.py")
      with self.assertRaises(errors.GoldenError):
        view.fulfil(fakes.make_request(training=True))
    self.assertLen(side.requests, 1)

  def test_request_before_a_case_is_refused(self):
    view = reference.Reference(_Counting()).view()
    with self.assertRaises(errors.UsageError):
      view.fulfil(fakes.make_request())


if __name__ == "__main__":
  absltest.main()
