"""How is a matrix written for programs? As `parity.matrix/1`.

`verdict`, `reference`, `cells` (each with its case reports as
`parity.report/1`), `left_out`, `seconds`.
"""

from __future__ import annotations

from typing import Any, Dict

from parity.records import matrix as matrix_lib
from parity.report import json as json_report

SCHEMA = "parity.matrix/1"


def matrix_to_plain(matrix: matrix_lib.Matrix) -> Dict[str, Any]:
  """A matrix of dicts, lists, text and finite numbers."""
  return {
    "schema": SCHEMA,
    "verdict": matrix.verdict,
    "reference": matrix.reference,
    "seconds": matrix.seconds,
    "entries": [
      {
        "target": entry.target,
        "cell": entry.cell,
        "side": entry.side,
        "gates": entry.gates,
        "tensorflow": entry.tensorflow,
        "report": json_report.report_to_plain(entry.report),
      }
      for entry in matrix.entries
    ],
    "left_out": [
      {"cell": out.cell, "reason": out.reason} for out in matrix.left_out
    ],
  }
