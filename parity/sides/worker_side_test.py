"""Tests of parity.sides.worker_side; a small program is the worker.

The program speaks the worker's protocol without TensorFlow; what it does when
it is asked for a recording is the text of the "case file".
"""

from __future__ import annotations

import concurrent.futures
import os
import sys
import tempfile
import time
from unittest import mock

from absl.testing import absltest
from absl.testing import parameterized

from parity import errors
from parity.records import options as options_lib
from parity.sides import worker_side
from testing import fakes

_PROGRAM = """\
#!{python}
import json, os, signal, sys, time
with open({pids!r}, "a") as file:
  print(os.getpid(), file=file)
replies = int(sys.argv[sys.argv.index("--reply-fd") + 1])

def reply(answer):
  os.write(replies, json.dumps(answer).encode() + b"\\n")

for line in sys.stdin:
  message = json.loads(line)
  if message["do"] == "start":
    print("TensorFlow says hello", flush=True)
    reply({{}})
  elif message["do"] == "load":
    with open(message["target"]) as file:
      text = file.read()
    reply({{"facts": {{"name": "net"}}, "identity": {{}}, "notes": ["a note"]}})
  else:
    exec(text)
"""


class WorkerSideTestCase(parameterized.TestCase):
  def setUp(self):
    super().setUp()
    self.folder = self.enter_context(tempfile.TemporaryDirectory())
    self.pids = os.path.join(self.folder, "pids")
    self.python = os.path.join(self.folder, "python")
    with open(self.python, "w") as file:
      file.write(_PROGRAM.format(python=sys.executable, pids=self.pids))
    os.chmod(self.python, 0o700)

  def _side(self, *, text="", **options):
    """A side that is closed at the end, its case loaded."""
    side = worker_side.WorkerSide(
      "tf1", options=options_lib.Options(tf1_python=self.python, **options)
    )
    self.addCleanup(side.close)
    self.loaded = side.load(self._case(text))
    return side

  def _case(self, text):
    path = os.path.join(self.folder, "case.py")
    with open(path, "w") as file:
      file.write(text)
    return path

  def _started(self):
    """The processes that were started so far."""
    with open(self.pids) as file:
      return [int(line) for line in file]

  def _error(self, side):
    with self.assertRaises(errors.ParityError) as caught:
      side.fulfil(fakes.make_request())
    return caught.exception


class LoadTest(WorkerSideTestCase):
  def test_load_gives_what_the_worker_told(self):
    self._side()
    self.assertEqual(self.loaded.facts.name, "net")
    self.assertEqual(self.loaded.identity.cell, "local")
    self.assertEqual(list(self.loaded.notes), ["a note"])

  def test_a_missing_file_is_told_before_a_process_starts(self):
    side = self._side()
    started = self._started()
    with self.assertRaisesRegex(errors.CaseError, "Did you mean 'case.py'"):
      side.load(os.path.join(self.folder, "cas.py"))
    self.assertEqual(self._started(), started)

  def test_one_process_serves_several_cases(self):
    side = self._side()
    side.load(self._case("pass"))
    self.assertLen(self._started(), 1)

  def test_an_interpreter_that_is_not_there_is_told(self):
    side = worker_side.WorkerSide(
      "tf2", options=options_lib.Options(tf2_python="/nowhere/python")
    )
    self.addCleanup(side.close)
    with self.assertRaisesRegex(
      errors.EnvironmentProblem, "/nowhere/python of the tf2 side"
    ):
      side.load(self._case(""))


class ErrorTest(WorkerSideTestCase):
  @parameterized.parameters(
    "CaseError", "CaseCodeError", "EnvironmentProblem", "AlignmentError"
  )
  def test_an_error_of_the_worker_is_raised_as_its_class(self, name):
    side = self._side(text=f"reply({{'error': '{name}', 'message': 'so'}})")
    error = self._error(side)
    self.assertIs(type(error), getattr(errors, name))
    self.assertEqual(str(error), "so")

  def test_an_error_does_not_end_the_worker(self):
    side = self._side(text="reply({'error': 'CaseError', 'message': 'so'})")
    self._error(side)
    self._error(side)
    self.assertLen(self._started(), 1)

  def test_a_bug_is_told_as_ours_with_its_exception_first(self):
    bug = "Traceback\n  File x\nKeyError: 'lost'\n"
    error = self._error(self._side(text=f"reply({{'bug': {bug!r}}})"))
    self.assertIsInstance(error, errors.WorkerError)
    first, second = str(error).splitlines()[:2]
    self.assertEndsWith(first, "failed inside parity itself: KeyError: 'lost'")
    self.assertIn("bug in parity", second)


class GarbageTest(WorkerSideTestCase):
  """What something in the worker writes where only answers belong."""

  @parameterized.parameters(
    "os.write(replies, b'hello\\n')",
    "os.write(replies, b'\\xff\\xfe\\n')",
    "os.write(replies, b'hello'); reply({})",
    "os.write(replies, b'[' * 100000 + b'\\n')",
    'os.write(replies, b\'{"error": 1, "error": 2}\\n\')',
    "reply(3)",
    "reply({'error': []})",
    "reply({'bug': 3})",
    "reply({})",
    "open(os.path.join(message['out'], 'record.json'), 'w'); reply({})",
  )
  def test_is_told_and_the_next_question_goes_to_a_new_process(self, text):
    side = self._side(text=text)
    error = self._error(side)
    self.assertIs(type(error), errors.WorkerError)
    self.assertIn("tf1 side answered what is no answer: ", str(error))
    self.assertLess(len(str(error)), 1000)
    self._case("reply({'error': 'CaseError', 'message': 'alive'})")
    self.assertEqual(str(self._error(side)), "alive")
    self.assertLen(self._started(), 2)

  def test_that_never_ends_is_cut_off(self):
    text = "while True: os.write(replies, b'x' * (1 << 16))"
    with mock.patch.object(worker_side, "_LARGEST_ANSWER", 1 << 20):
      told = str(self._error(self._side(text=text)))
    self.assertIn("over 1048576 bytes", told)

  def test_an_answer_in_pieces_is_an_answer(self):
    text = (
      'os.write(replies, b\'{"error": "CaseError",\'); time.sleep(0.1);'
      ' os.write(replies, b\'"message": "so"}\\n\')'
    )
    self.assertEqual(str(self._error(self._side(text=text))), "so")


