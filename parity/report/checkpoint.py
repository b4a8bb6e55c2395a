"""What does a person at a terminal see of a checkpoint, and of its mapping?

Plain lines in ASCII. What is to be pasted into a case stands by itself at the
end, and is Python.
"""

from __future__ import annotations

from typing import Dict, List, Sequence, Tuple

from parity.records import checkpoint as checkpoint_lib
from parity.records import wording
from parity.report import lines

_NOUNS = {"slot": "slot", "average": "moving average", "counter": "counter"}


def listing_lines(listing: checkpoint_lib.Listing) -> List[str]:
  """A line a variable with what belongs to it, then the counters."""
  parts = _parts(listing)
  rows = [
    (
      entry.name,
      str(list(entry.shape)),
      entry.dtype,
      ", ".join(parts.get(entry.name, [])),
    )
    for entry in listing.of_kind("weight", "counter")
  ]
  order = "in the order of creation" if listing.is_order_known else "by name"
  return [
    f"{listing.path}",
    *lines.wrapped(f"{_counted(listing)}, {order}", width=100, indent="  "),
    "",
    *_table(rows),
  ]


def _counted(listing: checkpoint_lib.Listing) -> str:
  words = [wording.count(len(listing.of_kind("weight")), "variable")]
  for kind, noun in _NOUNS.items():
    found = listing.of_kind(kind)
    if found:
      words.append(wording.count(len(found), noun))
  return ", ".join(words)


def _parts(listing: checkpoint_lib.Listing) -> Dict[str, List[str]]:
  """What belongs to each entry, in words."""
  found: Dict[str, List[str]] = {}
  for entry in listing.of_kind("slot", "average"):
    assert entry.owner is not None
    noun = "average" if entry.kind == "average" else "slot"
    scope = entry.name[: -len(f"{entry.owner}/{entry.part}")].strip("/")
    below = f" in {scope}" if scope else ""
    found.setdefault(entry.owner, []).append(f"{noun} {entry.part}{below}")
  # A slot of a slot belongs to the variable at the root.
  for entry in listing.of_kind("slot", "average"):
    assert entry.owner is not None
    found.setdefault(entry.owner, []).extend(found.pop(entry.name, []))
  return found


def _table(rows: Sequence[Tuple[str, ...]]) -> List[str]:
  if not rows:
    return []
  widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
  return [
    "  "
    + "  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip()
    for row in rows
  ]


def mapping_lines(mapping: checkpoint_lib.Mapping, *, width: int) -> List[str]:
  """What is found, what is proposed, what fits nowhere, what to paste."""
  total = (
    len(mapping.found) + len(mapping.proposals) + len(mapping.without_entry)
  )
  title = (
    f"{mapping.case}: {wording.count(total, 'variable')} in the port;"
    f" {_counted(mapping.listing)} in {mapping.listing.path}"
  )
  text = [title, f"  {len(mapping.found)} found their entry by name"]
  straight = [each for each in mapping.proposals if not each.turning]
  turned = [each for each in mapping.proposals if each.turning]
  text += _listed("of another shape or dtype than their entry", mapping.unfit)
  text += _listed(
    "proposed, by shape, order and name",
    [_proposal(each) for each in straight],
  )
  text += _listed(
    "with the entry's sizes in another order, which no renaming mends",
    [
      f"{each.variable} {list(each.variable_shape)} is {each.entry}"
      f" {list(each.entry_shape)}, {each.turning} ({each.certainty}:"
      f" {each.reason})"
      for each in turned
    ],
  )
  text += _listed(
    "of the port without an entry, left at their initial values",
    [f"{v.name} {v.dtype} {list(v.shape)}" for v in mapping.without_entry],
  )
  text += _listed(
    "of the checkpoint without a variable in the port",
    [f"{e.name} {e.dtype} {list(e.shape)}" for e in mapping.without_variable],
  )
  wrapped = [
    line
    for each in text
    for line in lines.wrapped(
      each.strip(),
      width=width,
      indent=" " * (len(each) - len(each.lstrip())),
      hanging=" " * (len(each) - len(each.lstrip()) + 2),
    )
  ]
  return [*wrapped, "", *rename_lines(mapping)]


def _listed(title: str, items: Sequence[str]) -> List[str]:
  if not items:
    return []
  return [f"  {len(items)} {title}:", *(f"    {item}" for item in items)]


def _proposal(each: checkpoint_lib.Proposal) -> str:
  return f"{each.variable} is {each.certainty} {each.entry} ({each.reason})"


def rename_lines(mapping: checkpoint_lib.Mapping) -> List[str]:
  """The dict to paste into the case, with what it renames already."""
  known = [
    f"    {variable!r}: {entry!r},"
    for variable, entry in mapping.found.items()
    if variable != entry
  ]
  sure = {
    "certain": "",
    "likely": "  # likely",
    "possible": "  # possible only",
  }
  proposed = [
    f"    {each.variable!r}: {each.entry!r},"
    + sure[each.certainty]
    + (f", and {each.turning}" if each.turning else "")
    for each in mapping.proposals
    if each.certainty != "certain" or each.variable != each.entry
  ]
  if not proposed:
    if mapping.is_complete:
      return ["Nothing is to be renamed: every variable has its entry."]
    return ["There is nothing to propose for `rename`."]
  return [
    "Put this into the case, once it is right:",
    "",
    "  rename={",
    *known,
    *proposed,
    "  },",
  ]


def _remark(each: checkpoint_lib.Proposal) -> str:
  words = [] if each.certainty == "certain" else [each.certainty]
  words += [each.turning] if each.turning else []
  return f"  # {', '.join(words)}" if words else ""
