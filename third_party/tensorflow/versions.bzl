"""The cells: every pair of Python and TensorFlow that parity is proved on.

This is the only place that holds a version number of TensorFlow. Bazel loads
it; Python reads it with `ast.literal_eval` (parity/cells.py), so both values
must stay plain literals: no calls, no names, no concatenation.

Order is the order of TensorFlow's releases: "since tf2.8" means that row and
those below it. After a change run `nox -s lock`; a test fails until you did.

Each row:
  python: the minor version of Python.
  tensorflow: the requirement that names TensorFlow.
  requirements: what TensorFlow's own metadata forgets or leaves too open.
  floating: packages that no lock pins, because their builds vanish from the
    registry; they are resolved when the environment is made.
  why: what this cell proves that its neighbours don't.
  gates: whether a failure here stops a change.
"""

DEFAULT_CELL = "tf2.21"

CELLS = {
    "tf1.15": {
        "python": "3.7",
        "tensorflow": "tensorflow==1.15.5",
        "requirements": ["numpy<1.19", "protobuf<3.21"],
        "floating": [],
        "why": "the genuine TF1.x",
        "gates": True,
    },
    "tf2.8": {
        "python": "3.9",
        "tensorflow": "tensorflow==2.8.4",
        "requirements": ["numpy<2", "protobuf<3.21"],
        "floating": [],
        "why": "first with the guide's tools",
        "gates": True,
    },
    "tf2.12": {
        "python": "3.10",
        "tensorflow": "tensorflow==2.12.1",
        "requirements": [],
        "floating": [],
        "why": "Keras optimizers rewritten (2.11)",
        "gates": True,
    },
    "tf2.15": {
        "python": "3.11",
        "tensorflow": "tensorflow==2.15.1",
        "requirements": ["tf_keras==2.15.1"],
        "floating": [],
        "why": "last with Keras 2 inside",
        "gates": True,
    },
    "tf2.16": {
        "python": "3.11",
        "tensorflow": "tensorflow==2.16.2",
        "requirements": ["tf_keras==2.16.0"],
        "floating": [],
        "why": "Keras 3",
        "gates": True,
    },
    "tf2.21": {
        "python": "3.12",
        "tensorflow": "tensorflow==2.21.0",
        "requirements": ["tf_keras==2.21.0"],
        "floating": [],
        "why": "newest release",
        "gates": True,
    },
    "nightly": {
        "python": "3.13",
        "tensorflow": "tf-nightly>=2.22.0.dev0",
        "requirements": [
            "tf-keras-nightly>=2.22.0.dev0",
            "keras-nightly>=3.0.0.dev0",
        ],
        "floating": ["tf-nightly", "tf-keras-nightly", "keras-nightly"],
        "why": "what comes; its failure is a warning unless asked",
        "gates": False,
    },
}