class DeathTest(WorkerSideTestCase):
  @parameterized.parameters(
    ("os._exit(7)", "ended with status 7 before it answered"),
    ("os.kill(os.getpid(), signal.SIGKILL)", "was killed by SIGKILL"),
    ("os.kill(os.getpid(), signal.SIGSEGV)", "was killed by SIGSEGV"),
    ("os.close(replies); time.sleep(60)", "closed the pipe"),
    ("os.fork() and os._exit(3); time.sleep(60)", "ended with status 3"),
  )
  def test_is_told_as_it_came_about(self, text, words):
    error = self._error(self._side(text=text))
    self.assertIsInstance(error, errors.WorkerError)
    self.assertIn(f"tf1 side {words}", str(error))

  def test_shows_what_was_printed_since_the_question_only(self):
    side = self._side(text="print('last words', flush=True); os._exit(1)")
    told = str(self._error(side))
    self.assertEndsWith(told, "Its last output:\n  last words")
    self.assertNotIn("TensorFlow says hello", told)

  def test_shows_nothing_where_nothing_was_printed(self):
    told = str(self._error(self._side(text="os._exit(1)")))
    self.assertNotIn("last output", told)

  def test_the_next_request_finds_the_case_loaded_again(self):
    side = self._side(text="os._exit(1)")
    self._error(side)
    self._case("reply({'error': 'CaseError', 'message': 'alive'})")
    self.assertEqual(str(self._error(side)), "alive")
    self.assertLen(self._started(), 2)


class TimeLimitTest(WorkerSideTestCase):
  @parameterized.parameters(
    "time.sleep(60)",
    "os.kill(os.getpid(), signal.SIGSTOP)",
    "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)",
  )
  def test_one_that_hangs_is_stopped_and_told(self, how):
    side = self._side(text=f"print('hm', flush=True); {how}", timeout=2)
    begin = time.monotonic()
    told = str(self._error(side))
    self.assertLess(time.monotonic() - begin, 30)
    self.assertIn("tf1 side did not answer within 2 s", told)
    self.assertIn("--timeout", told)
    self.assertEndsWith(told, "  hm")
    with self.assertRaises(ProcessLookupError):
      os.kill(self._started()[0], 0)

  def test_one_that_is_slow_but_in_time_is_awaited(self):
    slow = "time.sleep(1.5); reply({'error': 'CaseError', 'message': 'done'})"
    side = self._side(text=slow, timeout=60)
    self.assertEqual(str(self._error(side)), "done")


class CloseTest(WorkerSideTestCase):
  def setUp(self):
    super().setUp()
    # Where the sides' own folders are made.
    self.temporary = self.enter_context(tempfile.TemporaryDirectory())
    before, tempfile.tempdir = tempfile.tempdir, self.temporary
    self.addCleanup(setattr, tempfile, "tempdir", before)

  def test_ends_the_process_and_removes_its_folder(self):
    side = self._side()
    self.assertLen(os.listdir(self.temporary), 1)
    side.close()
    self.assertEmpty(os.listdir(self.temporary))
    with self.assertRaises(ProcessLookupError):
      os.kill(self._started()[0], 0)

  def test_may_come_twice_and_before_any_process(self):
    side = worker_side.WorkerSide("tf1", options=options_lib.Options())
    side.close()
    side.close()
    self.assertEmpty(os.listdir(self.temporary))

  def test_cancels_what_another_thread_waits_for(self):
    side = self._side(text="time.sleep(60)")
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
      waiting = pool.submit(side.fulfil, fakes.make_request())
      time.sleep(0.2)
      side.close()
      with self.assertRaises(concurrent.futures.CancelledError):
        waiting.result(30)
    self.assertLen(self._started(), 1)

  def test_lets_nobody_start_a_process_afterwards(self):
    side = self._side()
    side.close()
    with self.assertRaises(concurrent.futures.CancelledError):
      side.load(self._case(""))
    self.assertLen(self._started(), 1)


class OrphanTest(WorkerSideTestCase):
  def test_no_pipe_of_one_worker_is_held_by_another(self):
    # Else a worker would outlive its driver for as long as the other does.
    text = (
      "links = [f'/proc/self/fd/{n}' for n in os.listdir('/proc/self/fd')]\n"
      "open_files = [os.readlink(l) for l in links if os.path.islink(l)]\n"
      "reply({'error': 'CaseError', 'message': ' '.join(open_files)})\n"
    )
    pipes = []
    for side in (self._side(text=text), self._side(text=text)):
      found = str(self._error(side)).split()
      pipes.append({each for each in found if each.startswith("pipe:")})
    self.assertLen(pipes[0], 2)
    self.assertLen(pipes[1], 2)
    self.assertEmpty(pipes[0] & pipes[1])


if __name__ == "__main__":
  absltest.main()
