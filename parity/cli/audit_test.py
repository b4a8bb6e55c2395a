"""Tests of parity.cli.audit and what it prints, with an audit that is given."""

from __future__ import annotations

import contextlib
import io
import json
import os

from absl.testing import absltest

from parity.cli import main
from parity.cli import services as services_lib
from parity.records import audit as audit_lib


def _outcome(kind, *times, advice=None):
  names = ("constant_weights", "random_inference")
  return audit_lib.Outcome(
    kind=kind,
    what="what",
    op_type="Relu",
    op="net/Relu",
    source="port.py:7",
    effects=tuple(
      audit_lib.Effect(name, each) for name, each in zip(names, times)
    ),
    advice=advice,
  )


_AUDIT = audit_lib.Audit(
  case="net",
  path="net_parity.py",
  checks=("constant_weights", "random_inference"),
  outcomes=(
    _outcome("other_activation", 0.0, float("inf")),
    _outcome("dropped_bias", 0.0, 0.5, advice="Use other inputs."),
  ),
  possible=5,
  notes=("A note.",),
)


class AuditTest(absltest.TestCase):
  def _run(self, *argv):
    self._asked = {}

    def audit(target, **settings):
      self._asked = dict(settings, target=target)
      return _AUDIT

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
      status = main.main(
        ("audit", *argv), services=services_lib.Services(audit=audit)
      )
    return status, out.getvalue(), err.getvalue()

  def test_missed_mutations_are_told_with_advice(self):
    status, text, _ = self._run("net_parity.py", "--budget", "9")
    self.assertEqual(status, 0)
    self.assertEqual(self._asked["budget"], 9)
    self.assertIn("1. dropped_bias: what  (Relu net/Relu)", text)
    self.assertIn("port.py:7\n   Use other inputs.", text)
    self.assertNotIn("other_activation: what", text)
    self.assertIn("1 of 2 mutations noticed (50%), of 5 possible", text)
    self.assertLessEqual(max(map(len, text.splitlines())), 80)

  def test_fail_under_decides_the_status(self):
    self.assertEqual(self._run("n.py", "--fail-under", "51")[0], 1)
    self.assertEqual(self._run("n.py", "--fail-under", "50")[0], 0)

  def test_quiet_is_one_line(self):
    _, text, _ = self._run("n.py", "-q")
    self.assertLen(text.splitlines(), 1)

  def test_json_holds_every_mutation(self):
    path = os.path.join(self.create_tempdir().full_path, "audit.json")
    self._run("n.py", "--json", path)
    with open(path, encoding="utf-8") as file:
      plain = json.load(file)
    self.assertEqual(plain["schema"], "parity.audit/1")
    self.assertEqual([m["noticed"] for m in plain["mutations"]], [True, False])
    times = plain["mutations"][0]["effects"][1]["times_tolerance"]
    self.assertEqual(times, "Infinity")

  def test_bad_numbers_are_usage_errors(self):
    for argv in (("--budget", "0"), ("--fail-under", "101")):
      status, _, text = self._run("n.py", *argv)
      self.assertEqual(status, 2)
      self.assertIn(argv[0], text)


if __name__ == "__main__":
  absltest.main()
