"""Which mistakes can a user act on? One class each, one clear sentence each.

A mismatch is never an exception: it is a finding in a Report. An exception here
says what was asked, what was found, where, and what to do. `exit_status` is the
status with which the command line ends (the contract's: 2 bad usage or input,
3 the check itself could not run).
"""

from __future__ import annotations


class ParityError(Exception):
  """Base of every error that `parity` raises on purpose."""

  exit_status = 3


class UsageError(ParityError):
  """A flag, a name or an argument that does not exist or does not fit."""

  exit_status = 2


class CaseError(ParityError):
  """A case file that is missing, does not parse, or holds no usable case."""

  exit_status = 2


class CaseCodeError(CaseError):
  """The user's own `inputs`, `tf1`, `tf2` or `loss` raised."""


class GoldenError(ParityError):
  """A bundle that is damaged, unknown, or belongs to another case."""

  exit_status = 2


class EnvironmentProblem(ParityError):
  """TensorFlow, or something that it needs here, is missing or unfit."""


class WorkerError(ParityError):
  """A worker died, was killed, or did not answer in time."""


class AlignmentError(ParityError):
  """A random op cannot be aligned between the sides; the message names it."""
