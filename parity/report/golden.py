"""What does a person at a terminal see of a golden, and of what changes in one?

Plain lines in the console's width, in ASCII, like a report's.
"""

from __future__ import annotations

from typing import Dict, List, Sequence, Tuple

from parity.records import changes as changes_lib
from parity.records import golden as golden_lib
from parity.records import recording as recording_lib
from parity.records import report as report_lib
from parity.records import request as request_lib
from parity.records import wording
from parity.report import figures
from parity.report import lines

_SHOWN = 10


def stage(request: request_lib.Request) -> str:
  """A Request in a few words.

  >>> stage(request_lib.Request("tf1", "graph", training=True))
  'graph, initial weights, training'
  """
  words = [request.mode, f"{request.weights} weights"]
  words.append("training" if request.training else "inference")
  if request.random != "num_random_ops":
    words.append(f"{request.random} seeds")
  if request.calls > 1:
    words.append(f"{request.calls} calls")
  if request.gradients:
    words.append("gradients")
  if request.train_steps:
    words.append(wording.count(request.train_steps, "update"))
  if request.trace:
    words.append("its ops")
  return ", ".join(words)


def size(count: int) -> str:
  """A size in bytes.

  >>> size(900), size(18637), size(230686720)
  ('900 bytes', '18.2 KiB', '220 MiB')
  """
  if count < 1024:
    return wording.count(count, "byte")
  value, units = float(count), ["KiB", "MiB", "GiB", "TiB"]
  for unit in units:
    value /= 1024
    if value < 1024 or unit == units[-1]:
      break
  return f"{figures.number(value)} {unit}"


def place(identity: recording_lib.Identity) -> str:
  """Where a side ran, as far as it shows in one line."""
  names = (("tensorflow", "TensorFlow"), ("python", "Python"))
  words = [
    f"{shown} {identity.versions[name]}"
    for name, shown in names
    if name in identity.versions
  ]
  words += [identity.device, f"numerics {identity.numerics}"]
  return f"{identity.cell}: {', '.join(words)}"


def summary(bundle: golden_lib.Bundle) -> str:
  """A golden in one line, as it is told once it is written."""
  golden = bundle.golden
  recordings = wording.count(len(golden.recordings), "recording")
  total = size(sum(file.size for file in bundle.files))
  return (
    f"{golden.case.name}: {golden.side} side, {recordings}, {total} in"
    f" {bundle.path}"
  )


def golden_lines(
  bundle: golden_lib.Bundle, *, width: int, verbosity: int = 0
) -> List[str]:
  """A golden, line by line.

  Args:
    bundle: what to show.
    width: of the terminal.
    verbosity: 0 what it holds, 1 also every tensor's name, shape and range.
  """
  golden = bundle.golden
  page = [f"{golden.case.name}  {bundle.path}"]
  rows: List[Tuple[str, str]] = [
    ("side", golden.side),
    ("case", golden.case.path or "made in a program"),
    ("where", place(golden.identity)),
    ("seed", str(golden.seed)),
  ]
  identity = golden.identity
  rows += [
    ("versions", _listed(identity.versions)),
    ("switches", _listed(identity.switches) or "none set"),
    ("cpu", identity.cpu or "unknown"),
  ]
  rows += [("note", note) for note in golden.notes]
  for label, text in rows:
    page += lines.wrapped(
      text, width=width, indent=f"  {label:<10}", hanging=" " * 12
    )
  page.append("")
  for recording in golden.recordings:
    page += _recording(recording, width=width, verbosity=verbosity)
  page.append("")
  page += [
    f"  {file.name:<20} {size(file.size):>10}  sha256 {file.sha256[:16]}"
    for file in bundle.files
  ]
  return page


def _listed(entries: Dict[str, str]) -> str:
  return ", ".join(f"{name} {entries[name]}" for name in sorted(entries))


