"""Which words may a report use? The one list of each, from the contract.

The names here are the project's vocabulary: sides, modes, statuses, checks and
causes. Reports, flags, messages and JSON use these words and no others.

To add a cause: add its line here, a rule that establishes it, a seeded bug, a
silent twin, and its page under docs/causes; the conformance suite asks for all.
"""

from __future__ import annotations

from typing import Dict, Tuple

SIDES: Tuple[str, ...] = ("tf1", "tf2")

MODES: Tuple[str, ...] = ("graph", "eager", "function", "functional")

# A check's status; a report's verdict is one of pass, fail, error.
STATUSES: Tuple[str, ...] = ("pass", "fail", "skip", "error")

# The checks in their order, each with what it compares.
CHECKS: Dict[str, str] = {
  "variables_created_once": "second and third call of the port",
  "variables_match": "names, shapes, dtypes, trainable flags, counts",
  "constant_weights": "outputs and losses, every variable set to 0.001",
  "random_inference": "outputs, losses, initial weights; inference",
  "random_training": "outputs, losses, weights, updates; training",
  "random_functional": "the port inside a Keras functional model; training",
  "checkpoint": "outputs after both sides load the checkpoint",
  "gradients": "the loss and its gradient by each trainable variable",
  "optimizer": "variables and slots after each update",
}

# The causes a finding may have, each with its meaning.
CAUSES: Dict[str, str] = {
  "variable_recreated": "the port creates variables again on later calls",
  "variable_missing": "a variable of the tf1 side is not in the port",
  "variable_extra": "a variable of the port is not on the tf1 side",
  "variable_renamed": "the same variable has another name",
  "variable_shape": "same name, other shape",
  "variable_dtype": "same name, other dtype",
  "variable_trainable": "same name, other trainable flag",
  "initializer": "same variable, other initial value, random streams aligned",
  "random_order": "the same random ops run in another order",
  "random_op": "a random op exists on one side only, or differs",
  "op_attribute": "the matched op has another attribute",
  "constant": "the matched op has another constant operand",
  "op_structure": "ops exist on one side only, or in another order or type",
  "training_flag": "one side runs the inference branch",
  "update_missing": "moving averages or other updates do not run on one side",
  "regularization": "the outputs agree, the regularisation losses do not",
  "loss_scale": "gradients or losses differ by one constant factor",
  "optimizer_hyperparameter": "the updates differ by a setting",
  "optimizer_formula": "the updates differ by the rule",
  "checkpoint_unmapped": "a checkpoint entry or a variable found no partner",
  "graph_rewrite": "the difference vanishes when graph optimisation is off",
  "precision": "one side computes in another dtype or reduced precision",
  "rounding": "proved to be the rounding noise of the computation",
  "unknown": "none of the other causes was established",
}
