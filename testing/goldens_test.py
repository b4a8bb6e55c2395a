r"""Does this cell still give what TensorFlow 1.15 gave? The goldens, verified.

Each directory in `testing/goldens` is the recording of the tf1 side of the case
of that name in `testing/models`, made with genuine TensorFlow 1.15:

  python -m parity record testing/models/NAME_parity.py \
      --cell tf1.15 --out testing/goldens/NAME --numerics strict [--update]

That of `nearly_constant` is made with `--trace` besides: the port differs from
it by rounding alone, which is proved by the ops that it holds.
"""

from __future__ import annotations

import os
import pathlib

from absl.testing import absltest
from absl.testing import parameterized

from parity import verifier
from parity.golden import bundle
from parity.records import options as options_lib

_ROOT = pathlib.Path(os.path.abspath(__file__)).parent.parent
_GOLDENS = _ROOT / "testing" / "goldens"
_MODELS = _ROOT / "testing" / "models"
_LARGEST = 1_000_000

# Cases without a golden, and why they have none.
_WITHOUT = {
  "inception_resnet_v2": "its weights alone are 220 MB",
  "inception_resnet_v2_broken": "it fails, as it must",
  "inception_resnet_v2_training": "its weights alone are 220 MB",
  "native_resnet_v2": "its weights alone are 90 MB",
  "native_resnet_v2_broken": "it fails, as it must",
  "scaling_layer": "it has no more than dense_dropout has",
  "scaling_layer_broken": "it fails, as it must",
  "slim_inception_v1": "its weights alone are 27 MB",
  "slim_inception_v2": "its end points and gradients are 5 MB",
  "slim_resnet_v2_50": "its weights alone are 100 MB",
  "slim_vgg_a": "its weights alone are 500 MB",
}
_NAMES = sorted(path.name for path in _GOLDENS.iterdir() if path.is_dir())


def _is_genuine_tf1() -> bool:
  import tensorflow

  return tensorflow.__version__.startswith("1.")


class InventoryTest(absltest.TestCase):
  def test_every_golden_has_a_case_and_every_case_a_golden_or_a_reason(self):
    cases = {
      path.name[: -len("_parity.py")] for path in _MODELS.glob("*_parity.py")
    }
    self.assertNotEmpty(_NAMES)
    self.assertCountEqual(cases, {*_NAMES, *_WITHOUT})

  def test_goldens_are_small_and_of_genuine_tensorflow_1_15(self):
    for name in _NAMES:
      found = bundle.read_golden(str(_GOLDENS / name))
      self.assertLess(sum(file.size for file in found.files), _LARGEST)
      identity = found.golden.identity
      self.assertStartsWith(identity.versions["tensorflow"], "1.15.")
      self.assertEqual(identity.numerics, "strict")
      self.assertEqual(found.golden.side, "tf1")

  def test_goldens_name_no_place_of_the_machine_that_made_them(self):
    for name in _NAMES:
      text = (_GOLDENS / name / "manifest.json").read_text(encoding="ascii")
      self.assertNotIn('"/', text.replace('"$array": "/', ""))


class GoldensTest(parameterized.TestCase):
  @parameterized.parameters(*_NAMES)
  def test_the_tf1_side_gives_what_it_gave(self, name):
    self._verify(name, "tf1")

  @parameterized.parameters(*_NAMES)
  def test_the_port_gives_what_the_tf1_side_gave(self, name):
    if _is_genuine_tf1():
      self.skipTest("TensorFlow 1.15 runs no port")
    self._verify(name, "tf2")

  def _verify(self, name, side):
    os.chdir(str(_ROOT))
    report = verifier.verify(
      f"testing/models/{name}_parity.py", str(_GOLDENS / name), side=side
    )
    statuses = {check.name: check.status for check in report.checks}
    self.assertEqual(report.verdict, "pass", f"{statuses} {report.notes}")
    self.assertEqual(statuses["random_training"], "pass")
    self.assertEqual(statuses["random_inference"], "pass")


class RoundingTest(absltest.TestCase):
  def test_rounding_is_proved_by_the_ops_that_a_golden_holds(self):
    if _is_genuine_tf1():
      self.skipTest("TensorFlow 1.15 runs no port")
    os.chdir(str(_ROOT))
    report = verifier.verify(
      "testing/models/nearly_constant_parity.py",
      str(_GOLDENS / "nearly_constant"),
      options=options_lib.Options(steps=("random_training",)),
    )
    (check,) = report.checks
    self.assertEqual([f.cause for f in check.findings], ["rounding"], check)
    worst = max(c.times_tolerance or 0 for c in check.comparisons)
    self.assertGreater(worst, 1000)


if __name__ == "__main__":
  absltest.main()