def _recording(
  recording: recording_lib.Recording, *, width: int, verbosity: int
) -> List[str]:
  drawn = sum(op.value is not None for op in recording.random_ops)
  counts = [
    (len(recording.variables), "variable"),
    (len(recording.outputs), "output"),
    (len(recording.losses), "regularisation loss"),
    (len(recording.random_ops), "random op"),
    (len(recording.gradients), "gradient"),
    (len(recording.steps), "update"),
    (len(recording.trace.ops) if recording.trace else 0, "op"),
  ]
  text = ", ".join(_counted(count, noun) for count, noun in counts if count)
  if drawn:
    text += f" ({drawn} with what it drew)"
  page = lines.wrapped(
    f"{stage(recording.request)}: {text}",
    width=width,
    indent="  ",
    hanging="    ",
  )
  if verbosity > 0:
    page += [f"    {line}" for line in _tensors(recording)]
  return page


def _counted(count: int, noun: str) -> str:
  if count != 1 and noun.endswith("loss"):
    return f"{count} {noun}es"
  return wording.count(count, noun)


def _tensors(recording: recording_lib.Recording) -> List[str]:
  found = [f"input    {n} {_array(a)}" for n, a in recording.inputs.items()]
  for variable in recording.variables:
    kind = "trainable" if variable.trainable else "fixed"
    found.append(
      f"variable {variable.name} {list(variable.shape)} {variable.dtype} {kind}"
    )
  found += [f"output   {o.path} {_array(o.value)}" for o in recording.outputs]
  found += [f"loss     {x.name} {_array(x.value)}" for x in recording.losses]
  for op in recording.random_ops:
    of = f" for {op.variable}" if op.variable else ""
    found.append(f"random   {op.op_type} {list(op.shape)} {op.name}{of}")
  return found


def _array(value: object) -> str:
  shape, dtype = getattr(value, "shape", ()), getattr(value, "dtype", "")
  text = f"{list(shape)} {dtype}"
  if getattr(dtype, "kind", "") == "f" and getattr(value, "size", 0):
    low, high = value.min(), value.max()  # type: ignore[attr-defined]
    text += f" {figures.number(low)} to {figures.number(high)}"
  return text


def changes_lines(
  changes: changes_lib.Changes, *, width: int, verbosity: int = 0
) -> List[str]:
  """What would change in a golden, line by line.

  Args:
    changes: what to show.
    width: of the terminal.
    verbosity: 0 the largest changes of each recording, 1 all of them.
  """
  if changes.unreadable is not None:
    text = f"The golden that is there cannot be read: {changes.unreadable}"
    return lines.wrapped(text, width=width)
  page: List[str] = []
  for text in changes.identity:
    page += lines.labelled("where", text, width=width)
  for request in changes.added:
    page.append(f"added   {stage(request)}")
  for request in changes.removed:
    page.append(f"removed {stage(request)}")
  for recording in changes.recordings:
    page += _changed(recording, width=width, verbosity=verbosity)
  return page or ["Nothing changes."]


def _changed(
  change: changes_lib.RecordingChange, *, width: int, verbosity: int
) -> List[str]:
  head = stage(change.request)
  pairs = wording.count(len(change.comparisons), "tensor")
  if not change.changed and not change.remarks:
    return [f"same    {head}: {pairs}, bit-equal"]
  page = [f"changed {head}: {len(change.changed)} of {pairs}"]
  for remark in change.remarks:
    page += lines.wrapped(remark, width=width, indent="  ")
  ordered = sorted(change.changed, key=figures.size, reverse=True)
  shown = ordered if verbosity > 0 else ordered[:_SHOWN]
  page += [f"  {_pair(pair)}" for pair in shown]
  if len(shown) < len(ordered):
    page.append(f"  ... {len(ordered) - len(shown)} more, see -v")
  return page


def _pair(pair: report_lib.Comparison) -> str:
  words: Sequence[str] = [figures.status(pair)]
  if pair.max_abs is not None:
    words = [f"max abs {figures.number(pair.max_abs)}"]
    if pair.times_tolerance is not None:
      words = [*words, figures.times(pair.times_tolerance)]
    if pair.max_ulp is not None:
      words = [*words, figures.ulps(pair.max_ulp)]
  return f"{pair.kind:<8} {pair.name}: {', '.join(words)}"
