"""In what do two places differ where a case ran? All that can change a number.

What is here is no proof of a cause: it is what to look at first when the same
Request gave other numbers in two places.
"""

from __future__ import annotations

from typing import List, Mapping, Tuple

from parity.records import recording as recording_lib

_SHOWN = {
  "keras": "Keras",
  "numpy": "NumPy",
  "python": "Python",
  "tensorflow": "TensorFlow",
}


def differences(
  reference: recording_lib.Identity, other: recording_lib.Identity
) -> Tuple[str, ...]:
  """Each difference in words: `TensorFlow 1.15.5 -> 2.21.0`.

  >>> left = recording_lib.Identity(versions={"tensorflow": "1.15.5"})
  >>> right = recording_lib.Identity(versions={"tensorflow": "2.21.0"})
  >>> differences(left, right)
  ('TensorFlow 1.15.5 -> 2.21.0',)
  """
  found = _entries(reference.versions, other.versions, absent="none")
  found += _entries(reference.switches, other.switches, absent="unset")
  if reference.versions.get("tensorflow") == other.versions.get("tensorflow"):
    found += _field("build", reference.build, other.build)
  found += _field("device", reference.device, other.device)
  found += _field("CPU", reference.cpu, other.cpu)
  found += _field("numerics", reference.numerics, other.numerics)
  return tuple(found)


def _entries(
  left: Mapping[str, str], right: Mapping[str, str], *, absent: str
) -> List[str]:
  names = sorted(set(left) | set(right), key=lambda n: (n != "tensorflow", n))
  return [
    line
    for name in names
    for line in _field(
      _SHOWN.get(name, name), left.get(name, absent), right.get(name, absent)
    )
  ]


def _field(name: str, left: str, right: str) -> List[str]:
  return [] if left == right else [f"{name} {left} -> {right}"]
