"""When is a check judged? As soon as what it needs is recorded.

Where the sides are processes, a thread of the driver compares while they go on
recording for the checks behind. Where a side is in this process, it goes on
when the check is judged.
"""

from __future__ import annotations

from concurrent import futures
import threading
from typing import Dict, List, Sequence

from parity.checks import check as check_lib
from parity.records import report as report_lib
from parity.records import request as request_lib
from parity.runs import fulfilment
from parity.runs import judgement


class EarlyJudgement:
  """Takes what the sides answer, and judges each check once it has all.

  Args:
    run: the case being checked; gets the answers.
    checks: each is judged once, in this order where several can be.
  """

  def __init__(
    self, run: judgement.Run, checks: Sequence[check_lib.Check]
  ) -> None:
    self._run = run
    self._waiting = list(checks)
    self._results: Dict[str, futures.Future[report_lib.CheckResult]] = {
      check_.name: futures.Future() for check_ in checks
    }
    self._taking = threading.Lock()
    self._judging = threading.Lock()

  def take(
    self, request: request_lib.Request, answer: fulfilment.Answer
  ) -> None:
    """Takes an answer; any thread may bring it."""
    with self._taking:
      self._run.answers[request] = answer
      ready = [check_ for check_ in self._waiting if self._has_all(check_)]
      self._waiting = [each for each in self._waiting if each not in ready]
    if self._run.sides.is_here:
      self._judge(ready)
    elif ready:
      # A daemon: whoever presses Ctrl-C does not wait for a comparison.
      threading.Thread(target=self._judge, args=(ready,), daemon=True).start()

  def result_of(self, check_: check_lib.Check) -> report_lib.CheckResult:
    """A check's result, waited for; raises what judging it raised."""
    return self._results[check_.name].result()

  def _has_all(self, check_: check_lib.Check) -> bool:
    requests = self._run.plans[check_.name].requests
    return all(request in self._run.answers for request in requests)

  def _judge(self, checks: List[check_lib.Check]) -> None:
    with self._judging:
      for check_ in checks:
        result = self._results[check_.name]
        try:
          result.set_result(judgement.judge(self._run, check_))
        except Exception as error:  # noqa: BLE001 (raised by `result_of`)
          result.set_exception(error)
