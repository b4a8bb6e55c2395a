"""Which checks are there? All of them, in the contract's order."""

from __future__ import annotations

from typing import Tuple

from parity.checks import check
from parity.checks import checkpoint
from parity.checks import constant_weights
from parity.checks import gradients
from parity.checks import optimizer
from parity.checks import random_functional
from parity.checks import random_inference
from parity.checks import random_training
from parity.checks import variables_created_once
from parity.checks import variables_match

CHECKS: Tuple[check.Check, ...] = (
  variables_created_once.CHECK,
  variables_match.CHECK,
  constant_weights.CHECK,
  random_inference.CHECK,
  random_training.CHECK,
  random_functional.CHECK,
  checkpoint.CHECK,
  gradients.CHECK,
  optimizer.CHECK,
)
