"""Which entry of a TF1.x checkpoint is which variable of a port?

1. A side's process reads the checkpoint: names, shapes and dtypes. Entries of
   training, slots, averages and counters, are told from the model's.
2. `propose` runs the port once, for its variables. Those whose name, after the
   case's `rename`, is an entry's have found it.
3. For the rest, `pairings` proposes partners by shape, order and name, and says
   how sure it is. A proposal restores nothing: a person puts it into the case.

The order of a checkpoint is that of its graph where the Saver's `.meta` file
lies beside it; else only that of the names, and order proves less.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
from typing import Dict, List, Optional

from parity import errors
from parity.compare import entries as entries_lib
from parity.compare import inventories
from parity.compare import pairings
from parity.records import checkpoint as checkpoint_lib
from parity.records import options as options_lib
from parity.records import recording as recording_lib
from parity.records import request as request_lib
from parity.runs import fulfilment


def read(
  path: str, *, options: Optional[options_lib.Options] = None
) -> checkpoint_lib.Listing:
  """What a TF1.x checkpoint holds.

  Args:
    path: its prefix, one of its files, or a folder that holds it.
    options: how to run.

  Raises:
    ParityError: there is none, it is damaged, or it goes by objects.
  """
  side = fulfilment.make_side("tf1", options or options_lib.Options())
  with contextlib.closing(side):
    return entries_lib.list_entries(side.read_checkpoint(os.path.abspath(path)))


def propose(
  path: str, target: str, *, options: Optional[options_lib.Options] = None
) -> checkpoint_lib.Mapping:
  """Lays a checkpoint and a case's port together.

  Args:
    path: as `read` takes it.
    target: the case file, as the command line names it.
    options: how to run.

  Raises:
    ParityError: as `read` does, or the port cannot be run.
  """
  options = options or options_lib.Options()
  side = fulfilment.make_side("tf2", options)
  with contextlib.closing(side):
    listing = entries_lib.list_entries(
      side.read_checkpoint(os.path.abspath(path))
    )
    facts = side.load(target).facts
    if not facts.has_tf2:
      raise errors.CaseError(
        f"{facts.name} has no tf2, so there is no port to map a checkpoint to;"
        " `parity checkpoint ls` lists what it holds."
      )
    seed = facts.seed if options.seed is None else options.seed
    recording = side.fulfil(
      request_lib.Request(side="tf2", mode="eager", seed=seed)
    )
  variables = [v for v in recording.variables if v.tracked]
  return lay_together(facts.name, listing, variables)


def lay_together(
  case: str,
  listing: checkpoint_lib.Listing,
  variables: List[recording_lib.VariableRecord],
) -> checkpoint_lib.Mapping:
  """Pairs the entries of a checkpoint with the variables of a port.

  Args:
    case: the case's name.
    listing: the checkpoint.
    variables: those that the port tracks, in creation order.
  """
  entries = {entry.name: entry for entry in listing.entries}
  found: Dict[str, str] = {}
  unfit: List[str] = []
  left: List[recording_lib.VariableRecord] = []
  for variable in variables:
    entry = entries.get(variable.tf1_name)
    if entry is None:
      left.append(variable)
      continue
    found[variable.name] = entry.name
    words = _misfit(variable, entry)
    if words:
      unfit.append(words)
  taken = set(found.values())
  free = [e for e in listing.of_kind("weight") if e.name not in taken]
  pairs = pairings.probable_pairs(
    entries_lib.weights_of(free),
    [dataclasses.replace(v, trainable=True) for v in left],
    is_order_known=listing.is_order_known,
  )
  proposals = tuple(
    checkpoint_lib.Proposal(
      variable=pair.tf2.name,
      entry=pair.tf1.name,
      certainty=pair.certainty,
      reason=pair.reason,
      variable_shape=tuple(pair.tf2.shape),
      entry_shape=tuple(pair.tf1.shape),
      turning=inventories.turning(tuple(pair.tf1.shape), tuple(pair.tf2.shape)),
    )
    for pair in pairs
  )
  names = {each.variable for each in proposals}
  used = {each.entry for each in proposals}
  return checkpoint_lib.Mapping(
    case=case,
    listing=listing,
    found=found,
    unfit=tuple(unfit),
    proposals=proposals,
    without_entry=tuple(v for v in left if v.name not in names),
    without_variable=tuple(e for e in free if e.name not in used),
  )


def _misfit(
  variable: recording_lib.VariableRecord, entry: checkpoint_lib.Entry
) -> str:
  """How a variable and the entry of its name do not fit; empty if they do."""
  if variable.shape == entry.shape and variable.dtype == entry.dtype:
    return ""
  turned = inventories.turning(entry.shape, tuple(variable.shape))
  return (
    f"{variable.name} is {variable.dtype} {list(variable.shape)}, its entry"
    f" {entry.name} {entry.dtype} {list(entry.shape)}"
    + (f", {turned}" if turned else "")
  )
