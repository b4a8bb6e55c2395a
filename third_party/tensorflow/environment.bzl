"""How does a cell's environment come into Bazel? As an interpreter's name.

A repository of this rule holds one Python runtime. When it is asked for, and
not before, `dev.py environment` builds the cell's environment from its lock
(the same that nox uses), below ~/.cache/parity/environments or where the
variable PARITY_ENVIRONMENTS says. The environment's tens of thousands of files
are no inputs of any test. Instead the interpreter is a small program that finds
it by name; the name comes of the lock and of the release of Python, so results
are kept as long as those stay, on whatever machine.
"""

# What says where environments and interpreters lie.
_VARIABLES = ["HOME", "PARITY_ENVIRONMENTS", "PYENV_ROOT", "XDG_CACHE_HOME"]

_INTERPRETER = """\
#!/usr/bin/env bash
# The Python of cell {cell}, wherever this machine keeps it.
home=~
store=${{PARITY_ENVIRONMENTS:-${{XDG_CACHE_HOME:-$home/.cache}}/parity/environments}}
if ! folder=$(cd -P "$store/by-lock/{name}" 2>/dev/null && pwd); then
  echo "The environment of cell {cell} is not there: $store/by-lock/{name}." \\
    "\\`bazel fetch --force\\` builds it; a machine that runs tests for others" \\
    "needs it in its image." >&2
  exit 1
fi
exec "$folder/bin/python" "$@"
"""

_BUILD = """\
load("@rules_python//python:defs.bzl", "py_runtime_pair")

py_runtime(
    name = "runtime",
    interpreter = ":python",
    python_version = "PY3",
)

py_runtime_pair(
    name = "runtimes",
    py3_runtime = ":runtime",
    visibility = ["//visibility:public"],
)

exports_files(["python"])
"""

def _environment_impl(rctx):
    python = rctx.which("python3")
    if not python:
        fail("Python 3.9 or later is needed to build environments, and there " +
             "is no python3 on PATH.")
    version = rctx.attr.python.replace(".", "_")
    for variable in _VARIABLES + ["PARITY_PYTHON_" + version]:
        rctx.getenv(variable)
    rctx.watch(rctx.attr.table)
    rctx.watch(rctx.attr.lock)
    rctx.report_progress("building the environment of cell " + rctx.attr.cell)
    done = rctx.execute(
        [
            python,
            rctx.path(rctx.attr.program),
            "environment",
            rctx.attr.cell,
            "--lock",
            rctx.path(rctx.attr.lock),
        ],
        timeout = 3600,
    )
    if done.return_code:
        fail("\n%s%s" % (done.stdout, done.stderr))
    made = json.decode(done.stdout.strip().split("\n")[-1])

    # It is built again when somebody deletes it.
    rctx.watch(made["folder"] + "/pyvenv.cfg")
    rctx.file(
        "python",
        _INTERPRETER.format(cell = rctx.attr.cell, name = made["name"]),
    )
    rctx.file("BUILD.bazel", _BUILD)

_ATTRIBUTES = {
    "cell": attr.string(mandatory = True),
    "lock": attr.label(allow_single_file = True, mandatory = True),
    "program": attr.label(default = "//:dev.py"),
    "python": attr.string(mandatory = True),
    "table": attr.label(default = "//third_party/tensorflow:versions.bzl"),
}

environment = repository_rule(
    doc = "The Python runtime of a cell.",
    implementation = _environment_impl,
    attrs = _ATTRIBUTES,
)

# No lock says what is newest, so it asks again whenever Bazel's server starts.
floating_environment = repository_rule(
    doc = "The Python runtime of a cell whose packages no lock pins.",
    implementation = _environment_impl,
    attrs = _ATTRIBUTES,
    local = True,
)
