"""Do ports compute what the TF1.x model does, from genuine TF1.x checkpoints?

The checkpoints beside the zoo's cases were written by TensorFlow 1.15, after
three updates: one of a network of `tf_slim.nets`, one with optimizer slots.
"""

from __future__ import annotations

import dataclasses
import os
import pathlib

from absl.testing import absltest

from parity import case as case_lib
from parity import errors
from parity import runner
from parity.records import options as options_lib
from parity.sides import worker

worker.prepare_environment("default")  # As a side's process does it.

# The tf2 side needs TensorFlow 2.
CELLS_SINCE = "tf2.8"

_MODELS = pathlib.Path(__file__).resolve().parent.parent / "models"
_ONLY_CHECKPOINT = options_lib.Options(steps=("checkpoint",), isolate=False)


def _case(name, **changes):
  case = case_lib.load_case(str(_MODELS / f"{name}_parity.py"))
  prefix = os.path.join(str(_MODELS), case.checkpoint)
  return dataclasses.replace(case, **{"checkpoint": prefix, **changes})


def _checked(name, **changes):
  report = runner.check(_case(name, **changes), options=_ONLY_CHECKPOINT)
  return report.checks[0]


class TrainedCheckpointsTest(absltest.TestCase):
  def test_a_network_of_tf_slim_passes(self):
    found = _checked("slim_inception_v2")
    self.assertEqual(found.status, "pass", f"{found.reason} {found.findings}")
    self.assertIn("277 variables restored", found.summary)
    self.assertNotEmpty(found.comparisons)

  def test_slots_and_counters_need_no_partner_and_are_told(self):
    found = _checked("conv_classifier")
    self.assertEqual(found.status, "pass", f"{found.reason} {found.findings}")
    self.assertIn("12 variables restored", found.summary)
    self.assertIn("slots, averages and counters", " ".join(found.notes))

  def test_a_port_whose_names_are_not_mapped_is_told_with_the_nearest(self):
    found = _checked("conv_classifier", rename=None)
    (finding,) = found.findings
    self.assertEqual(finding.cause, "checkpoint_unmapped")
    self.assertIn("12 model variable(s) found no entry", finding.message)
    self.assertIn("on the tf2 side", finding.message)

  def test_a_kernel_that_is_turned_is_told_as_such(self):
    def tf2():
      import tensorflow as tf

      class Port(tf.Module):
        def __init__(self):
          super().__init__()
          self.kernel = tf.Variable(tf.zeros([5, 16]), name="net/logits/kernel")

        def __call__(self, inputs, training=False):
          del inputs, training
          return tf.matmul(tf.zeros([8, 16]), self.kernel, transpose_b=True)

      return Port()

    found = _checked("conv_classifier", tf2=tf2, rename=None)
    self.assertEqual({f.cause for f in found.findings}, {"checkpoint_unmapped"})
    self.assertIn("transposed", found.findings[0].message)

  def test_a_checkpoint_whose_data_is_cut_off_is_an_error_of_the_input(self):
    folder = self.create_tempdir().full_path
    prefix = os.path.join(folder, "model.ckpt")
    source = _case("conv_classifier").checkpoint
    for suffix in (".index", ".data-00000-of-00001"):
      data = pathlib.Path(source + suffix).read_bytes()
      cut = data if suffix == ".index" else data[: len(data) // 2]
      pathlib.Path(prefix + suffix).write_bytes(cut)
    found = _checked("conv_classifier", checkpoint=prefix)
    self.assertEqual(found.status, "error")
    self.assertIn("cannot be read, it is damaged", found.reason)

  def test_a_checkpoint_that_is_not_there_is_told(self):
    report = runner.check(
      _case("conv_classifier", checkpoint="nowhere/model.ckpt"),
      options=_ONLY_CHECKPOINT,
    )
    self.assertEqual(report.verdict, "error")
    self.assertEqual(report.exit_status, errors.CaseError.exit_status)
    self.assertIn("There is no checkpoint", report.checks[0].reason)


if __name__ == "__main__":
  absltest.main()
