"""Which checks are there, and when does each apply?"""

from __future__ import annotations

from absl.testing import absltest
from absl.testing import parameterized

from parity.checks import registry
from parity.records import vocabulary
from testing import fakes

_BY_NAME = {check.name: check for check in registry.CHECKS}


class RegistryTest(parameterized.TestCase):
  def test_the_checks_stand_in_the_contracts_order(self):
    order = [n for n in vocabulary.CHECKS if n in _BY_NAME]
    self.assertEqual(list(_BY_NAME), order)
    self.assertLen(_BY_NAME, len(registry.CHECKS))

  @parameterized.parameters(*_BY_NAME)
  def test_each_plans_requests_of_the_side_that_it_means_with_the_seed(
    self, name
  ):
    plan = _BY_NAME[name].plan(fakes.make_facts(), 7)
    self.assertEqual(plan.tf2.side, "tf2")
    if plan.tf1 is not None:
      self.assertEqual((plan.tf1.side, plan.tf1.mode), ("tf1", "graph"))
    self.assertEqual({request.seed for request in plan.requests}, {7})

  @parameterized.parameters(
    "variables_created_once",
    "variables_match",
    "constant_weights",
    "random_inference",
    "random_training",
  )
  def test_five_apply_to_every_case(self, name):
    facts = fakes.make_facts(is_keras_layer=False, functional=False)
    self.assertIsNone(_BY_NAME[name].skip(facts))

  @parameterized.named_parameters(
    ("a_layer", {"is_keras_layer": True}, None),
    ("a_layer_that_is_not_to", {"is_keras_layer": True, "functional": False},
     "functional=False"),
    ("no_layer", {"is_keras_layer": False}, "no Keras layer"),
    ("no_layer_but_asked_for", {"is_keras_layer": False, "functional": True},
     None),
  )  # fmt: skip
  def test_the_functional_check_applies_to(self, facts, reason):
    found = _BY_NAME["random_functional"].skip(fakes.make_facts(**facts))
    if reason is None:
      self.assertIsNone(found)
    else:
      self.assertIn(reason, found)

  @parameterized.named_parameters(
    ("checkpoint", "checkpoint", {"has_checkpoint": True}, None),
    ("checkpoint_without_one", "checkpoint", {}, "no `checkpoint`"),
    ("optimizer", "optimizer", {"has_optimizers": True, "has_loss": True},
     None),
    ("optimizer_without_a_loss", "optimizer", {"has_optimizers": True},
     "no `loss`"),
    ("optimizer_without_one", "optimizer", {"has_loss": True}, "not both"),
  )  # fmt: skip
  def test_one_on_request_applies_where_the_case_has_its_field(
    self, name, facts, reason
  ):
    found = _BY_NAME[name].skip(fakes.make_facts(**facts))
    if reason is None:
      self.assertIsNone(found)
    else:
      self.assertIn(reason, found)

  @parameterized.parameters(
    "constant_weights",
    "random_inference",
    "random_training",
    "random_functional",
  )
  def test_a_check_of_outputs_judges_them_under_its_own_name(self, name):
    for value, status in (([1.0, 2.0], "pass"), ([1.0, 2.5], "fail")):
      tf1, tf2 = (
        fakes.make_recording(side, outputs=(fakes.make_output("y", each),))
        for side, each in (("tf1", [1.0, 2.0]), ("tf2", value))
      )
      result = _BY_NAME[name].judge(fakes.make_evidence(tf1, tf2))
      self.assertEqual((result.name, result.status), (name, status))

  def test_training_and_inference_are_told_apart(self):
    for name, training in (
      ("random_inference", False),
      ("random_training", True),
      ("random_functional", True),
    ):
      plan = _BY_NAME[name].plan(fakes.make_facts(), 42)
      for request in plan.requests:
        self.assertEqual(request.training, training, name)


if __name__ == "__main__":
  absltest.main()
