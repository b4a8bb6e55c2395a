"""Which records does a test need, without running a model?

Makers with sensible defaults: a test names only the fields it is about. What
they make is what the pipeline makes, so nothing of ours is mocked.

>>> make_report(make_check("random_inference", "fail")).verdict
'fail'
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, Optional, Sequence, Tuple

import numpy as np

from parity.checks import check as check_lib
from parity.records import dataflow
from parity.records import facts as facts_lib
from parity.records import golden as golden_lib
from parity.records import recording as recording_lib
from parity.records import report as report_lib
from parity.records import request as request_lib
from parity.records import vocabulary


def make_identity(**changes: Any) -> recording_lib.Identity:
  """Where a side ran: the default cell on a CPU."""
  identity = recording_lib.Identity(
    cell="tf2.21",
    versions={
      "python": "3.12.1",
      "tensorflow": "2.21.0",
      "keras": "3.15.1",
      "tf_keras": "2.21.0",
      "numpy": "2.4.6",
    },
    build="v2.21.0-rc1",
    cpu="x86-64 avx2 fma",
    switches={"oneDNN": "on", "TF32": "off"},
  )
  return dataclasses.replace(identity, **changes)


def make_facts(**changes: Any) -> facts_lib.CaseFacts:
  """A case with both sides and nothing else."""
  return dataclasses.replace(facts_lib.CaseFacts(name="my_model"), **changes)


def make_request(side: str = "tf1", **changes: Any) -> request_lib.Request:
  """One inference run of a side in its natural mode."""
  mode = {"tf1": "graph", "tf2": "eager"}[side]
  request = request_lib.Request(side=side, mode=mode)
  return dataclasses.replace(request, **changes)


def make_variable(
  name: str = "net/fc/kernel",
  shape: Tuple[int, ...] = (4, 3),
  *,
  fill: Optional[float] = None,
  **changes: Any,
) -> recording_lib.VariableRecord:
  """A trainable float32 variable; its values follow from its name.

  Args:
    name: its own name, and its tf1-side name.
    shape: its shape.
    fill: every value; None for distinct values that the name decides.
    **changes: other fields of VariableRecord.
  """
  if fill is None:
    seed = sum(name.encode("utf-8"))
    value = np.random.RandomState(seed).normal(size=shape).astype(np.float32)
  else:
    value = np.full(shape, fill, dtype=np.float32)
  variable = recording_lib.VariableRecord(
    name=name,
    tf1_name=name,
    shape=shape,
    dtype="float32",
    trainable=True,
    source="model.py:12",
    initial=value,
    final=value,
  )
  return dataclasses.replace(variable, **changes)


def make_output(
  path: str = "logits", value: Any = (1.0, 2.0, 3.0), **changes: Any
) -> recording_lib.OutputRecord:
  """An output; a `value` that is no array becomes a float32 one."""
  if not isinstance(value, np.ndarray):
    value = np.asarray(value, dtype=np.float32)
  output = recording_lib.OutputRecord(path=path, value=value, order=0)
  return dataclasses.replace(output, **changes)


def make_random_op(
  op_type: str = "RandomUniform", **changes: Any
) -> recording_lib.RandomOpRecord:
  """An aligned random op of the forward pass."""
  op = recording_lib.RandomOpRecord(
    index=0,
    op_type=op_type,
    name=f"net/{op_type}",
    shape=(2, 3),
    dtype="float32",
    op_seed=0,
    source="model.py:21",
  )
  return dataclasses.replace(op, **changes)


def make_recording(
  side: str = "tf1", **changes: Any
) -> recording_lib.Recording:
  """One variable, one output; a `request` or any other field may be given."""
  recording = recording_lib.Recording(
    request=make_request(side),
    identity=make_identity(),
    inputs={"x": np.ones((2, 4), dtype=np.float32)},
    variables=(make_variable(),),
    outputs=(make_output(),),
    seconds=0.5,
  )
  return dataclasses.replace(recording, **changes)


def make_evidence(
  tf1: recording_lib.Recording, tf2: recording_lib.Recording, **facts: Any
) -> check_lib.Evidence:
  """What a check judges: one recording a side, and the case's facts."""
  plan = check_lib.Plan(tf1=tf1.request, tf2=tf2.request)
  recordings = {tf1.request: tf1, tf2.request: tf2}
  return check_lib.Evidence(make_facts(**facts), plan, recordings)


def make_golden(
  *recordings: recording_lib.Recording, **changes: Any
) -> golden_lib.Golden:
  """A golden of the case `my_model`; none: of one tf1-side recording."""
  recordings = recordings or (make_recording(),)
  golden = golden_lib.Golden(
    case=facts_lib.CaseFacts(name="my_model", path="my_model_parity.py"),
    side=recordings[0].request.side,
    recordings=recordings,
  )
  return dataclasses.replace(golden, **changes)


