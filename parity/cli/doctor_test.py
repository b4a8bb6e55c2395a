"""Tests of parity.cli.doctor."""

from __future__ import annotations

import contextlib
import io

from absl.testing import absltest

from parity.cli import doctor
from parity.cli import main
from parity.cli import services as services_lib
from parity.records import doctor as doctor_lib

_OK = doctor_lib.DoctorLine("TensorFlow", "ok", "2.21.0")
_WARN = doctor_lib.DoctorLine(
  "tf_keras", "warn", "not installed", "Install the tf_keras that fits."
)
_MISSING = doctor_lib.DoctorLine("numpy", "missing", "not installed", "Do so.")


def _run(*found):
  def explain_environment(*, options):
    del options
    return found

  services = services_lib.Services(explain_environment=explain_environment)
  out = io.StringIO()
  with contextlib.redirect_stdout(out):
    status = main.main(["doctor"], services=services)
  return status, out.getvalue().splitlines()


class DoctorTest(absltest.TestCase):
  def test_all_well_is_0(self):
    status, text = _run(_OK)
    self.assertEqual(status, 0)
    self.assertEqual(
      text, ["ok       TensorFlow  2.21.0", "", "Cases can be checked here."]
    )

  def test_a_limit_is_0_with_its_advice(self):
    status, text = _run(_OK, _WARN)
    self.assertEqual(status, 0)
    self.assertIn("WARN     tf_keras    not installed", text)
    self.assertIn(" " * 21 + "-> Install the tf_keras that fits.", text)
    self.assertIn("within limits: tf_keras", text[-1])

  def test_what_every_case_needs_is_3(self):
    status, text = _run(_MISSING, _WARN)
    self.assertEqual(status, 3)
    self.assertEqual(text[-1], "No case can be checked here: numpy.")

  def test_nothing_found_out_is_3(self):
    self.assertEqual(_run()[0], 3)

  def test_lines_fit_the_width(self):
    long = doctor_lib.DoctorLine("x", "warn", "word " * 40, "advice " * 40)
    for line in doctor.text_lines([long], width=80):
      self.assertLessEqual(len(line), 80)

  def test_a_line_has_a_known_status(self):
    with self.assertRaisesRegex(ValueError, "ok, warn, missing"):
      doctor_lib.DoctorLine("x", "bad", "y")


if __name__ == "__main__":
  absltest.main()