def make_comparison(
  name: str = "logits", status: str = "within", **changes: Any
) -> report_lib.Comparison:
  """A pair of float32 tensors of shape (4, 5) with figures for its status."""
  comparison = report_lib.Comparison(
    kind="output",
    name=name,
    status=status,
    reference_shape=(4, 5),
    other_shape=(4, 5),
    reference_dtype="float32",
    other_dtype="float32",
  )
  figures: Dict[str, Dict[str, Any]] = {
    "equal": {
      "elements": 20,
      "max_abs": 0.0,
      "max_rel": 0.0,
      "max_ulp": 0.0,
      "rms": 0.0,
      "times_tolerance": 0.0,
    },
    "within": {
      "elements": 20,
      "max_abs": 4.1e-8,
      "max_rel": 2.4e-7,
      "max_ulp": 3.0,
      "rms": 1.2e-8,
      "times_tolerance": 0.00404,
      "worst_index": (2, 3),
      "worst_reference": 0.131675,
      "worst_other": 0.13167504,
      "worst_allowed": 1.0131675e-05,
    },
    "beyond": {
      "elements": 20,
      "mismatched": 1,
      "max_abs": 0.01,
      "max_rel": 0.0821,
      "max_ulp": 839204.0,
      "rms": 0.0022,
      "times_tolerance": 988.0,
      "passing_atol": 0.00999987,
      "worst_index": (2, 3),
      "worst_reference": 0.121675015,
      "worst_other": 0.13167502,
      "worst_allowed": 1.0121675e-05,
    },
    "missing_other": {"other_shape": None, "other_dtype": None},
    "missing_reference": {"reference_shape": None, "reference_dtype": None},
    "shape": {"other_shape": (5, 4)},
    "dtype": {"other_dtype": "float64"},
  }
  return dataclasses.replace(comparison, **{**figures[status], **changes})


def make_where(**changes: Any) -> report_lib.Where:
  """An output, with an op and a source line on both sides."""
  where = report_lib.Where(
    output="logits",
    tf1=report_lib.Place(
      op="net/fc/MatMul",
      op_type="MatMul",
      scope="net/fc",
      source="legacy/model.py:31",
    ),
    tf2=report_lib.Place(
      op="net/fc/MatMul",
      op_type="MatMul",
      scope="net/fc",
      source="ported/model.py:20",
    ),
  )
  return dataclasses.replace(where, **changes)


def make_snippet(
  line: int = 31, text: str = "net = fc(x)"
) -> report_lib.Snippet:
  """Three lines, the middle one at `line`."""
  return report_lib.Snippet(line - 1, ("# before", text, "# after"))


def make_neighbourhood(setting: str = "x") -> dataflow.Neighbourhood:
  """An input and a variable that a MatMul uses, where the sides part."""
  roots = (
    dataflow.Node(0, "input", "x", shape=(4, 2), dtype="float32", twin=1),
    dataflow.Node(1, "variable", "net/fc/kernel", shape=(2, 5), twin=2),
  )
  op = dataflow.Node(
    2, "op", "MatMul", name="net/fc/MatMul", role="parts", inputs=(0, 1)
  )
  after = dataflow.Node(3, "op", "Relu", role="differs", inputs=(2,))
  return dataflow.Neighbourhood(
    tf1=(*roots, dataclasses.replace(op, settings=(f"a={setting}",)), after),
    tf2=(*roots, dataclasses.replace(op, settings=("a=y",)), after),
  )


def make_depth(count: int = 6) -> Tuple[dataflow.DepthPoint, ...]:
  """So many ops, of which the second half lies behind a divergence."""
  return tuple(
    dataflow.DepthPoint(
      order=i,
      op="net/fc/MatMul" if i == count // 2 else f"net/op{i}",
      op_type="Relu",
      error=0.0 if i == 0 else 1e-7 if i < count // 2 else 0.1,
      noise=2e-7,
      match="value" if i < count // 2 else "behind",
    )
    for i in range(count)
  )


def make_illustrated_finding(**changes: Any) -> report_lib.Finding:
  """A finding with the lines and the ops around it."""
  where = make_where()
  where = dataclasses.replace(
    where,
    tf1=dataclasses.replace(where.tf1, snippet=make_snippet(31)),
    tf2=dataclasses.replace(where.tf2, snippet=make_snippet(20)),
  )
  changes = {
    "where": where,
    "neighbourhood": make_neighbourhood(),
    "details": ("one more line",),
    **changes,
  }
  return make_finding("constant", **changes)


def make_finding(cause: str = "unknown", **changes: Any) -> report_lib.Finding:
  """A root cause at `make_where()`."""
  finding = report_lib.Finding(
    cause=cause,
    message="logits is the first output that differs.",
    hint="Look at what makes it on both sides.",
    where=make_where(),
    max_abs=0.01,
    max_rel=0.0821,
    max_ulp=839204.0,
  )
  return dataclasses.replace(finding, **changes)


def make_check(
  name: str = "random_inference", status: str = "pass", **changes: Any
) -> report_lib.CheckResult:
  """A row that fits its status: a pair, and a finding or a reason."""
  fitting: Dict[str, Dict[str, Any]] = {
    "pass": {"comparisons": (make_comparison(),)},
    "fail": {
      "comparisons": (make_comparison(status="beyond"),),
      "findings": (make_finding(),),
    },
    "skip": {"reason": "the port is not a Keras layer", "seconds": 0.0},
    "error": {"reason": "the tf2 worker was killed (signal 9)"},
  }
  check = report_lib.CheckResult(name=name, status=status, seconds=1.25)
  return dataclasses.replace(check, **{**fitting[status], **changes})


def make_report(
  *checks: report_lib.CheckResult, **changes: Any
) -> report_lib.Report:
  """A report whose verdict follows from its checks; none: two that pass."""
  if not checks:
    checks = (make_check("variables_match"), make_check("random_inference"))
  report = report_lib.Report(
    case="my_model",
    verdict=_verdict(checks),
    checks=checks,
    tf1=make_identity(),
    tf2=make_identity(),
    path="my_model_parity.py",
    seconds=12.3,
  )
  return dataclasses.replace(report, **changes)


def _verdict(checks: Sequence[report_lib.CheckResult]) -> str:
  statuses = {check.status for check in checks}
  for check in checks:
    if check.name not in vocabulary.CHECKS:
      raise ValueError(f"{check.name!r} is not one of the contract's checks.")
  for verdict in ("fail", "error"):
    if verdict in statuses:
      return verdict
  return "pass"
